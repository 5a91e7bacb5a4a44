"""A form too long to be taken reaches neither memory nor disk, and the words typed before its files are kept."""

from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http.multipartparser import MultiPartParser

from common.files.uploads import MAX_BYTES, NotRead

# Five files of the largest size and all that can be typed beside them.
MAX_BODY = 5 * MAX_BYTES + 5 * 1024 * 1024
# A browser that is not heard to the end shows no answer, so the rest is listened to and dropped; not for ever.
PATIENCE = 1024 * 1024 * 1024
CHUNK = 64 * 1024


class BoundedBody(FileUploadHandler):
    """First of the handlers. A body within the limit passes it untouched."""

    def handle_raw_input(self, input_data, META, content_length, boundary, encoding=None):
        if content_length <= MAX_BODY:
            return None
        cut = _UpToFirstFile()
        typed, files = MultiPartParser(META, input_data, [cut], encoding).parse()
        if cut.file_name:
            files.appendlist(cut.field_name, NotRead(cut.file_name, content_length))
        # Not by the framework's own way of doing it, which would take a film for one long line and read it whole.
        while content_length <= PATIENCE and input_data.read(CHUNK):
            pass
        return typed, files

    def receive_data_chunk(self, raw_data, start):
        return raw_data

    def file_complete(self, file_size):
        return None


class _UpToFirstFile(FileUploadHandler):
    def new_file(self, *args, **kwargs):
        super().new_file(*args, **kwargs)
        raise StopUpload(connection_reset=True)
