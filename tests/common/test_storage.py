"""No file lies on the disk that no row names:
one written in vain goes when its transaction is rolled back.
"""

import errno
import os
from pathlib import Path

import pytest
from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.db import transaction

from common.files.spooling import LargeFile
from feedback.models import Ticket
from progress.models import Evidence
from tests.fixtures.letter_form import CHECK, SEND, answers
from tests.fixtures.lists import PDF
from tests.fixtures.photos import carried, taken
from tests.fixtures.report_form import FORM

pytestmark = pytest.mark.both


@pytest.fixture(autouse=True)
def disk(settings, tmp_path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def full(monkeypatch) -> None:
    """The disk takes one piece of a file and no more."""

    def chunks(_file, chunk_size=None):
        yield b"%PDF-1.4 half of"
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(File, "chunks", chunks)


@pytest.fixture
def takes_letters(people, settings) -> None:
    """Somebody at both desks, and a telephone."""
    settings.SITE = settings.SITE | {"telephone": "0755-12345678"}


def fails_with(number: int) -> None:
    raise OSError(number, os.strerror(number))


def files(disk: Path) -> list[str]:
    return sorted(path.name for path in disk.rglob("*") if path.is_file())


def keep(name: str) -> None:
    default_storage.save(name, ContentFile(PDF))


@pytest.mark.django_db(transaction=True)
def test_a_file_written_before_a_rollback_goes_and_a_committed_one_stays(disk):
    with transaction.atomic():
        keep("committed.pdf")
    with transaction.atomic():
        keep("in_vain.pdf")
        assert files(disk) == ["committed.pdf", "in_vain.pdf"]
        transaction.set_rollback(True)
    keep("outside.pdf")
    assert files(disk) == ["committed.pdf", "outside.pdf"]


@pytest.mark.django_db(transaction=True)
def test_a_file_of_an_inner_rollback_goes_without_those_of_the_outer_transaction(disk):
    with transaction.atomic():
        keep("whole.pdf")
        with transaction.atomic():
            keep("part.pdf")
            transaction.set_rollback(True)
    assert files(disk) == ["whole.pdf"]


def test_a_file_refused_beside_another_is_not_left_on_the_disk(disk, client, office, typed_report):
    """The second of two is the first once more, so only the first is kept."""
    client.force_login(office.people.reporter)
    twice = [SimpleUploadedFile("签到.pdf", PDF), SimpleUploadedFile("再签到.pdf", PDF)]
    assert (
        "已经上传过了"
        in client.post(FORM, typed_report | {"files": twice, "save": ""}).content.decode()
    )
    assert Evidence.objects.count() == 1
    assert len(files(disk)) == 1


def test_a_full_disk_leaves_no_half_file(disk, full):
    with pytest.raises(OSError, match="No space left"):
        keep("half.pdf")
    assert files(disk) == []


def test_a_full_disk_deletes_no_file_of_the_same_name(disk, full):
    (disk / "a.pdf").write_bytes(PDF)
    with pytest.raises(OSError, match="No space left"):
        default_storage._save("a.pdf", ContentFile(PDF))
    assert "a.pdf" in files(disk)


def unguarded(client):
    """The client of a visitor, who sees the error page and not the error."""
    client.raise_request_exception = False
    return client


def test_a_report_sent_to_a_full_disk_is_answered_with_its_words(
    disk, full, client, office, typed_report
):
    client.force_login(office.people.reporter)
    sent = typed_report | {"files": [SimpleUploadedFile("签到.pdf", PDF)], "save": ""}
    response = unguarded(client).post(FORM, sent)
    page = response.content.decode()
    assert (response.status_code, response["Retry-After"]) == (503, "120")
    assert "刚才提交的内容没有保存" in page
    assert "完成培训4000人次，演练1次。下一步继续。" in page
    assert not Evidence.objects.exists()
    assert files(disk) == []


def test_a_letter_with_a_photo_sent_to_a_full_disk_is_answered_with_its_words(
    disk, full, client, takes_letters
):
    page = client.post(CHECK, answers(photo=taken((40, 30))))
    response = unguarded(client).post(SEND, answers(carried=carried(page)))
    assert response.status_code == 503
    assert "路灯什么时候修？" in response.content.decode()
    assert not Ticket.objects.exists()
    assert files(disk) == []


@pytest.fixture
def no_room_for_uploads(settings, monkeypatch) -> None:
    """Everything received goes to the disk, which takes a little and no more."""
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 0
    write = TemporaryFileUploadHandler.receive_data_chunk

    def fail(handler, raw_data, start):
        write(handler, raw_data[:5], start)
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(TemporaryFileUploadHandler, "receive_data_chunk", fail)


def test_a_large_file_received_on_a_full_disk_is_refused_and_the_words_stay(
    disk, no_room_for_uploads, client, office, typed_report
):
    client.force_login(office.people.reporter)
    upload = SimpleUploadedFile("签到.pdf", PDF * 20_000)
    page = client.post(FORM, typed_report | {"files": [upload], "save": ""}).content.decode()
    assert "“签到.pdf”没有收到：服务器暂时存不下文件，问题在我们这边" in page
    assert "完成培训4000人次，演练1次。下一步继续。</textarea>" in page
    assert not Evidence.objects.exists()


def test_a_photo_received_on_a_full_disk_is_refused_and_the_letter_stays(
    disk, no_room_for_uploads, client, takes_letters
):
    page = client.post(CHECK, answers(photo=taken())).content.decode()
    assert "没有收到：服务器暂时存不下文件" in page
    assert "路灯什么时候修？</textarea>" in page


def test_an_error_of_another_kind_while_a_file_is_received_is_not_hidden(settings, monkeypatch):
    handler = LargeFile()
    monkeypatch.setattr(
        TemporaryFileUploadHandler, "new_file", lambda *_args: fails_with(errno.EACCES)
    )
    with pytest.raises(OSError, match="Permission denied"):
        handler.new_file("files", "a.pdf", "application/pdf", 4)
