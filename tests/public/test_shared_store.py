"""With CACHE_URL the processes of all machines share pages and counts, in a store that is tried
here by the protocol of Redis.
"""

from threading import Thread

import pytest
from django.core.cache import caches
from fakeredis import TcpFakeServer

from common.security.throttling import Tally, Throttle
from common.serving.packing import PackedBytes
from common.serving.store import AnswerStore, KeptAnswer
from public import kept_pages
from tests.fixtures.kept import ask, keep_pages
from yantian_portal.settings import shared_caches

PAGE = KeptAnswer({"Content-Type": "text/html"}, PackedBytes.of(b"<p>made" * 200, "text/html"))


@pytest.fixture(scope="module")
def address():
    server = TcpFakeServer(("127.0.0.1", 0), server_type="redis")
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"redis://127.0.0.1:{server.server_address[1]}/0"
    server.shutdown()
    server.server_close()


@pytest.fixture
def shared(address, settings):
    settings.CACHES = shared_caches(address)
    caches["pages"].clear()
    yield settings
    for name in settings.CACHES:
        caches[name].close()


def test_a_page_that_one_machine_made_is_found_by_another(shared):
    one, other = AnswerStore(1_000_000), AnswerStore(1_000_000)
    one.put("key", PAGE)
    assert other.get("key") == PAGE
    assert not one.is_made_elsewhere("other key")
    assert caches["pages"].add("x", 1)
    assert not caches["pages"].add("x", 1)


def test_counts_are_those_of_all_processes(shared):
    few = Tally("api", 60, {"address": 3}, "brakes")
    for _ in range(3):
        assert few.wait({"address": "10.0.0.1"}, 30.0) == 0
        few.count({"address": "10.0.0.1"}, 30.0)
    assert few.wait({"address": "10.0.0.1"}, 30.0) == 30
    assert few.wait({"address": "10.0.0.2"}, 30.0) == 0


def test_pages_of_another_build_or_site_are_not_those_of_this_one(shared, white_paper, monkeypatch):
    keep_pages(monkeypatch)
    kept_pages._build.cache_clear()
    assert ask("/tasks/").content == ask("/tasks/").content
    name = kept_pages._build()
    kept_pages._build.cache_clear()
    monkeypatch.setattr(kept_pages.settings, "SITE", {**kept_pages.settings.SITE, "name": "其他"})
    assert len(name) == 16
    assert kept_pages._build() != name
    kept_pages._build.cache_clear()


@pytest.fixture
def away(settings):
    """Nothing listens where the store should be."""
    settings.CACHES = shared_caches("redis://127.0.0.1:1/0")


def test_a_store_that_is_away_costs_no_reader_a_page(away, white_paper, monkeypatch):
    keep_pages(monkeypatch)
    first = ask("/tasks/")
    assert (first.status_code, ask("/tasks/").content) == (200, first.content)


@pytest.mark.parametrize("pages_are_kept", [True, False])
def test_while_the_counts_are_away_every_program_is_answered(
    away, white_paper, monkeypatch, pages_are_kept
):
    if pages_are_kept:
        keep_pages(monkeypatch)
    assert [ask("/api/v1/tasks/").status_code for _ in range(2)] == [200, 200]


def test_while_the_counts_are_away_a_file_is_made_and_no_brake_raises(away, white_paper):
    assert ask("/tasks/export.xlsx").status_code == 200
    throttle = Throttle("test", 60, {"address": 1}, {"address": 1}, store="brakes")
    for _ in range(3):
        throttle.count({"address": "10.0.0.1"}, 30.0)
        assert throttle.wait({"address": "10.0.0.1"}, 30.0) == 0
        assert throttle.wait_unchallenged({"address": "10.0.0.1"}, 30.0) == 0
