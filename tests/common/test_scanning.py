"""Where the site has a virus scanner, nothing is kept that it did not look at."""

import socket
import struct
from threading import Thread

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from common.errors import Refused
from common.files.uploads import check, check_photo
from tests.fixtures.photos import taken

EICAR = b"X5O!P%@AP[4"


def served(listener: socket.socket, received: list[bytes]) -> None:
    """A clamd that knows one virus."""
    while True:
        try:
            asking, _ = listener.accept()
        except OSError:
            return
        with asking, asking.makefile("rb") as stream:
            assert stream.read(10) == b"zINSTREAM\0"
            data = b""
            while size := struct.unpack("!L", stream.read(4))[0]:
                data += stream.read(size)
            received.append(data)
            said = b"stream: Eicar FOUND" if EICAR in data else b"stream: OK"
            asking.sendall((b"size limit exceeded. ERROR" if b"huge" in data else said) + b"\0")


@pytest.fixture(params=["unix", "tcp"])
def scanner(request, settings, tmp_path):
    """What the scanner was sent."""
    if request.param == "unix":
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(str(tmp_path / "clamd"))
        listener.listen()
        settings.CLAMD_ADDRESS = str(tmp_path / "clamd")
    else:
        listener = socket.create_server(("127.0.0.1", 0))
        settings.CLAMD_ADDRESS = f"127.0.0.1:{listener.getsockname()[1]}"
    received: list[bytes] = []
    Thread(target=served, args=(listener, received), daemon=True).start()
    yield received
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()


def paper(content: bytes = b"") -> SimpleUploadedFile:
    return SimpleUploadedFile("名单.pdf", pdf(content))


def pdf(content: bytes) -> bytes:
    return b"%PDF-1.4\n" + content + b"\n%%EOF\n"


def test_a_file_is_looked_at_whole_before_it_is_kept(scanner):
    content = b"x" * 200_000
    assert check(paper(content)).size == len(pdf(content))
    assert scanner == [pdf(content)]
    check_photo(taken())
    assert scanner[1] == taken().read()


def test_a_file_in_which_something_is_found_is_refused(scanner):
    with pytest.raises(Refused, match=r"“名单\.pdf”里查出病毒，文件没有接收，请先杀毒再传。"):
        check(paper(EICAR))
    with pytest.raises(Refused, match="里查出病毒"):
        check_photo(SimpleUploadedFile("路灯.jpg", taken().read() + EICAR))


def test_a_file_the_scanner_could_not_look_at_is_not_taken(scanner, caplog):
    with pytest.raises(Refused, match="没能检查病毒"):
        check(paper(b"huge"))
    assert "could not look at a file" in caplog.text


def test_while_the_scanner_is_away_no_file_is_taken_and_the_log_says_so(settings, tmp_path, caplog):
    settings.CLAMD_ADDRESS = str(tmp_path / "nobody")
    with pytest.raises(Refused, match="暂时不能检查病毒，文件没有接收，请过一会儿再传。"):
        check(paper())
    assert "the virus scanner does not answer: No such file" in caplog.text


def test_a_site_without_a_scanner_asks_nobody(settings):
    settings.CLAMD_ADDRESS = ""
    assert check(paper()).size == len(pdf(b""))
