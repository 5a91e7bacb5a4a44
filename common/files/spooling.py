"""Receives large files; on a full disk a file counts as not received, and the form goes on."""

import errno
from contextlib import suppress
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler

from common.files.uploads import NoRoom

# What a disk says that is full, over its quota, or cannot be written for now.
NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EROFS)


class LargeFile(TemporaryFileUploadHandler):
    """Django's handler, but that an error of a full disk does not take the typed words along.

    The form then shows them again, with the file refused as `NoRoom`.
    """

    has_room = True

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        self.has_room = True
        try:
            super().new_file(*args, **kwargs)
        except OSError as problem:
            self._give_up(problem)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        if self.has_room:
            try:
                return super().receive_data_chunk(raw_data, start)
            except OSError as problem:
                self._give_up(problem)
        return None

    def file_complete(self, file_size: int) -> UploadedFile | None:
        if self.has_room:
            try:
                return super().file_complete(file_size)
            except OSError as problem:
                self._give_up(problem)
        return NoRoom(self.file_name or "", file_size)

    def _give_up(self, problem: OSError) -> None:
        """Closes the temporary file, which deletes it; raises an error that says something else."""
        if problem.errno not in NO_ROOM:
            raise problem
        self.has_room = False
        # Closing writes what is left in memory, and may fail once more.
        with suppress(AttributeError, OSError):
            self.file.close()
