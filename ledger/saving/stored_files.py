"""The uploaded files that rows name, with their digests, whatever room the rows are of."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from django.apps import apps
from django.core.files.storage import Storage, default_storage
from django.db import models

CHUNK = 1024 * 1024


@dataclass(frozen=True)
class FileColumn:
    """A column that names files; `digest`: the column beside it with their SHA-256."""

    model: type[models.Model]
    name: str
    digest: str

    @property
    def query(self) -> str:
        """SQL for (row, name, digest) of every file, for the copy of a database as well."""
        table = self.model._meta.db_table
        return (
            f'SELECT id, "{self.name}", "{self.digest}" FROM "{table}" '  # noqa: S608
            f"WHERE \"{self.name}\" <> '' ORDER BY id"
        )

    def __str__(self) -> str:
        label = getattr(self.model._meta.get_field(self.name), "verbose_name", self.name)
        return f"{self.model._meta.verbose_name}的{label}"


def file_columns() -> list[FileColumn]:
    """Every column that names files.

    Raises LookupError for one without a digest: a file that was changed could not be told.
    """
    return [column for model in apps.get_models() for column in _columns_of(model)]


def _columns_of(model: type[models.Model]) -> Iterator[FileColumn]:
    names = {field.name for field in model._meta.local_fields}
    for field in model._meta.local_fields:
        if isinstance(field, models.FileField):
            digest = next(filter(names.__contains__, (f"{field.name}_sha256", "sha256")), None)
            if digest is None:
                raise LookupError(f"{model._meta.label}.{field.name} has no digest beside it")
            yield FileColumn(model, field.name, digest)


def digest_of_file(file: IO[bytes]) -> str:
    """SHA-256 of an open file, which is read piece by piece."""
    digest = hashlib.sha256()
    while chunk := file.read(CHUNK):
        digest.update(chunk)
    return digest.hexdigest()


def is_intact(path: Path, sha256: str) -> bool:
    """Whether a file of a backup is there, can be read and is as it was made."""
    try:
        with path.open("rb") as file:
            return digest_of_file(file) == sha256
    except OSError:
        return False


def all_names(storage: Storage = default_storage, folder: str = "") -> Iterator[str]:
    """The name of every file that is kept, whether or not a row names it."""
    try:
        folders, names = storage.listdir(folder)
    except FileNotFoundError:
        return
    for name in sorted(names):
        yield f"{folder}{name}"
    for below in sorted(folders):
        yield from all_names(storage, f"{folder}{below}/")
