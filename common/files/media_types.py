"""What kind of file a document is, by the ending of its name, once its content was checked."""

from pathlib import PurePath

from common.files.packages import SHEET, WORD

TEXT = "text/plain"
MEDIA_TYPES = {".docx": WORD, ".xlsx": SHEET, ".html": "text/html", ".htm": "text/html"}


def media_type_of(name: str) -> str:
    """The media type; what is not known is text."""
    return MEDIA_TYPES.get(PurePath(name).suffix.lower(), TEXT)


def ending_of(name: str) -> str:
    """The ending that a downloaded copy gets: .docx; what is not known is .txt."""
    ending = PurePath(name).suffix.lower()
    return ending if ending in MEDIA_TYPES else ".txt"
