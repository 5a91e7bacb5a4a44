"""The web server's file as it is shipped, before a web process that only says what it was asked.

Ports, folders and the certificate are those of the test; every other line is the shipped one.
"""

import http.client
import json
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from types import SimpleNamespace
from typing import ClassVar

import pytest

from common.files.bounded_body import MAX_BODY
from common.rest import SENTENCES
from demo.bench.proxy import NGINX, SHIPPED, adapted, nginx_before, trusting
from demo.bench.servers import free_port
from public.kept_pages import KEPT_HEADERS

pytestmark = pytest.mark.skipif(NGINX is None, reason="nginx is not installed")
SLOW = 50
# On loopback every number is an address: what one test asks counts against no other.
SCHOOL, SLOW_SENDER, HASTY_READER, HASTY_PROGRAM = (f"127.0.0.{last}" for last in (7, 8, 9, 10))
FREE_NOW = "/after-half-a-second/"
KEPT = "/kept/"
GONE = "closes-without-a-word/"


class Echo(BaseHTTPRequestHandler):
    """Answers with the method, the headers and the length of what was sent."""

    def answer(self):
        if self.path.endswith(GONE):
            self.close_connection = True
            return
        if self.path == FREE_NOW:
            time.sleep(0.5)
        self.asked.append(self.path)
        sent = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        said = {"method": self.command, "headers": dict(self.headers), "length": len(sent)}
        self.send_response(200)
        if self.path.startswith(KEPT):
            # In the order of the portal, where what browsers are told comes first.
            for header in KEPT_HEADERS.items():
                self.send_header(*header)
            self.send_header("X-Accel-Expires", f"@{int(time.time())}")
            self.send_header("Vary", "Accept-Encoding, Cookie")
        if self.path.endswith("token/"):
            self.send_header("Set-Cookie", "csrftoken=x")
        self.end_headers()
        self.wfile.write(json.dumps(said).encode())

    asked: ClassVar[list[str]] = []
    do_GET = do_POST = do_TRACE = answer  # noqa: N815

    def log_message(self, *_args):
        pass


class Portal(ThreadingHTTPServer):
    request_queue_size = 128


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """`ask(method, path, body, headers)` over HTTPS through nginx, and how to reach it."""
    folder = tmp_path_factory.mktemp("nginx")
    echo = Portal(("127.0.0.1", 0), Echo)
    Thread(target=echo.serve_forever, daemon=True).start()
    plain, tls = free_port(), free_port()
    (folder / "static" / "css").mkdir(parents=True)
    for name in ("site.css", "site.0123456789ab.css"):
        (folder / "static" / "css" / name).write_text("main { color: black }")
    (folder / "secret.txt").write_text("not for the public")
    text = adapted(folder, web=echo.server_port, http_port=plain, https_port=tls)
    try:
        with nginx_before(folder, text, tls):
            yield SimpleNamespace(
                plain=plain, tls=tls, ask=lambda *what, **how: ask(tls, *what, **how)
            )
    finally:
        echo.shutdown()
        echo.server_close()


def connected(port: int, source: str = "127.0.0.1") -> http.client.HTTPSConnection:
    return http.client.HTTPSConnection(
        "127.0.0.1", port, context=trusting(), timeout=10, source_address=(source, 0)
    )


def ask(port: int, method: str, path: str, body: bytes = b"", source="127.0.0.1", **headers: str):
    """(status, headers, body) of one request."""
    connection = connected(port, source)
    try:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, body or None, named)
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read()
    finally:
        connection.close()


def test_a_caller_cannot_say_where_it_comes_from(served):
    claims = {"X_Forwarded_For": "1.2.3.4", "X_Forwarded_Proto": "http", "X_Forwarded_Host": "a.b"}
    status, _, body = served.ask("GET", "/tasks/", **claims)
    got = json.loads(body)["headers"]
    assert status == 200
    assert got["X-Forwarded-For"] == "127.0.0.1"
    assert got["X-Forwarded-Proto"] == "https"
    assert "X-Forwarded-Host" not in got


def test_without_https_one_is_led_there(served):
    connection = http.client.HTTPConnection("127.0.0.1", served.plain, timeout=10)
    connection.request("GET", "/tasks/?q=1")
    answer = connection.getresponse()
    assert answer.status == 301
    assert answer.headers["Location"] == "https://127.0.0.1/tasks/?q=1"
    connection.close()


def test_trace_reaches_nobody(served):
    status, _, body = served.ask("TRACE", "/tasks/")
    assert status == 405
    assert b'"method"' not in body


def said_plainly(port: int, request: bytes) -> tuple[int, str]:
    """(status, page) of an answer to bytes that no program for pages would send."""
    with (
        socket.create_connection(("127.0.0.1", port), 10) as raw,
        trusting().wrap_socket(raw) as line,
    ):
        line.sendall(request)
        answer = http.client.HTTPResponse(line)
        answer.begin()
        return answer.status, answer.read().decode()


@pytest.mark.parametrize(
    ("request_bytes", "status", "words"),
    [
        (b"GET /\x00 HTTP/1.1\r\nHost: a\r\n\r\n", 400, "没有看懂这个请求"),
        (b"GET / HTTP/1.1\r\n\r\n", 400, "没有看懂这个请求"),
        (b"GET / HTTP/1.1\r\nHost: a\r\nCookie: " + b"a" * 9000, 400, "没有看懂这个请求"),
        (b"GET /" + b"a" * 9000 + b" HTTP/1.1\r\n", 414, "地址太长"),
        (b"TRACE / HTTP/1.1\r\nHost: a\r\n\r\n", 405, "这里不能这样访问"),
        (b"POST /static/css/site.css HTTP/1.1\r\nHost: a\r\n\r\n", 405, "这里不能这样访问"),
        (b"GET /static/none.css HTTP/1.1\r\nHost: a\r\n\r\n", 404, "没有找到"),
        (b"GET /static/css/ HTTP/1.1\r\nHost: a\r\n\r\n", 404, "没有找到"),
    ],
)
def test_what_never_reaches_the_portal_is_answered_in_chinese(served, request_bytes, status, words):
    got, page = said_plainly(served.tls, request_bytes)
    assert (got, f"<h1>{words}</h1>" in page) == (status, True)
    assert "nginx" not in page


@pytest.mark.parametrize(
    ("path", "megabytes", "status"),
    [
        ("/tasks/", 2, 413),
        ("/feedback/new/check/", 21, 200),
        ("/staff/reports/", 104, 200),
        ("/staff/reports/", 106, 413),
    ],
)
def test_a_body_too_large_is_refused_in_chinese_before_the_portal(served, path, megabytes, status):
    got, headers, body = served.ask("POST", path, b"x" * (megabytes << 20))
    assert got == status
    assert "Retry-After" not in headers
    assert ("文件太大" in body.decode()) is (status == 413)


def test_static_files_are_served_here_and_kept_as_their_name_allows(served):
    for name, kept in [
        ("site.css", "public, max-age=300"),
        ("site.0123456789ab.css", "public, max-age=31536000, immutable"),
    ]:
        status, headers, body = served.ask("GET", f"/static/css/{name}")
        assert (status, headers["Cache-Control"]) == (200, kept)
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Content-Type"] == "text/css"
        assert body.startswith(b"main")
    for way_out in ("/static/../secret.txt", "/static/%2e%2e/secret.txt", "/static../secret.txt"):
        assert b"not for the public" not in served.ask("GET", way_out)[2]


def test_what_the_portal_takes_is_what_is_let_through_to_it():
    assert f"client_max_body_size {MAX_BODY >> 20}m;" in (SHIPPED / "portal.conf").read_text()


def test_a_school_behind_one_address_opens_a_slow_page_at_once(served):
    with ThreadPoolExecutor(60) as pupils:
        answers = list(
            pupils.map(lambda _: served.ask("GET", FREE_NOW, source=SCHOOL)[0], range(60))
        )
    assert answers == [200] * 60


def test_fifty_slow_connections_are_held_while_pages_answer(served):
    context, slow = trusting(), []
    beginnings = [b"GET /tasks/ HTTP/1.1\r\nHost: portal.example\r\nX-Slow: ", b""]
    beginnings[1] = b"POST /feedback/new/ HTTP/1.1\r\nHost: a\r\nContent-Length: 900000\r\n\r\nx"
    try:
        for number in range(SLOW):
            plain = socket.create_connection(("127.0.0.1", served.tls), 10, (SLOW_SENDER, 0))
            one = context.wrap_socket(plain)
            one.sendall(beginnings[number % 2])
            slow.append(one)
        began = time.monotonic()
        answers = [served.ask("GET", "/tasks/", source=SLOW_SENDER)[0] for _ in range(20)]
        assert answers == [200] * 20
        assert time.monotonic() - began < 5
    finally:
        for one in slow:
            one.close()


@pytest.mark.parametrize(
    ("path", "source", "words"),
    [
        ("/tasks/", HASTY_READER, "打开得太快"),
        ("/api/v1/tasks/", HASTY_PROGRAM, f'{{"detail": "{SENTENCES[429]}"}}'),
    ],
)
def test_a_burst_beyond_all_reading_is_refused_in_chinese(served, path, source, words):
    connection = connected(served.tls, source)
    answers = []
    for _ in range(300):
        connection.request("GET", path)
        answer = connection.getresponse()
        answers.append((answer.status, answer.headers, answer.read().decode()))
    connection.close()
    status, headers, page = next(answer for answer in answers if answer[0] != 200)
    assert [answer[0] for answer in answers[:50]] == [200] * 50
    assert (status, headers["Retry-After"]) == (429, "60")
    assert words in page


@pytest.mark.parametrize(
    ("room", "kind", "words"),
    [
        ("/", "text/html", "网站暂时不能使用"),
        ("/api/v1/", "application/json", f'{{"detail": "{SENTENCES[503]}"}}'),
    ],
)
def test_while_the_portal_is_away_it_is_said_in_chinese(served, room, kind, words):
    status, headers, page = served.ask("GET", room + GONE)
    assert (status, headers["Content-Type"], headers["Retry-After"]) == (502, kind, "60")
    assert words in page.decode()


def early_in_a_second() -> None:
    """What is kept ends with its second."""
    while time.time() % 1 > 0.3:
        time.sleep(0.02)


def asked_of_the_portal(served, path: str, *readers: dict[str, str]) -> int:
    Echo.asked.clear()
    early_in_a_second()
    for headers in readers:
        assert served.ask("GET", path, **headers)[0] == 200
    return Echo.asked.count(path)


def test_a_page_that_may_be_kept_is_asked_for_once_a_second(served):
    assert asked_of_the_portal(served, "/kept/1/", *[{}] * 5) == 1
    assert asked_of_the_portal(served, "/api/v1/x/", *[{}] * 2) == 2
    assert asked_of_the_portal(served, "/kept/2/", {}) == 1
    until = int(time.time()) + 1
    while time.time() < until:
        time.sleep(0.02)
    assert served.ask("GET", "/kept/2/")[0] == 200
    assert Echo.asked.count("/kept/2/") == 2


@pytest.mark.parametrize(
    ("readers", "times"),
    [
        ([{"Cookie": "text_size=large"}, {"Cookie": "text_size=xlarge"}, {}], 3),
        ([{"Cookie": "text_size=made-up"}, {"Cookie": "other=1"}, {}], 1),
        ([{"Accept_Encoding": "gzip, deflate, br"}, {"Accept_Encoding": "br"}], 1),
        ([{"Accept_Encoding": "gzip"}, {"Accept_Encoding": "gzip;q=0, br;q=0"}], 2),
        ([{"Cookie": "__Host-sessionid=x"}] * 3, 3),
        ([{}, {"Cookie": "messages=x"}, {}], 2),
    ],
)
def test_a_kept_page_goes_only_to_whom_it_fits(served, readers, times):
    path = f"/kept/{abs(hash(str(readers)))}/"
    assert asked_of_the_portal(served, path, *readers) == times


def test_a_page_that_says_nothing_about_keeping_is_not_kept(served):
    assert asked_of_the_portal(served, "/tasks/only-for-this-test/", {}, {}) == 2


def test_a_page_with_the_token_of_a_form_is_not_kept(served):
    assert asked_of_the_portal(served, "/kept/token/", {}, {}) == 2


def test_a_request_has_one_number_here_and_in_the_portal(served):
    got = json.loads(served.ask("GET", "/tasks/")[2])["headers"]
    assert len(got["X-Request-ID"]) == 32
