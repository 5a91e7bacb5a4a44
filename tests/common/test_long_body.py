"""Half a gigabyte sent to a form is refused in words; it reaches neither memory nor disk,
and what was typed stays.
"""

import tempfile
import tracemalloc
from itertools import count
from types import SimpleNamespace

import pytest

from common.files import bounded_body
from progress.models import Evidence

ADDRESS = "/staff/reports/wp2013-18/2013-2/"
BOUNDARY = "edge"
HALF_A_GIGABYTE = 500 * 1024 * 1024


def field(name: str, value: str) -> bytes:
    return (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
    )


def file_head(name: str, file: str) -> bytes:
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"; filename="{file}"\r\n'
    return f"{head}Content-Type: video/mp4\r\n\r\n".encode()


class Endless:
    """A body that begins as given and goes on with zeros; nobody ever holds the whole of it."""

    def __init__(self, begin: bytes, size: int):
        self.begin, self.size, self.read_so_far = begin, size, 0

    def read(self, asked: int) -> bytes:
        given = self.begin[:asked]
        self.begin = self.begin[asked:]
        given += bytes(max(min(asked, self.size - self.read_so_far) - len(given), 0))
        self.read_so_far += len(given)
        return given

    def readline(self, size: int = -1):
        raise NotImplementedError("nobody reads a body by lines")


@pytest.fixture
def send(client, office):
    office.save()
    client.force_login(office.people.reporter)

    def send(body: Endless, address: str = ADDRESS):
        kind = f"multipart/form-data; boundary={BOUNDARY}"
        sent = {"wsgi.input": body, "CONTENT_LENGTH": str(body.size), "CONTENT_TYPE": kind}
        return client.request(REQUEST_METHOD="POST", PATH_INFO=address, **sent)

    return send


def typed_and_a_film(size: int) -> Endless:
    words = field("version", "1") + field("narrative", "写好的话。") + field("caption", "现场录像")
    return Endless(words + file_head("files", "现场.mp4"), size)


def test_half_a_gigabyte_is_refused_in_words_and_what_was_typed_stays(send):
    page = send(typed_and_a_film(HALF_A_GIGABYTE)).content.decode()
    assert "一次要传 500 MB，太大，文件没有接收" in page
    assert "写好的话。" in page
    assert "现场录像" in page
    assert not Evidence.objects.exists()


def test_a_body_over_the_limit_is_read_to_its_end_but_kept_nowhere(send, tmp_path, monkeypatch):
    """A browser shows the answer only when it could send everything."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    body = typed_and_a_film(HALF_A_GIGABYTE)
    tracemalloc.start()
    send(body)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert body.read_so_far == HALF_A_GIGABYTE
    assert peak < 10_000_000
    assert list(tmp_path.iterdir()) == []


def test_a_body_over_the_limit_that_comes_too_slowly_is_not_read_to_its_end(send, monkeypatch):
    """Each look at the clock is a quarter of the time that is given."""
    looks = count(step=bounded_body.DRAIN_SECONDS / 4)
    monkeypatch.setattr(bounded_body, "time", SimpleNamespace(monotonic=lambda: next(looks)))
    body = typed_and_a_film(HALF_A_GIGABYTE)
    assert "文件没有接收" in send(body).content.decode()
    assert body.read_so_far < 1_000_000


def test_a_body_over_the_limit_is_read_no_further_than_the_drain_limit(send):
    body = typed_and_a_film(bounded_body.MAX_DRAINED + 1)
    assert "文件没有接收" in send(body).content.decode()
    assert body.read_so_far < 1_000_000


def test_a_body_of_a_signed_out_sender_is_drained_no_further_than_the_limit(send, client):
    client.logout()
    body = Endless(file_head("files", "a.mp4"), bounded_body.MAX_DRAINED + 1)
    assert send(body).status_code == 403
    assert body.read_so_far < 1_000_000


def test_a_body_within_the_limit_passes_as_it_is(send):
    paper = file_head("files", "a.pdf") + b"%PDF-1.4\n%%EOF\n"
    begin = (
        field("version", "1")
        + field("narrative", "写好的话。")
        + paper
        + f"\r\n--{BOUNDARY}--\r\n".encode()
    )
    assert send(Endless(begin, len(begin))).status_code == 302
    assert Evidence.objects.get().name == "a.pdf"


def test_a_list_of_people_too_long_to_be_read_is_refused_too(send, client, people):
    client.force_login(people.administrator)
    page = send(
        Endless(file_head("file", "名单.xlsx"), HALF_A_GIGABYTE), "/admin/departments/user/add/"
    )
    assert "文件太大" in page.content.decode()
