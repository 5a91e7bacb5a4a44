"""Checks Office packages (docx and xlsx are zip files) without unpacking more than a limit."""

import io
import re
import zipfile
import zlib
from copy import copy

from common.errors import Refused

MAX_UNPACKED = 200 * 1024 * 1024
MAX_KEPT = 20 * 1024 * 1024
MAX_PARTS = 5000
MAX_DEPTH = 2
CHUNK = 64 * 1024
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PACKAGE = b"PK\x03\x04"
MAIN_PARTS = {"word/document.xml": WORD, "xl/workbook.xml": SHEET}
TYPES_PART = "[Content_Types].xml"
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
            self._check_headers(package.infolist())
            for part in package.infolist():
                content = self._unpack(package, part)
                if content.startswith(PACKAGE):
                    self.kind(content, depth + 1)
                elif part.filename == TYPES_PART and ACTIVE_TYPE.search(
                    content.replace(b"\0", b"")
                ):
                    raise Refused(ACTIVE)
            names = package.namelist()
        return next(
            (kind for part, kind in MAIN_PARTS.items() if part in names and TYPES_PART in names), ""
        )

    def _check_headers(self, parts: list[zipfile.ZipInfo]) -> None:
        names = [part.filename for part in parts]
        self.parts -= len(parts)
        if self.parts < 0:
            raise Refused(TOO_LARGE)
        if any(part.flag_bits & 1 for part in parts):
            raise Refused(LOCKED)
        if any(map(ACTIVE_PART.search, names)):
            raise Refused(ACTIVE)
        # Programs differ in which of two parts with one name they read; no honest package has a
        # path that leads out of it.
        if len(set(names)) < len(names) or any(
            name.startswith("/") or ".." in name.split("/") for name in names
        ):
            raise Refused(BROKEN)
        if any(part.compress_type not in PLAIN for part in parts):
            raise Refused(BROKEN)

    def _unpack(self, package: zipfile.ZipFile, part: zipfile.ZipInfo) -> bytes:
        """The content of a part that is a package or the list of types; b"" for any other part."""
        header, unpacked, kept = copy(part), 0, bytearray()
        # The reader stops at the size in the header, so a header that claims less must not stop it.
        header.file_size = self.left + 2 * CHUNK
        with package.open(header) as stream:
            while chunk := stream.read(CHUNK):
                unpacked += len(chunk)
                if unpacked > self.left or len(kept) > MAX_KEPT:
                    raise Refused(TOO_LARGE)
                if kept or chunk.startswith(PACKAGE) or part.filename == TYPES_PART:
                    kept += chunk
        if unpacked != part.file_size:
            raise Refused(BROKEN)
        self.left -= unpacked
        return bytes(kept)
