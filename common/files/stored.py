"""Opens uploaded files that rows name; one that is gone is an alarm for operators and no fault."""

import logging

from django.core.files import File
from django.db.models.fields.files import FieldFile
from django.http import Http404

logger = logging.getLogger(__name__)
WORDS = "这个文件登记过，现在却找不到了。系统已记下，请过些时候再来，或者告诉我们。"


class LostFile(Http404):
    """A row names a file that its storage does not have."""

    def __init__(self) -> None:
        super().__init__(WORDS)


def open_stored(file: FieldFile) -> File:
    """The file, open for reading; whoever asks closes it.

    Raises LostFile where the storage has none of this name, and tells the log which row it is of:
    `manage.py verify_files` finds all of them.
    """
    try:
        return file.open("rb")
    except FileNotFoundError as error:
        row = file.instance
        logger.error("the file of %s %s is gone: %s", row._meta.label, row.pk, file.name)
        raise LostFile from error
