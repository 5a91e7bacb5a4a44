"""Backups of a whole site: the database at one moment, and the files that its rows name.

    DIR/<site>-20261201T023000Z/database.sqlite3 or database.dump
    DIR/<site>-20261201T023000Z/manifest.json
    DIR/files/ab/abcdef...                        each file once, by its SHA-256, for all backups

Keys are in no backup: without CONTACT_KEYS nobody can read the contacts in it.
"""

import json
import os
import re
import shutil
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from django.core.files.storage import default_storage
from django.db import connection

from common.errors import Refused
from ledger.saving.snapshot import Holdings, copy_database
from ledger.saving.stored_files import digest_of_file, is_intact

FORMAT = 1
MANIFEST, FILES = "manifest.json", "files"
STAMP = "%Y%m%dT%H%M%SZ"
NAME = re.compile(r".{1,100}-(\d{8}T\d{6}Z)")
A_YEAR = timedelta(days=366)
# What is being made; left over only where the power failed.
UNFINISHED = ".unfinished-"


@dataclass(frozen=True)
class Backup:
    """One backup as its manifest tells it; `missing`: files that rows named and nobody had."""

    folder: Path
    format: int
    site: str
    engine: str
    made_at: datetime
    database: str
    database_sha256: str
    counts: dict[str, int]
    migrations: list[str]
    head: tuple[int, str]
    files: list[tuple[str, str]]
    missing: list[str]

    @property
    def database_file(self) -> Path:
        return self.folder / self.database

    @property
    def present_files(self) -> list[tuple[str, str]]:
        """Name and digest of each file that the backup has."""
        return [pair for pair in self.files if pair[0] not in set(self.missing)]

    def path_of(self, sha256: str) -> Path:
        return file_path(self.folder.parent, sha256)


def file_path(root: Path, sha256: str) -> Path:
    return root / FILES / sha256[:2] / sha256


def make_backup(root: Path, *, site: str, at: datetime) -> Backup:
    """Makes a backup below `root`, which is whole when its folder has its name.

    The database first, then the files it names: a file is never changed once it is kept, so those
    of the moment are still there, but for drafts that were deleted since.

    Raises Refused where the database cannot be copied, and OSError for a full disk, of which
    nothing is left.
    """
    root.mkdir(parents=True, exist_ok=True)
    folder = root / f"{site}-{at.astimezone(UTC):{STAMP}}"
    if folder.exists():
        raise Refused(f"{folder} 已经有了，请过一秒再试。")
    making = root / f"{UNFINISHED}{folder.name}"
    shutil.rmtree(making, ignore_errors=True)
    # Letters of residents: nobody but the site's own account looks into a backup.
    making.mkdir(mode=0o700)
    (root / FILES).mkdir(mode=0o700, exist_ok=True)
    try:
        database, held = copy_database(making)
        missing = [name for name, sha256 in held.files if not _copied(root, name, sha256)]
        _write_manifest(making, database, held, missing=missing, site=site, at=at)
        making.rename(folder)
    except BaseException:
        shutil.rmtree(making, ignore_errors=True)
        raise
    return read_backup(folder)


def _copied(root: Path, name: str, sha256: str) -> bool:
    """Copies a file unless an earlier backup has it; False if it is not there or not the same."""
    target = file_path(root, sha256)
    # One that a disk has spoiled since is copied again.
    if is_intact(target, sha256):
        return True
    target.parent.mkdir(parents=True, exist_ok=True)
    making = target.with_name(f"{UNFINISHED}{sha256}")
    try:
        with default_storage.open(name) as source, making.open("wb") as copy:
            shutil.copyfileobj(source, copy, 1024 * 1024)
            copy.flush()
            os.fsync(copy.fileno())
        is_same = is_intact(making, sha256)
        if is_same:
            making.rename(target)
    except FileNotFoundError:
        return False
    finally:
        making.unlink(missing_ok=True)
    return is_same


def _write_manifest(
    folder: Path, database: Path, held: Holdings, *, missing: list[str], site: str, at: datetime
) -> None:
    with database.open("rb") as file:
        sha256 = digest_of_file(file)
    told = {
        "format": FORMAT,
        "site": site,
        "engine": connection.vendor,
        "made_at": at.astimezone(UTC).isoformat(),
        "database": database.name,
        "database_sha256": sha256,
        **asdict(held),
        "missing": missing,
    }
    with (folder / MANIFEST).open("w", encoding="utf-8") as file:
        json.dump(told, file, ensure_ascii=False, indent=1)
        file.flush()
        os.fsync(file.fileno())


def read_backup(folder: Path) -> Backup:
    """The backup in a folder; raises Refused where there is none that this version can read."""
    try:
        told: dict[str, Any] = json.loads((folder / MANIFEST).read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise Refused(f"{folder} 里没有可以读的 {MANIFEST}，不是一份完整的备份。") from error
    if told.get("format") != FORMAT:
        raise Refused(f"{folder} 的备份格式是 {told.get('format')}，本版本只认 {FORMAT}。")
    told["made_at"] = datetime.fromisoformat(told["made_at"])
    told["head"] = tuple(told["head"])
    told["files"] = [tuple(pair) for pair in told["files"]]
    return Backup(folder, **told)


def backups_below(root: Path) -> list[Path]:
    """The folders of whole backups, the oldest first."""
    if not root.is_dir():
        return []
    return sorted((path for path in root.iterdir() if _stamp_of(path)), key=_stamp_of)


def _stamp_of(path: Path) -> str:
    found = NAME.fullmatch(path.name)
    whole = found and not path.name.startswith(UNFINISHED) and (path / MANIFEST).is_file()
    return found[1] if found and whole else ""


def drop_old_backups(root: Path, *, keep_days: int, at: datetime) -> int:
    """Deletes backups older than `keep_days`, but for the first of each month for a year, and the
    files that no backup names any more; returns how many backups went. The newest of a site stays.
    """
    folders = backups_below(root)
    # Several sites may share the place: what comes before the day in the name tells them apart.
    first_of_month = {path.name[: -len("ddThhmmssZ")]: path for path in reversed(folders)}
    newest = {path.name[: -len("-yyyymmddThhmmssZ")]: path for path in folders}
    young = _younger(folders, timedelta(days=keep_days), at)
    month = _younger(first_of_month.values(), A_YEAR, at)
    old = set(folders) - set(newest.values()) - young - month
    for path in old:
        shutil.rmtree(path)
    if old:
        _drop_unnamed_files(root)
    return len(old)


def _younger(folders: Iterable[Path], age: timedelta, at: datetime) -> set[Path]:
    return {path for path in folders if at - _moment(path) <= age}


def _moment(path: Path) -> datetime:
    return datetime.strptime(_stamp_of(path), STAMP).replace(tzinfo=UTC)


def _drop_unnamed_files(root: Path) -> None:
    named = {sha256 for path in backups_below(root) for _, sha256 in read_backup(path).files}
    for path in (root / FILES).glob("??/*"):
        if path.is_file() and path.name not in named:
            path.unlink()
