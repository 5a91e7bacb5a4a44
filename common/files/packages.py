"""Checks Office packages (docx and xlsx are zip files) without unpacking more than a limit."""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from copy import copy
from typing import IO

from common.errors import Refused

MAX_UNPACKED = 200 * 1024 * 1024
MAX_KEPT = 20 * 1024 * 1024
MAX_PARTS = 5000
MAX_DEPTH = 2
CHUNK = 64 * 1024
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PACKAGE = b"PK\x03\x04"
# How files begin that office programs write with a password, and wrote before 2007.
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MAIN_PARTS = {"word/document.xml": WORD, "xl/workbook.xml": SHEET}
TYPES_PART = "[Content_Types].xml"
# How the list of types names the main part, which a program may call as it likes.
MAIN_TYPES = {
    b"wordprocessingml.document.main+xml": WORD,
    b"spreadsheetml.sheet.main+xml": SHEET,
}
PLAIN = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
ACTIVE_PART = re.compile(r"vbaproject|vbadata|(^|/)macrosheets/|(^|/)activex/", re.IGNORECASE)
ACTIVE_TYPE = re.compile(rb"macroenabled|vbaproject", re.IGNORECASE)

BROKEN = "打不开，请重新保存后再上传。"
LOCKED = "加了密码，请去掉密码后再上传。"
ACTIVE = "带有宏或控件，请另存为不带宏的文件再上传。"
TOO_LARGE = "解压后太大，请拆分后再上传。"


def office_kind(data: bytes, *, at_most: int | None = None) -> str:
    """The content type of a package: WORD, SHEET, or "" for another kind.

    `at_most`: bytes that may come out when it is unpacked. Raises Refused if it is damaged,
    locked, too large or holds macros; the reason continues a sentence that begins with its name.
    """
    try:
        return _Inspection(at_most or MAX_UNPACKED).kind(data)
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        OSError,
        ValueError,
        NotImplementedError,
    ) as problem:
        raise Refused(BROKEN) from problem


def part_key(name: str) -> str:
    """The name of a part as programs compare it: the standard knows no capitals, and some
    programs write backslashes.
    """
    return name.replace("\\", "/").lower()


def _is_types_part(part: zipfile.ZipInfo) -> bool:
    return part_key(part.filename) == part_key(TYPES_PART)


class _Inspection:
    """Unpacks a package and the packages inside it, counting the bytes that really come out.

    The sizes that the zip headers claim are not trusted.
    """

    def __init__(self, at_most: int):
        self.left, self.parts = at_most, MAX_PARTS

    def kind(self, data: bytes, depth: int = 0) -> str:
        """WORD, SHEET or ""; `depth`: how many packages this one is inside of."""
        if depth > MAX_DEPTH:
            raise Refused(TOO_LARGE)
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            self._count_parts(package)
            _refuse_by_headers(package.infolist())
            _refuse_ambiguous_names(package.namelist())
            named_kind = ""
            for part in package.infolist():
                content = self._unpack(package, part)
                self._check_part(part, content, depth)
                named_kind = named_kind or _named_kind(part, content)
            return _kind_of(package.namelist(), named_kind)

    def _count_parts(self, package: zipfile.ZipFile) -> None:
        self.parts -= len(package.infolist())
        if self.parts < 0:
            raise Refused(TOO_LARGE)

    def _check_part(self, part: zipfile.ZipInfo, content: bytes, depth: int) -> None:
        """Looks into a package inside of this one, and for macros in the list of types."""
        if content.startswith(PACKAGE):
            self.kind(content, depth + 1)
        elif _is_types_part(part) and ACTIVE_TYPE.search(content.replace(b"\0", b"")):
            raise Refused(ACTIVE)

    def _unpack(self, package: zipfile.ZipFile, part: zipfile.ZipInfo) -> bytes:
        """The content of a part that is a package or the list of types; b"" for any other part."""
        header, left_before, kept = copy(part), self.left, bytearray()
        # The reader stops at the size in the header, so a header that claims less must not stop it.
        header.file_size = self.left + 2 * CHUNK
        with package.open(header) as stream:
            for chunk in self._chunks(stream):
                if kept or chunk.startswith(PACKAGE) or _is_types_part(part):
                    kept += chunk
                if len(kept) > MAX_KEPT:
                    raise Refused(TOO_LARGE)
        if left_before - self.left != part.file_size:
            raise Refused(BROKEN)
        return bytes(kept)

    def _chunks(self, stream: IO[bytes]) -> Iterator[bytes]:
        """What comes out of a part, for as long as the limit allows."""
        while chunk := stream.read(CHUNK):
            self.left -= len(chunk)
            if self.left < 0:
                raise Refused(TOO_LARGE)
            yield chunk


def _refuse_by_headers(parts: list[zipfile.ZipInfo]) -> None:
    """Refuses what is locked, active or packed in a rare way, the first of them that is found."""
    for is_refused, reason in (
        (_is_locked, LOCKED),
        (_is_active, ACTIVE),
        (_is_packed_unusually, BROKEN),
    ):
        if any(map(is_refused, parts)):
            raise Refused(reason)


def _is_locked(part: zipfile.ZipInfo) -> bool:
    return bool(part.flag_bits & 1)


def _is_active(part: zipfile.ZipInfo) -> bool:
    return ACTIVE_PART.search(part_key(part.filename)) is not None


def _is_packed_unusually(part: zipfile.ZipInfo) -> bool:
    return part.compress_type not in PLAIN


def _refuse_ambiguous_names(names: list[str]) -> None:
    """Programs differ in which of two parts with one name they read.

    No honest package has a path that leads out of it.
    """
    keys = list(map(part_key, names))
    if len(set(keys)) < len(keys) or any(map(_leads_out, keys)):
        raise Refused(BROKEN)


def _leads_out(name: str) -> bool:
    return name.startswith("/") or ".." in name.split("/")


def _named_kind(part: zipfile.ZipInfo, content: bytes) -> str:
    """The kind of the package according to its list of types; "" for any other part."""
    if not _is_types_part(part):
        return ""
    plain = content.replace(b"\0", b"")
    return next((kind for name, kind in MAIN_TYPES.items() if name in plain), "")


def _kind_of(names: list[str], named_kind: str) -> str:
    keys = set(map(part_key, names))
    if part_key(TYPES_PART) not in keys:
        return ""
    return next((kind for part, kind in MAIN_PARTS.items() if part in keys), named_kind)
