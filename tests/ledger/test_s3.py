"""Files in an S3-compatible store are kept, lost, saved and restored like those in a folder."""

from contextlib import nullcontext
from io import StringIO

import boto3
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import transaction
from moto.server import ThreadedMotoServer

from feedback.actions.photos import sweep_photos
from feedback.models import Ticket
from feedback.read_models.data_export import own_copy
from ledger.saving.stored_files import all_names
from tests.fixtures import letters
from tests.fixtures.people import NOW
from tests.upgrades.databases import empty_database

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("default::DeprecationWarning"),
]
KEYS = {"access_key": "somebody", "secret_key": "secret", "region_name": "us-east-1"}


@pytest.fixture(scope="module")
def server():
    """The address of a store of our own on this machine."""
    store = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    store.start()
    host, port = store.get_host_and_port()
    yield f"http://{host}:{port}"
    store.stop()


@pytest.fixture
def bucket(server, settings, request):
    """Uses a bucket of that name for the files."""

    def use(name: str) -> None:
        options = {"bucket_name": name, "endpoint_url": server, **KEYS}
        backend = {"BACKEND": "common.files.s3.TransactionalS3Storage", "OPTIONS": options}
        settings.STORAGES = settings.STORAGES | {"default": backend}

    client = boto3.client(
        "s3", endpoint_url=server, aws_access_key_id="x", aws_secret_access_key="x",
        region_name="us-east-1",
    )  # fmt: skip
    for name in ("first", "second"):
        client.create_bucket(Bucket=name)
    use("first")
    yield use
    for name in ("first", "second"):
        use(name)
        for file in all_names():
            default_storage.delete(file)


def run(command: str, *arguments, rc: int = 0) -> str:
    said = StringIO()
    with pytest.raises(CommandError) if rc else nullcontext() as failed:
        call_command(command, *map(str, arguments), stdout=said, stderr=said)
    assert failed is None or failed.value.returncode == rc
    return f"{said.getvalue()}{failed and failed.value}"


def sent() -> Ticket:
    with transaction.atomic():
        return letters.received("with a photo", photo=letters.PHOTO)


def test_a_file_written_before_a_rollback_goes_and_another_is_never_written_over(bucket):
    with transaction.atomic():
        default_storage.save("in_vain.pdf", ContentFile(b"x"))
        assert list(all_names()) == ["in_vain.pdf"]
        transaction.set_rollback(True)
    assert list(all_names()) == []
    names = [default_storage.save("a/kept.pdf", ContentFile(b"x")) for _ in range(2)]
    assert names[0] != names[1]
    assert sorted(all_names()) == sorted(names)


def test_a_site_is_saved_and_restored_into_another_bucket(bucket, people, tmp_path):
    ticket = sent()
    run("backup", tmp_path)
    [folder] = [path for path in tmp_path.iterdir() if path.name.startswith("yt-")]
    bucket("second")
    with empty_database():
        run("restore", folder)
        assert list(all_names()) == [ticket.photo.name]
        with default_storage.open(ticket.photo.name) as file:
            assert file.read() == letters.PHOTO
        run("verify_files")


def test_a_lost_file_and_one_that_nobody_names_are_told(bucket, people, caplog):
    ticket = sent()
    default_storage.delete(ticket.photo.name)
    assert ticket.photo.name in run("verify_files", rc=1)
    assert "找不到了" in own_copy(Ticket.objects.get())["照片"]
    assert ticket.photo.name in caplog.text
    orphan = default_storage.save("feedback/photos/nobodys.jpg", ContentFile(b"x"))
    assert orphan in list(all_names())


def test_photos_that_no_row_names_are_swept(bucket, people):
    ticket = sent()
    Ticket.objects.update(photo="", photo_sha256="")
    assert sweep_photos(before=NOW.replace(year=2100)) == 1
    assert not default_storage.exists(ticket.photo.name)


def test_a_store_that_is_away_is_no_lost_file(bucket, people, settings):
    sent()
    away = {"endpoint_url": "http://127.0.0.1:9", "bucket_name": "first", **KEYS}
    backend = {"BACKEND": "common.files.s3.TransactionalS3Storage", "OPTIONS": away}
    settings.STORAGES = settings.STORAGES | {"default": backend}
    assert "存储服务没有应答" in run("verify_files", rc=2)
    bucket("first")
