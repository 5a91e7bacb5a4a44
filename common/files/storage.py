"""Where uploaded files are kept: one that was written in a transaction that is rolled back goes with it."""

from weakref import finalize

from django.core.files.storage import FileSystemStorage
from django.db import transaction


class KeptFiles(FileSystemStorage):
    def _save(self, name, content):
        name = super()._save(name, content)
        # The framework tells of a commit only. After a rollback it drops, uncalled, what it would have called, and
        # with that the last thing that holds the fate.
        fate = Fate()
        unless_kept = finalize(fate, self.delete, name)
        unless_kept.atexit = False
        fate.kept = unless_kept.detach
        transaction.on_commit(fate)
        return name


class Fate:
    """Of a file just written: called once its transaction stands, forgotten when it does not."""

    def __call__(self) -> None:
        self.kept()
