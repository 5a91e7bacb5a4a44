"""The web process as it is shipped, with nothing in front of it, and what strangers send it."""

import http.client
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing

import pytest

from tests.fixtures.web_service import web_service

# Two signs that stack on the one before: putting many in order takes the square of their number.
MARKS = "\u0315\u0300" * 100_000
TOKEN = "a" * 32
BOUNDARY = "boundary-of-the-form"


pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def web_process(units, tmp_path, request):
    """The port of a web process of its own on a copy of this database. `request.param`: further
    options.
    """
    with web_service(tmp_path, *getattr(request, "param", ())) as port:
        yield port


def ask(port: int, method: str, path: str, body: bytes = b"", **headers: str) -> tuple[int, float]:
    """(status, seconds) of one request."""
    began = time.monotonic()
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=30)) as asked:
        asked.request(method, path, body or None, headers)
        answer = asked.getresponse()
        answer.read()
        return answer.status, time.monotonic() - began


def form(**fields: str) -> bytes:
    parts = [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    ]
    return ("".join(parts) + f"--{BOUNDARY}--\r\n").encode()


HALF_A_HEAD = b"GET /tasks/ HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Half: "
HALF_A_BODY = (
    b"POST /feedback/track/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 900000\r\n"
    b"Content-Type: application/x-www-form-urlencoded\r\n\r\nnumber=1"
)


@pytest.mark.parametrize("web_process", [("--workers", "1")], indirect=True)
def test_half_sent_requests_give_their_threads_back(web_process):
    """One worker, so that it is known whose threads are taken: four threads, five halves."""
    with ExitStack() as held:
        for half in (HALF_A_HEAD, HALF_A_BODY, HALF_A_HEAD, HALF_A_BODY, HALF_A_HEAD):
            one = held.enter_context(socket.create_connection(("127.0.0.1", web_process), 10))
            one.sendall(half)
        assert ask(web_process, "GET", "/healthz")[0] == 200


def test_stacked_marks_sent_twice_keep_no_page_waiting(web_process):
    body = form(csrfmiddlewaretoken=TOKEN, number=MARKS, code="A")
    assert len(body) > 400_000
    headers = {
        "Content-Type": f"multipart/form-data; boundary={BOUNDARY}",
        "Cookie": f"csrftoken={TOKEN}",
    }
    with ThreadPoolExecutor(2) as strangers:
        sent = [
            strangers.submit(ask, web_process, "POST", "/feedback/track/", body, **headers)
            for _ in range(2)
        ]
        # A page that is made for each reader.
        pages = [ask(web_process, "GET", "/search/?q=1") for _ in range(20)]
        answers = [one.result() for one in sent]
    assert {status for status, _ in pages} == {200}
    assert max(seconds for _, seconds in pages) < 1
    assert {status for status, _ in answers} <= {200, 400}
    assert max(seconds for _, seconds in answers) < 5
