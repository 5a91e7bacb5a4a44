"""File storage that leaves no file behind that was written in vain: not half of one on a full
disk, nor a whole one if the transaction that wrote it is rolled back.
"""

from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import IO, Any
from weakref import finalize

from django.core.files.base import File
from django.core.files.storage import FileSystemStorage, Storage
from django.db import transaction


class Transactional(Storage):
    """Mixin that binds a storage to the transaction of the row that names the file."""

    def save(self, name: str | None, content: IO[Any], max_length: int | None = None) -> str:
        saved_name = super().save(name, content, max_length)
        transaction.on_commit(CommitCallback(partial(self.delete, saved_name)))
        return saved_name


class TransactionalStorage(Transactional, FileSystemStorage):
    """A folder of this machine."""

    def _save(self, name: str, content: File) -> str:
        # Another file of this name, however unlikely, is not ours to delete.
        was_there = self.exists(name)
        try:
            # The stubs know only what a storage shows outside.
            return super()._save(name, content)  # type: ignore[misc]
        except OSError:
            if not was_there:
                # A disk that cannot even delete keeps its half file; the first error says why.
                with suppress(OSError):
                    self.delete(name)
            raise


class CommitCallback:
    """Called when the transaction of a new file is committed, garbage if it is rolled back.

    Django has no hook for a rollback. But it then drops the callbacks for the commit uncalled, so
    the last reference to the callback goes and its finalizer deletes the file.
    """

    def __init__(self, delete: Callable[[], None]):
        self.deletion = finalize(self, delete)
        self.deletion.atexit = False

    def __call__(self) -> None:
        self.deletion.detach()
