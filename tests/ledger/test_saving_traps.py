"""What breaks a backup or a restore only on the day it is needed."""

import errno
import os
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from common.errors import Refused
from feedback.models import Ticket
from ledger.saving import restore as restoring
from ledger.saving import snapshot
from ledger.saving.backup import Backup, backups_below, drop_old_backups, file_path, make_backup
from ledger.saving.snapshot import current_holdings
from ledger.saving.stored_files import all_names
from tests.fixtures import letters
from tests.fixtures.saving import Writer, open_to_others
from tests.upgrades import record
from tests.upgrades.databases import empty_database
from tests.upgrades.databases import load as load_script

pytestmark = pytest.mark.django_db(transaction=True)
AT = datetime(2026, 12, 1, 2, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def disk(settings, tmp_path) -> Path:
    settings.MEDIA_ROOT = str(tmp_path / "media")
    return tmp_path


@pytest.fixture
def elsewhere(settings, disk):
    """A site with nothing in it."""

    def begin():
        settings.MEDIA_ROOT = str(disk / "elsewhere")
        return empty_database()

    return begin


@pytest.fixture
def letter(people) -> Ticket:
    with transaction.atomic():
        return letters.received("with a photo", photo=letters.PHOTO)


@pytest.fixture
def saved(letter, disk) -> Backup:
    return make_backup(disk / "backups", site="yt", at=AT)


def restore(backup: Backup) -> str:
    said = StringIO()
    call_command("restore", str(backup.folder), stdout=said, stderr=StringIO(), verbosity=0)
    return said.getvalue()


@pytest.mark.both
def test_letters_with_photos_that_arrive_meanwhile_are_in_it_whole_or_not_at_all(
    people, disk, elsewhere
):
    with open_to_others(disk), Writer() as writer:
        before = writer.wait_for(3)
        made = make_backup(disk / "backups", site="yt", at=AT)
        after = writer.wait_for(2)
    assert before <= made.counts["feedback_ticket"] <= after
    assert (len(made.files), made.missing) == (made.counts["feedback_ticket"], [])
    with elsewhere():
        assert "逐条相符" in restore(made)
        assert Ticket.objects.count() == made.counts["feedback_ticket"]
        assert sorted(all_names()) == sorted(name for name, _ in made.files)


def test_a_site_that_began_as_version_1_1_can_be_restored(disk, elsewhere):
    """Its list of migrations names an app that is gone; that makes it no newer one."""
    with record.circumstances(record.read_record("1.1")), empty_database() as own:
        load_script(own, record.script_path("1.1", own.vendor))
        made = make_backup(disk / "backups", site="yt", at=AT)
        assert any(name.startswith("axes.") for name in made.migrations)
        restoring.check_backup(made)


def test_a_database_that_somebody_holds_is_refused_and_not_waited_for(disk):
    path = disk / "held.sqlite3"
    with closing(sqlite3.connect(path)) as held, closing(sqlite3.connect(path)) as own:
        own.execute("PRAGMA busy_timeout = 0")
        held.execute("CREATE TABLE kept (id integer)")
        held.execute("BEGIN EXCLUSIVE")
        with closing(sqlite3.connect(":memory:")) as copy, pytest.raises(Refused, match="占用"):
            copy.backup(own, progress=snapshot._refuse_to_wait)


def test_a_restore_that_found_the_disk_full_goes_on_afterwards(saved, elsewhere, monkeypatch):
    def full(*_arguments):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with elsewhere():
        with monkeypatch.context() as patch:
            patch.setattr(restoring, "load_database", full)
            with pytest.raises(CommandError, match="没有恢复成，可以再运行一次"):
                restore(saved)
        assert list(all_names()) == [name for name, _ in saved.files]
        assert "恢复了" in restore(saved)
        assert current_holdings().head == saved.head


def test_a_file_of_another_content_is_never_taken_for_one_of_the_backup(saved, elsewhere):
    with elsewhere():
        default_storage.save(saved.files[0][0], ContentFile(b"somebody else's"))
        with pytest.raises(CommandError, match="已有文件"):
            restore(saved)


def test_a_file_that_the_disk_of_the_backups_has_spoiled_is_copied_again(saved, disk):
    [(_, sha256)] = saved.files
    file_path(disk / "backups", sha256).write_bytes(b"rotten")
    later = make_backup(disk / "backups", site="yt", at=AT.replace(day=2))
    assert later.missing == []
    assert file_path(disk / "backups", sha256).read_bytes() == letters.PHOTO


def test_two_sites_that_share_a_place_keep_their_own_backups(saved, disk):
    root = disk / "backups"
    for day in (2, 3):
        make_backup(root, site="other", at=AT.replace(day=day))
    assert drop_old_backups(root, keep_days=0, at=AT.replace(year=2028)) == 1
    assert [path.name[:5] for path in backups_below(root)] == ["yt-20", "other"]


def test_nobody_else_looks_into_a_backup(saved):
    for folder in (saved.folder, saved.folder.parent / "files"):
        assert folder.stat().st_mode & 0o077 == 0


@pytest.mark.postgresql
def test_what_else_names_the_tables_of_an_empty_site_does_not_stop_a_restore(saved, elsewhere):
    """As a table that only a newer version has would do."""
    with elsewhere():
        restore(saved)
        with connection.cursor() as cursor:
            cursor.execute("CREATE VIEW later AS SELECT id FROM feedback_ticket")
        snapshot.load_database(saved.database_file)
        assert current_holdings().counts == saved.counts


@pytest.mark.postgresql
def test_an_older_pg_dump_is_refused_in_words(letter, disk, monkeypatch):
    programs = disk / "programs"
    programs.mkdir()
    (programs / "pg_dump").write_text("#!/bin/sh\necho 'pg_dump (PostgreSQL) 9.6.1'\n")
    (programs / "pg_dump").chmod(0o755)
    monkeypatch.setenv("PATH", str(programs), prepend=os.pathsep)
    with pytest.raises(Refused, match="pg_dump 是第 9 版"):
        make_backup(disk / "backups", site="yt", at=AT)
