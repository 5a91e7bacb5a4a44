"""Files that take long to make: braked for each address, made two at a time, counted in memory."""

import re
from threading import Event, Semaphore, Thread

import pytest
from django.core.cache import caches
from django.core.cache.backends.locmem import LocMemCache
from django.db import connection
from django.http import HttpResponse
from django.test import Client, RequestFactory

from common.security.heavy_files import AT_ONCE, WAITING, heavy_file
from tests.fixtures.routes import plain, routes

BULLETIN = "/quarters/2013-2/circular.xlsx"
FILE = re.compile(r"\.(xlsx|docx|zip|jsonl?|csv|pdf)$")
# Kept as they were published, and only read from the table.
FROZEN = re.compile(r"year-end/<year:year>\.json$|/r\(\?P<revision>.*\.json$")
BRAKES = {
    "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
    "LOCATION": "brakes of these tests",
}


class ReadOnlyCache(LocMemCache):
    """What reading may do with the cache that all processes share."""

    def set(self, *args, **kwargs):
        raise AssertionError("a page that is read writes into the shared cache")

    add = set_many = delete = incr = set


@pytest.fixture
def brakes(settings):
    settings.CACHES = settings.CACHES | {"brakes": BRAKES}
    caches["brakes"].clear()
    settings.FILES_A_MINUTE = 3


def test_every_file_that_is_made_for_its_reader_is_braked():
    made = [
        (route, getattr(view.callback, "is_heavy_file", False))
        for route, view in routes()
        if FILE.search(route.replace("\\", ""))
    ]
    unbraked = [route for route, heavy in made if not heavy]
    assert len(made) >= 13
    assert all(FROZEN.search(route.replace("\\", "")) for route in unbraked)
    assert len(unbraked) == 2


def test_one_address_waits_after_some_files_and_its_pages_go_on(brakes, white_paper, client):
    answers = [client.get("/tasks/export.xlsx") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert "请过1分钟再试" in answers[-1].content.decode()
    assert 0 < int(answers[-1]["Retry-After"]) <= 60
    assert client.get("/dashboard/recount.json").status_code == 429
    assert client.get("/tasks/").status_code == 200
    assert client.get("/tasks/export.xlsx", REMOTE_ADDR="10.9.8.7").status_code == 200


def test_two_files_are_made_at_a_time_one_waits_and_others_are_told():
    go_on, told, making = Event(), Semaphore(0), []

    @heavy_file
    def slow(request):
        making.append(request)
        most.append(len(making))
        go_on.wait(10)
        making.remove(request)
        return HttpResponse("made")

    def ask():
        answers.append(answer := slow(RequestFactory().get("/")))
        if answer.status_code == 503:
            told.release()

    answers, most = [], []
    threads = [Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for _ in range(8 - AT_ONCE - WAITING):
        assert told.acquire(timeout=10)
    go_on.set()
    for thread in threads:
        thread.join(10)
    assert sorted(answer.status_code for answer in answers) == [200] * 3 + [503] * 5
    assert max(most) == AT_ONCE
    refused = next(answer for answer in answers if answer.status_code == 503)
    assert int(refused["Retry-After"]) == 30
    assert "请过半分钟再试" in refused.content.decode()


def test_a_file_that_fails_leaves_its_place_to_the_next():
    @heavy_file
    def failing(request):
        raise LookupError("no such row")

    request = RequestFactory().get("/")
    for _ in range(5):
        with pytest.raises(LookupError, match="no such row"):
            failing(request)


@pytest.mark.both
def test_nothing_that_a_visitor_reads_writes(brakes, settings, white_paper):
    settings.FILES_A_MINUTE = 1000
    settings.CACHES = settings.CACHES | {
        "default": {"BACKEND": "tests.common.test_heavy_files.ReadOnlyCache"}
    }
    written, client = [], Client()

    def note(execute, sql, params, many, context):
        if not sql.lstrip(" (").startswith(("SELECT", "SAVEPOINT", "RELEASE", "PRAGMA")):
            written.append(sql)
        return execute(sql, params, many, context)

    addresses = [at for at in plain(routes()) if not at.startswith(("/staff/", "/admin/"))]
    addresses += ["/tasks/wp2013-18/", "/plans/wp2013/", "/departments/anjianju/"]
    with connection.execute_wrapper(note):
        answers = {at: client.get(at) for at in addresses}
        for answer in answers.values():
            list(answer.streaming_content) if answer.streaming else None
    assert written == []
    assert len([at for at, answer in answers.items() if answer.status_code == 200]) > 25
