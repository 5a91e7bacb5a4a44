"""An upload handler for forms that are too long: their files are dropped,
the typed text is kept.
"""

import time
from typing import IO, Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import QueryDict
from django.http.multipartparser import MultiPartParser
from django.utils.datastructures import MultiValueDict

from common.files.uploads import MAX_BYTES, NotRead

# Bytes: five files of the largest size, and all that can be typed beside them.
MAX_BODY = 5 * MAX_BYTES + 5 * 1024 * 1024
# Bytes: a browser shows no answer before its whole request was read, so the rest is read and
# dropped; but not without end.
MAX_DRAINED = 1024 * 1024 * 1024
# Seconds: whoever sends slower than a gigabyte in this time is not waited for.
DRAIN_SECONDS = 60
CHUNK = 64 * 1024


class BoundedBody(FileUploadHandler):
    """First of the upload handlers; it leaves a request body within MAX_BODY to the others.

    Of a longer one it reads the fields before the first file, and puts a `NotRead` for that file.
    """

    def handle_raw_input(
        self,
        input_data: IO[bytes],
        meta: dict[str, str],
        content_length: int,
        boundary: str,
        encoding: str | None = None,
    ) -> tuple[QueryDict, MultiValueDict[str, UploadedFile]] | None:
        if content_length <= MAX_BODY:
            return None
        handler = _StopAtFirstFile()
        # The stubs name the argument of `read`; no type for files does.
        parser = MultiPartParser(meta, input_data, [handler], encoding)  # type: ignore[arg-type]
        fields, files = parser.parse()
        if handler.file_name:
            files.appendlist(handler.field_name, NotRead(handler.file_name, content_length))
        # Django's own way to read the rest goes line by line, and takes a film for one long line.
        end = time.monotonic() + DRAIN_SECONDS
        while content_length <= MAX_DRAINED and time.monotonic() < end and input_data.read(CHUNK):
            pass
        return fields, files

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None


class _StopAtFirstFile(FileUploadHandler):
    """Ends the parsing where the first file begins, and remembers its name."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        raise StopUpload(connection_reset=True)
