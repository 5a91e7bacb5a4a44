"""File storage that deletes a new file if the transaction that wrote it is rolled back."""

from weakref import finalize

from django.core.files.storage import FileSystemStorage
from django.db import transaction


class TransactionalStorage(FileSystemStorage):
    """Django's file storage, bound to the transaction of the row that names the file."""

    def _save(self, name, content):
        name = super()._save(name, content)
        # Django has no hook for a rollback. But it then drops the callbacks for the commit
        # uncalled, so the last reference to the callback goes and its finalizer deletes the file.
        on_commit = CommitCallback()
        deletion = finalize(on_commit, self.delete, name)
        deletion.atexit = False
        on_commit.cancel_deletion = deletion.detach
        transaction.on_commit(on_commit)
        return name


class CommitCallback:
    """Called when the transaction of a new file is committed, garbage if it is rolled back."""

    def __call__(self) -> None:
        self.cancel_deletion()
