"""Checks PDF files: that one is whole, hides no other file, and is not encrypted."""

import io
import re
import zipfile
from collections.abc import Iterator

import filetype

from common.errors import Refused
from common.files.packages import BROKEN, LOCKED

PDF = "application/pdf"
# Readers look for the header and the end mark in so many bytes.
REACH = 1024
HEADER = b"%PDF-"
END = b"%%EOF"
# What some programs fill up the end of a file with.
FILLING = b"\0\t\n\f\r "
# Blanks and remarks between two words of the file; they may be left out beside a bracket.
BLANK = rb"(?:[\0\t\n\f\r ]|%[^\r\n]*[\r\n])*"


def _name(word: bytes) -> bytes:
    """A pattern for a name, each of whose letters may be written as a number."""
    return b"/" + b"".join(b"(?:%c|#%02x|#%02X)" % (sign, sign, sign) for sign in word)


# The entry by which a PDF says that it is encrypted, with what it refers to or holds.
ENCRYPT = re.compile(b"%b%b(?:<<|[0-9]+%b[0-9]+%bR)" % (_name(b"Encrypt"), BLANK, BLANK, BLANK))
OBJECT = re.compile(rb"[0-9]{1,10}[\0\t\n\f\r ]{1,9}[0-9]{1,5}[\0\t\n\f\r ]{1,9}obj\b")
TABLE = re.compile(_name(b"XRef"))
STREAM = re.compile(rb"\bstream\r?\n")
STREAM_END = b"endstream"
STRING = re.compile(rb"\((?:[^()\\]++|\\.)*+\)", re.DOTALL)
# Bytes of a trailer whose strings are told from its entries; none is longer.
MAX_TRAILER = 20_000


def is_pdf(data: bytes) -> bool:
    """Whether the header stands among the first bytes; a page or another kind of file, in which
    it stands as well, is none.
    """
    guess = filetype.guess(data)
    if guess:
        return guess.mime == PDF
    return HEADER in data[:REACH] and not data.lstrip(FILLING).startswith(b"<")


def check_pdf(data: bytes) -> None:
    """Raises Refused; the reason continues a sentence that begins with the file's name."""
    # Data after the end mark may be another file; without the mark, part is missing.
    if END not in data.rstrip(FILLING)[-REACH:] or zipfile.is_zipfile(io.BytesIO(data)):
        raise Refused(BROKEN)
    # An encrypted PDF cannot be checked, even if it opens without a password.
    if any(map(_locks, _trailers(data))):
        raise Refused(LOCKED)


def _locks(trailer: bytes) -> bool:
    """Whether it has the entry, and not only in the words of a title."""
    found = ENCRYPT.search(trailer)
    if found and len(trailer) <= MAX_TRAILER:
        found = ENCRYPT.search(STRING.sub(b"()", trailer))
    return found is not None


def _trailers(data: bytes) -> Iterator[bytes]:
    """The parts that may say how to read the file, without the text they hold.

    A page whose words speak of /Encrypt is not locked by them. An older half of the file counts:
    readers go back to it.
    """
    outline = _without_streams(data)
    for part in outline.split(b"trailer")[1:]:
        yield part.partition(b"startxref")[0]
    for part in outline.split(b"endobj"):
        # Remarks of a program may stand before the object.
        begin = OBJECT.search(part)
        if begin and TABLE.search(part):
            yield part[begin.end() :]


def _without_streams(data: bytes) -> bytes:
    """The file without the content of its streams, in which pages and pictures lie."""
    kept, at = [], 0
    while begin := STREAM.search(data, at):
        end = data.find(STREAM_END, begin.end())
        if end < 0:
            break
        kept.append(data[at : begin.end()])
        at = end
    return b"".join([*kept, data[at:]])
