"""What was saved is what there was: backup, restore, and the check of the uploaded files."""

import json
import re
import threading
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.apps import apps
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection, models
from django.test import Client

from common.errors import Refused
from ledger.models import Entry
from ledger.saving import backup as backups
from ledger.saving.backup import (
    backups_below,
    drop_old_backups,
    make_backup,
    read_backup,
)
from ledger.saving.snapshot import current_holdings
from ledger.saving.stored_files import FileColumn, file_columns
from progress.models import Evidence
from subscriptions.models import Run
from tests.fixtures import letters
from tests.fixtures.evidence import attach
from tests.upgrades.databases import empty_database

# A database cannot be copied while this test alone sees what it wrote.
pytestmark = pytest.mark.django_db(transaction=True)
AT = datetime(2026, 12, 1, 2, 30, tzinfo=UTC)


def run(command: str, *arguments) -> str:
    out = StringIO()
    call_command(command, *map(str, arguments), stdout=out, stderr=StringIO(), verbosity=0)
    return out.getvalue()


@pytest.fixture
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


@pytest.fixture
def other_media(settings, tmp_path):
    def use():
        settings.MEDIA_ROOT = tmp_path / "other-media"

    return use


@pytest.fixture
def filed(media, office):
    """A report with two files."""
    office.save()
    report = office.period.reports.get()
    return [attach(office, report, name) for name in ("名单.pdf", "签到表.pdf")]


@pytest.mark.both
def test_a_site_in_use_is_restored_as_it_was(filed, media, other_media, tmp_path):
    """While the backup is made, letters go on arriving."""
    stop, sent = threading.Event(), []

    def write():
        try:
            while not stop.is_set():
                sent.append(letters.received(token=f"letter-{len(sent)}"))
        finally:
            connection.close()

    writer = threading.Thread(target=write)
    if connection.vendor == "postgresql":
        writer.start()
    try:
        said = run("backup", tmp_path / "backups")
    finally:
        stop.set()
        if writer.is_alive():
            writer.join()
    folder = backups_below(tmp_path / "backups")[0]
    made = read_backup(folder)
    assert str(folder) in said
    assert "CONTACT_KEYS" in said
    assert len(made.files) == 2
    assert Run.objects.get(command="backup").result.startswith("备份了")
    with empty_database():
        other_media()
        restored = run("restore", folder)
        assert "逐条相符" in restored
        assert Entry.objects.count() == made.head[0]
        now = current_holdings()
        # Verifying notes itself; everything else is as it was.
        assert (now.files, now.head) == (made.files, made.head)
        assert {name for name in now.counts if now.counts[name] != made.counts[name]} <= {
            "ledger_recordcheck"
        }
        assert "不在了 0 个" in run("verify_files")
        with pytest.raises(CommandError, match="只能恢复到空的站点"):
            run("restore", folder)


@pytest.fixture
def saved(filed, tmp_path) -> Path:
    folder = tmp_path / "backups"
    make_backup(folder, site="yt", at=AT)
    return folder


def test_each_file_is_kept_once_for_all_backups(saved):
    make_backup(saved, site="yt", at=AT + timedelta(days=1))
    assert [path.name for path in backups_below(saved)] == [
        "yt-20261201T023000Z",
        "yt-20261202T023000Z",
    ]
    assert len(list((saved / "files").rglob("*"))) == 4
    assert read_backup(backups_below(saved)[-1]).made_at == AT + timedelta(days=1)
    assert backups_below(saved / "nothing") == []


def test_a_second_backup_of_the_same_second_is_refused(saved):
    with pytest.raises(Refused, match="已经有了"):
        make_backup(saved, site="yt", at=AT)


def test_a_full_disk_leaves_no_half_backup(filed, tmp_path, monkeypatch):
    def full(*_given, **_options):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(backups, "_write_manifest", full)
    with pytest.raises(CommandError, match=r"没有备份成：.*No space left"):
        run("backup", tmp_path)
    assert list(tmp_path.glob("*yt-*")) == []
    assert not Run.objects.filter(command="backup").exists()


def test_a_backup_needs_a_place(filed):
    with pytest.raises(CommandError, match="请写明备份放在哪里"):
        run("backup")


def test_a_file_that_is_gone_is_named_and_the_rest_is_saved(filed, tmp_path):
    default_storage.delete(filed[0].file.name)
    with pytest.raises(CommandError, match=re.escape(filed[0].file.name)):
        run("backup", tmp_path)
    made = read_backup(backups_below(tmp_path)[0])
    assert made.missing == [filed[0].file.name]


DAYS = [0, 1, 20, 31, 35, 40, 70, 400, 800]


def test_old_backups_go_but_for_the_first_of_each_month_of_a_year(saved, filed):
    for days in DAYS[1:]:
        make_backup(saved, site="yt", at=AT - timedelta(days=days))
    dropped = drop_old_backups(saved, keep_days=30, at=AT)
    left = [path.name[3:11] for path in backups_below(saved)]
    assert left == ["20260922", "20261022", "20261111", "20261130", "20261201"]
    assert dropped == len(DAYS) - len(left)
    assert drop_old_backups(saved, keep_days=30, at=AT) == 0


def test_files_that_no_backup_names_go_with_the_last_that_did(saved, filed):
    digest = filed[0].sha256
    filed[0].delete()
    make_backup(saved, site="yt", at=AT + timedelta(days=900))
    drop_old_backups(saved, keep_days=30, at=AT + timedelta(days=900))
    assert not list((saved / "files").rglob(digest))
    assert len(list((saved / "files").glob("*/*"))) == 1


def change_manifest(folder: Path, **changes) -> None:
    file = folder / "manifest.json"
    file.write_text(json.dumps(json.loads(file.read_text("utf-8")) | changes), "utf-8")


def spoil_database(folder: Path) -> None:
    (folder / "database.sqlite3").write_bytes(b"nothing")


def spoil_file(folder: Path) -> None:
    next((folder.parent / "files").glob("*/*")).write_bytes(b"other")


def lose_file(folder: Path) -> None:
    next((folder.parent / "files").glob("*/*")).unlink()


SPOILT = [
    (lambda folder: change_manifest(folder, format=2), "本版本只认 1"),
    (lambda folder: change_manifest(folder, engine="oracle"), "备份来自 oracle"),
    (lambda folder: change_manifest(folder, migrations=["tasks.9999_later"]), "来自更新的版本"),
    (lambda folder: (folder / "manifest.json").write_text("{"), "不是一份完整的备份"),
    (spoil_database, "与备份时不同，或者不在了"),
    (spoil_file, "与备份时不同，或者不在了"),
    (lose_file, "与备份时不同，或者不在了"),
]


@pytest.mark.parametrize(("spoil", "words"), SPOILT)
def test_a_backup_that_is_not_whole_restores_nothing(spoil, words, saved, other_media):
    folder = backups_below(saved)[0]
    spoil(folder)
    with empty_database():
        other_media()
        with pytest.raises(CommandError, match=words):
            run("restore", folder)
        assert connection.introspection.table_names() == []


def test_a_restored_site_that_is_not_as_it_was_is_told(saved, other_media):
    folder = backups_below(saved)[0]
    counts = json.loads((folder / "manifest.json").read_text("utf-8"))["counts"]
    change_manifest(folder, counts=counts | {"ledger_entry": 9999})
    with empty_database():
        other_media()
        with pytest.raises(CommandError, match="请不要启用这个站点"):
            run("restore", folder)


def test_nothing_is_restored_over_files_that_are_there(saved, other_media):
    with empty_database():
        other_media()
        default_storage.save("evidence/other.pdf", ContentFile(b"%PDF"))
        with pytest.raises(CommandError, match="上传文件的存放处已有文件"):
            run("restore", backups_below(saved)[0])


def test_files_that_agree_with_their_rows_are_only_counted(filed):
    assert "核对文件 2 个：不在了 0 个，内容变了 0 个，没有记录指向它 0 个。" in run("verify_files")
    assert Run.objects.get(command="verify_files").result.startswith("核对文件 2 个")


def test_a_lost_a_changed_and_an_ownerless_file_are_named(filed, media, time_machine):
    lost, changed = (row.file.name for row in filed)
    default_storage.delete(lost)
    (media / changed).write_bytes(b"%PDF other")
    default_storage.save("evidence/nobodys.pdf", ContentFile(b"%PDF"))
    out = StringIO()
    for days, orphans in ((0, 0), (2, 1)):
        time_machine.move_to(datetime.now(UTC) + timedelta(days=days))
        with pytest.raises(CommandError, match="文件与登记不符") as refusal:
            call_command("verify_files", stdout=out, stderr=StringIO())
        assert refusal.value.returncode == 1
        said = out.getvalue()
        assert f"不在了：佐证材料的文件 {filed[0].pk}：{lost}" in said
        assert f"内容变了：佐证材料的文件 {filed[1].pk}：{changed}" in said
        assert said.count("没有记录指向它：evidence/nobodys.pdf") == orphans


def test_a_store_that_cannot_be_read_is_no_fault_found(filed, monkeypatch):
    def broken(_name, _mode="rb"):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(default_storage, "open", broken)
    with pytest.raises(CommandError, match="没有核对成") as refusal:
        call_command("verify_files", verbosity=0, stderr=StringIO())
    assert refusal.value.returncode == 2


def test_every_column_of_files_is_covered_and_has_a_digest():
    files = {
        (model._meta.label, field.name)
        for model in apps.get_models()
        for field in model._meta.local_fields
        if isinstance(field, models.FileField)
    }
    assert {(column.model._meta.label, column.name) for column in file_columns()} == files
    assert FileColumn(Evidence, "original", "original_sha256") in file_columns()


def test_a_column_of_files_without_a_digest_is_refused(monkeypatch):
    class Loose(models.Model):
        paper = models.FileField()

        class Meta:
            app_label = "nowhere"

        def __str__(self):
            return "loose"

    monkeypatch.setattr(apps, "get_models", lambda **_asked: [Loose])
    with pytest.raises(LookupError, match=r"nowhere\.Loose\.paper has no digest"):
        file_columns()


def test_a_file_that_is_gone_is_a_page_in_words_and_an_alarm(filed, office, caplog):
    client = Client()
    client.force_login(office.people.reporter)
    address = f"/evidence/{filed[0].pk}/"
    assert client.get(address).getvalue().startswith(b"%PDF")
    default_storage.delete(filed[0].file.name)
    answer = client.get(address)
    assert answer.status_code == 404
    assert "这个文件登记过，现在却找不到了" in answer.content.decode()
    assert f"the file of progress.Evidence {filed[0].pk} is gone" in caplog.text
