"""No file lies on the disk that no row names:
one written in vain goes when its transaction is rolled back.
"""

from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from progress.models import Evidence
from tests.fixtures.lists import PDF
from tests.fixtures.report_form import FORM

pytestmark = pytest.mark.both


@pytest.fixture(autouse=True)
def disk(settings, tmp_path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


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
