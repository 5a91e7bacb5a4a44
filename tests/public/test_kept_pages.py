"""Public pages are made once and kept, and nobody reads an old one or somebody else's."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import time_machine
from django.core.cache import caches
from django.core.cache.backends.base import InvalidCacheBackendError
from django.db import transaction
from django.http import HttpResponse
from django.test import Client, RequestFactory

from common.security.throttling import Tally
from common.serving import packing
from common.serving.packing import PackedBytes
from common.serving.store import AnswerStore, KeptAnswer
from ledger.actions import Actor, LedgerEvent, append
from ledger.public_version import read_version
from public import kept_pages
from publishing.models import Publication
from tests.fixtures.kept import ask, keep_pages, unpacked
from tests.fixtures.people import NOW
from tests.fixtures.published import LAW, everything_published, take_down

TASK, API, LIST = "/tasks/wp2013-18/", "/api/v1/tasks/", "/tasks/"
LOC_MEM = "django.core.cache.backends.locmem.LocMemCache"


@pytest.fixture(scope="module")
def site(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        yield everything_published()
        transaction.set_rollback(True)


@pytest.fixture
def store(site, db, monkeypatch) -> AnswerStore:
    return keep_pages(monkeypatch)


@pytest.mark.parametrize(
    "address",
    ["/", LIST, TASK, "/plans/wp2013/document/", "/dashboard/", "/quarters/2013-2/", API,
     "/feedback/", "/ledger/", "/data/", "/tasks/export.xlsx", "/plans/wp2013/source.txt"],
)  # fmt: skip
def test_what_was_made_once_is_not_made_again(address, store, django_assert_num_queries):
    first = ask(address)
    with django_assert_num_queries(1):
        second = ask(address)
    assert (second.content, second.status_code) == (first.content, 200)
    assert second["ETag"] == first["ETag"]


@pytest.mark.parametrize("encoding", ["br", "gzip", ""])
def test_an_encoding_has_its_own_etag_and_whoever_has_the_bytes_gets_none(encoding, store):
    made, kept = ask(TASK, encoding), ask(TASK, encoding)
    assert made.get("Content-Encoding", "") == kept.get("Content-Encoding", "") == encoding
    assert unpacked(kept) == unpacked(made) == ask(TASK).content
    again = ask(TASK, encoding, **{"if-none-match": f'"other", W/{kept["ETag"]}'})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", kept["ETag"])
    assert {ask(TASK, other)["ETag"] for other in ("br", "gzip", "")} > {kept["ETag"]}
    assert ask(TASK, encoding, **{"if-none-match": '"other"'}).status_code == 200


def test_caches_on_the_way_are_told_what_an_answer_depends_on_and_to_ask_each_time(store):
    answer = ask(TASK, "br")
    assert {"Accept-Encoding", "Cookie"} <= set(answer["Vary"].split(", "))
    assert answer["Cache-Control"] == "public, max-age=0, must-revalidate"
    with time_machine.travel("2026-12-01T10:00:00.900+08:00", tick=False):
        assert ask(TASK, "br")["X-Accel-Expires"] == "@1796090400"
    assert "default-src 'self'" in answer["Content-Security-Policy"]


def test_head_tells_the_size_of_what_is_kept_and_sends_nothing(store):
    made = ask(TASK)
    told = Client().head(TASK)
    assert (told.content, told["Content-Length"]) == (b"", str(len(made.content)))
    assert told["ETag"] == made["ETag"]


def test_a_removal_is_seen_by_the_next_reader_of_every_page_that_told_of_it(site, store):
    addresses = [TASK, API, "/dashboard/", "/quarters/2013-2/", "/ledger/"]
    before = {address: ask(address).content for address in addresses}
    take_down(site, Publication.objects.current().get(task__code="wp2013-18"))
    assert [address for address in addresses if ask(address).content == before[address]] == []
    assert LAW in ask(TASK).content.decode()


def test_what_changes_nothing_in_public_throws_no_page_away(store, django_assert_num_queries):
    pages, record = ask(TASK).content, ask("/ledger/").content
    looked = LedgerEvent("see_contact", "ticket", "ZX1", public=False, affects_public=False)
    append([looked], by=Actor(), at=NOW)
    with django_assert_num_queries(1):
        assert ask(TASK).content == pages
    assert ask("/ledger/").content != record


def test_the_version_is_raised_by_each_event_that_calls_for_it_and_never_stands_still(db):
    seen = [read_version().stamp]
    for public, affects in ((True, False), (False, True), (True, True)):
        event = LedgerEvent("open", "period", "x", public=public, affects_public=affects)
        append([event, LedgerEvent("sign", "report", "x", public=False, affects_public=False)],
               by=Actor(), at=NOW)  # fmt: skip
        seen.append(read_version().stamp)
    assert len(set(seen)) == 4


def test_a_page_during_which_something_was_published_is_made_again(store):
    """Half of it would be old."""
    calls = []

    def view(request):
        calls.append(request.path)
        if len(calls) == 1:
            append([LedgerEvent("release", "period", "x")], by=Actor(), at=NOW)
        return HttpResponse(f"<p>{len(calls)}")

    answer = asked_of(view)
    assert (answer.content, len(calls)) == (b"<p>2", 2)
    assert asked_of(view).content == b"<p>2"


def test_a_page_that_never_finds_a_quiet_moment_is_answered_and_not_kept(store):
    calls = []

    def view(request):
        calls.append(request.path)
        append([LedgerEvent("release", "period", "x")], by=Actor(), at=NOW)
        return HttpResponse("<p>busy")

    assert asked_of(view).content == b"<p>busy"
    assert (len(calls), store.size) == (kept_pages.TRIES, 0)


def asked_of(view, address: str = "/dashboard/", **headers):
    return kept_pages.keep_public_pages(view)(RequestFactory().get(address, **headers))


@pytest.mark.parametrize("cookie", ["sessionid", "messages"])
def test_who_has_a_page_of_their_own_gets_and_leaves_no_kept_one(cookie, store, site):
    kept = ask(TASK)
    client = Client()
    client.cookies[cookie] = "x"
    own = ask(TASK, client=client)
    assert "ETag" not in own
    assert "ETag" in kept
    client.force_login(site.people.reporter)
    assert ask(TASK, client=client)["Cache-Control"] == "private"


def test_a_reader_of_large_type_gets_large_type(store):
    client = Client()
    client.cookies["text_size"] = "xlarge"
    assert b'data-text="standard"' in ask(TASK).content
    assert b'data-text="xlarge"' in ask(TASK, client=client).content
    assert b'data-text="standard"' in ask(TASK).content


def test_a_page_with_the_token_of_a_form_is_neither_kept_nor_packed(store):
    for _ in range(2):
        answer = ask("/feedback/track/", "br, gzip")
        assert "csrfmiddlewaretoken" in answer.content.decode()
        assert "ETag" not in answer
        assert "Content-Encoding" not in answer
    assert store.size == 0


@pytest.mark.parametrize(
    "query", ["?q=公厕", "?plan=wp2013&q=", "?plan=wp2013&plan=wp2013", "?nonsense=1",
              f"?plan={'x' * 300}"]
)  # fmt: skip
def test_of_queries_without_end_none_is_kept(query, store):
    ask(f"{LIST}{query}", "gzip")
    assert store.size == 0


def test_a_choice_of_filters_is_kept_and_packed_search_is_only_packed(store):
    assert "ETag" in ask(f"{LIST}?plan=wp2013&page=1")
    found = ask("/search/?q=培训", "gzip")
    assert found["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in found["Vary"]
    assert "培训" in unpacked(found).decode()


def test_errors_are_not_kept(store):
    assert ask("/tasks/nothing/").status_code == 404
    assert ask(f"{API}?nonsense=1").status_code == 400
    assert store.size == 0


def test_a_new_day_has_new_pages(store):
    with time_machine.travel("2013-12-31T23:59:30+08:00", tick=False) as clock:
        ask(TASK)
        size = store.size
        clock.shift(60)
        ask(TASK)
    assert store.size > size


def test_the_brake_of_the_interface_counts_what_was_kept(store, settings, monkeypatch):
    settings.CACHES = settings.CACHES | {"brakes": {"BACKEND": LOC_MEM, "LOCATION": "kept"}}
    few = Tally("api", 60, {"address": 3}, "brakes")
    monkeypatch.setattr("common.security.throttling.API", few)
    answers = [ask(API) for _ in range(5)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429, 429]
    assert int(answers[-1]["Retry-After"]) > 0
    assert ask(LIST).status_code == 200


def test_memory_is_bounded_and_what_was_asked_for_longest_ago_goes_first():
    store = AnswerStore(10 * 20_000)
    for number in range(40):
        store.put(str(number), kept(b"%d" % number, size=16_000))
        store.get("0")
    assert store.size <= store.capacity
    assert store.get("0") is not None
    assert store.get("1") is None
    assert store.get("39") is not None


def test_an_answer_that_is_put_again_or_too_large_takes_no_more_room():
    store = AnswerStore(200_000)
    for content in (b"one", b"other"):
        store.put("1", kept(content, size=16_000))
    assert store.size < 21_000
    store.put("huge", kept(b"x", size=store.capacity))
    assert store.get("huge") is None
    assert (store.size, store.get("1").body.size) == (20_000, 16_000)


def kept(content: bytes, *, size: int = 0) -> KeptAnswer:
    return KeptAnswer({}, PackedBytes({"": content}, {"": '"x"'}, size or len(content)))


def test_after_a_release_one_reader_makes_a_page_and_the_others_wait_for_it(monkeypatch):
    keep_pages(monkeypatch)
    monkeypatch.setattr(kept_pages, "read_version", lambda: kept_pages.Version("1", 1))
    made, gate = [], threading.Event()

    def view(request):
        made.append(request.path)
        gate.wait(2)
        return HttpResponse("<p>made")

    with ThreadPoolExecutor(4) as pool:
        asked = [pool.submit(asked_of, view) for _ in range(4)]
        gate.set()
        assert {answer.result().content for answer in asked} == {b"<p>made"}
    assert made == ["/dashboard/"]


@pytest.fixture
def shared(settings) -> None:
    pages = {"BACKEND": LOC_MEM, "LOCATION": "shared-pages"}
    settings.CACHES = settings.CACHES | {"pages": pages}
    caches["pages"].clear()


def test_a_page_one_process_made_is_found_by_the_others(shared):
    one, other = AnswerStore(1_000_000), AnswerStore(1_000_000)
    assert one.get("key") is None
    one.put("key", kept(b"made"))
    assert other.get("key").body.bodies == {"": b"made"}
    caches["pages"].clear()
    assert other.get("key") is not None


def test_a_page_another_process_makes_is_waited_for(shared):
    one, other = AnswerStore(1_000_000), AnswerStore(1_000_000)
    assert not one.is_made_elsewhere("key")
    threading.Timer(0.1, one.put, ["key", kept(b"made")]).start()
    assert other.is_made_elsewhere("key")
    assert other.get("key").body.bodies == {"": b"made"}


@pytest.mark.parametrize("fault", [ConnectionError, InvalidCacheBackendError])
def test_a_shared_store_that_is_away_costs_no_reader_a_page(store, monkeypatch, fault):
    class Away:
        def __getitem__(self, name):
            raise fault

    monkeypatch.setattr("common.serving.store.caches", Away())
    assert ask(TASK).content == ask(TASK).content
    assert store.size > 0


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip;q=1.0, br;q=0", "gzip"),
        ("GZIP", "gzip"),
        ("br;q=0.000, gzip;q=0", ""),
        ("identity", ""),
        ("", ""),
    ],
)
def test_a_reader_gets_the_smallest_encoding_they_take(accepted, encoding):
    assert packing.taken_encoding(accepted) == encoding


def test_without_brotli_there_is_gzip(monkeypatch):
    monkeypatch.setattr(packing, "ENCODINGS", ("gzip",))
    assert PackedBytes.of(b"x" * 1000, "text/html").best("br, gzip") == "gzip"


def test_what_is_packed_already_or_too_small_is_sent_as_it_is():
    assert PackedBytes.of(b"x" * 9000, "image/png").best("gzip") == ""
    assert PackedBytes.of(b"x" * 90, "text/html").best("gzip") == ""
