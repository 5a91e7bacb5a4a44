"""Compares the uploaded files with the rows that name them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.core.files.storage import default_storage
from django.db import connection

from ledger.saving.stored_files import FileColumn, all_names, digest_of_file, file_columns

# A file whose row is still being written is no orphan.
GRACE = timedelta(days=1)


@dataclass
class FileCheck:
    """What was found: number of files that rows name, and each kind of fault in Chinese lines."""

    checked: int = 0
    missing: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    orphaned: list[str] = field(default_factory=list)

    @property
    def is_sound(self) -> bool:
        return not (self.missing or self.changed or self.orphaned)


def check_files(*, at: datetime) -> FileCheck:
    """Reads every file that a row names, one piece at a time, and looks for files no row names."""
    result, named = FileCheck(), set()
    for column in file_columns():
        for pk, name, sha256 in _rows(column):
            named.add(name)
            result.checked += 1
            _compare(result, f"{column} {pk}：{name}", name, sha256)
    result.orphaned = list(_orphans(named, before=at - GRACE))
    return result


def _rows(column: FileColumn) -> Iterator[tuple[int, str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(column.query)
        while rows := cursor.fetchmany(1000):
            yield from rows


def _compare(result: FileCheck, line: str, name: str, sha256: str) -> None:
    try:
        with default_storage.open(name) as file:
            if digest_of_file(file) != sha256:
                result.changed.append(line)
    except FileNotFoundError:
        result.missing.append(line)


def _orphans(named: set[str], *, before: datetime) -> Iterator[str]:
    for name in all_names():
        if name not in named and default_storage.get_modified_time(name) < before:
            yield name
