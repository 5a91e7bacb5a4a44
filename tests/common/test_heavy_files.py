"""Files that take long to make: braked for each address, made two at a time, counted in memory."""

import inspect
import re
from threading import Event, Semaphore, Thread

import pytest
from django.core.cache import caches
from django.http import HttpResponse, StreamingHttpResponse
from django.test import Client, RequestFactory

from common.security.heavy_files import AT_ONCE, WAITING, heavy_file
from tests.fixtures.reading import only_reading
from tests.fixtures.routes import plain, routes

BULLETIN = "/quarters/2013-2/circular.xlsx"
FILE = re.compile(r"\.(xlsx|docx|zip|jsonl?|csv|pdf)$")
# Handed out as they were uploaded: nothing is made.
STORED = {
    "evidence/<row:pk>/",
    "staff/changes/<row:pk>/paper/",
    "staff/evidence/<row:pk>/original/",
    "staff/releases/<slug:slug>/<year:year>-<quarter:quarter>/approval/",
    "staff/slips/files/<row:pk>/",
}
# Kept as they were published, and only read from the table.
FROZEN = re.compile(r"year-end/<year:year>\.json$|/r\(\?P<revision>.*\.json$")
BRAKES = {
    "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
    "LOCATION": "brakes of these tests",
}


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


def test_every_view_that_answers_with_a_file_is_braked_or_hands_out_a_stored_one():
    """Whatever its address looks like."""
    files = {
        route
        for route, view in routes()
        if re.search(r"FileResponse|StreamingHttp", str(inspect.signature(view.callback)))
        and not getattr(view.callback, "is_heavy_file", False)
    }
    assert files == STORED


def test_one_address_waits_after_some_files_and_its_pages_go_on(brakes, white_paper, client):
    answers = [client.get("/tasks/export.xlsx") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert "请过1分钟再试" in answers[-1].content.decode()
    assert 0 < int(answers[-1]["Retry-After"]) <= 60
    assert client.get("/dashboard/recount.json").status_code == 429
    assert client.get("/tasks/").status_code == 200
    assert client.get("/tasks/export.xlsx", REMOTE_ADDR="10.9.8.7").status_code == 200


def test_an_office_behind_one_address_waits_for_no_colleague(brakes, people, white_paper, client):
    for person in (people.reporter, people.colleague):
        client.force_login(person)
        answers = [client.get("/tasks/export.xlsx").status_code for _ in range(4)]
        assert answers == [200, 200, 200, 429]
    client.logout()
    assert client.get("/tasks/export.xlsx").status_code == 200


def test_what_is_written_row_by_row_is_made_before_others_get_their_turn():
    making = []

    def rows():
        for number in range(3):
            making.append(number)
            yield f"{number}\n"

    @heavy_file
    def table(request):
        return StreamingHttpResponse(rows())

    answer = table(RequestFactory().get("/"))
    assert making == [0, 1, 2]
    assert answer["Content-Length"] == "6"
    assert answer.getvalue() == b"0\n1\n2\n"
    answer.close()


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
    client = Client()
    addresses = [at for at in plain(routes()) if not at.startswith(("/staff/", "/admin/"))]
    addresses += ["/tasks/wp2013-18/", "/plans/wp2013/", "/departments/anjianju/"]
    with only_reading() as written:
        answers = {at: client.get(at) for at in addresses}
        for answer in answers.values():
            list(answer.streaming_content) if answer.streaming else None
    assert written == []
    assert len([at for at, answer in answers.items() if answer.status_code == 200]) > 25
