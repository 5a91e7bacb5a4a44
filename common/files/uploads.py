"""Checks uploaded files: their type is decided by their content, never by their name alone."""

import hashlib
import io
import re
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import Any

import filetype
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile

from common.errors import Refused
from common.files import pictures
from common.files.packages import LOCKED, OLD_OFFICE, PACKAGE, SHEET, WORD, office_kind
from common.files.papers import PDF, check_pdf, is_pdf
from common.files.scanning import refuse_infected

MAX_BYTES = 20 * 1024 * 1024
MAX_PHOTO_BYTES = 15 * 1024 * 1024
MAX_NAME = 120
TYPES = {
    ".pdf": PDF,
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".webp": "image/webp",
    ".docx": WORD,
    ".xlsx": SHEET,
}
# What a picture is called that is of another kind than its name says.
ENDINGS = {pictures.JPEG: ".jpg", pictures.PNG: ".png"}
WANTED_PHOTO = "请选 JPG、PNG 或 WebP 照片，不超过 15 MB。"
HEIC = (
    "是苹果手机的 HEIC 格式，这里打不开。请把这张照片截屏，再选截屏；或在“设置、相机、"
    "格式”里选“兼容性最佳”后重拍。"
)
TAKEN_AS = {"image/apng": pictures.PNG}
HEIC_KIND = "image/heic"
# How an iPhone's pictures begin, those of several shots in one file too.
HEIC_HEAD = re.compile(rb".{4}ftyp(?:hei[cmsx]|hev[cmsx])", re.DOTALL)
# Formats of old or other office programs -> what those programs can save instead.
SAVE_AS = {
    ".doc": "docx 或 PDF",
    ".wps": "docx 或 PDF",
    ".xls": "xlsx 或 PDF",
    ".et": "xlsx 或 PDF",
    ".ofd": "PDF",
    ".ppt": "PDF",
    ".pptx": "PDF",
    ".dps": "PDF",
}
NO_ROOM_LEFT = "没有收到：服务器暂时存不下文件，问题在我们这边。请过几分钟再选一次。"
WANTED = "请上传 PDF、JPG、PNG、WebP、Word(docx)或 Excel(xlsx)文件，每个不超过 20 MB。"


@dataclass(frozen=True)
class CheckedFile:
    """An upload that is safe to keep; `name` is the sender's and for display only.

    `content`: pictures drawn anew, without their EXIF; `size` in bytes. `original`: the file as it
    was sent, where it was drawn anew.
    """

    content: ContentFile
    name: str
    content_type: str
    size: int
    sha256: str
    original: ContentFile | None = None

    @property
    def columns(self) -> dict[str, Any]:
        """The values for the model fields that every row with a file has."""
        fields = {name: getattr(self, name) for name in ("name", "content_type", "size", "sha256")}
        return {"file": self.content} | fields

    @property
    def original_columns(self) -> dict[str, Any]:
        """The values for the model fields of a row that keeps the original as well."""
        if self.original is None:
            return {}
        digest = hashlib.sha256(self.original.read()).hexdigest()
        self.original.seek(0)
        return {"original": self.original, "original_sha256": digest}


class NotRead(UploadedFile):
    """Stands for a file that was not read, because its form was too long.

    `size`: bytes of the whole form.
    """

    def __init__(self, name: str, size: int):
        super().__init__(io.BytesIO(), name, size=size)


class NoRoom(NotRead):
    """Stands for a file that came while the disk was full."""


def check(upload: UploadedFile) -> CheckedFile:
    """The file checked for keeping.

    Raises Refused if it is too large, of another type, locked, or not what its name says.
    """
    name = display_name(upload.name or "")
    _refuse_without_room(upload, name)
    if isinstance(upload, NotRead):
        raise Refused(f"一次要传 {_size(upload) // 1024**2} MB，太大，文件没有接收。{WANTED}")
    ending = PurePath(name).suffix.lower()
    if ending in SAVE_AS:
        raise Refused(f"“{name}”请另存为 {SAVE_AS[ending]} 再上传，{ending[1:]} 格式不收。")
    try:
        return _checked(_content(upload, TYPES.get(ending, "")), name)
    except Refused as refused:
        raise Refused(f"“{name}”{refused}") from refused


def _refuse_without_room(upload: UploadedFile, name: str) -> None:
    if isinstance(upload, NoRoom):
        raise Refused(f"“{name}”{NO_ROOM_LEFT}")


def _checked(content: tuple[bytes, str], name: str) -> CheckedFile:
    """The file to keep; `content`: its bytes as sent, and its type."""
    data, kind = content
    refuse_infected(data)
    if kind not in pictures.KINDS:
        return _file(data, name, kind)
    clean, clean_kind = pictures.clean_copy(data, kind)
    # A picture that is of another kind than its name says is kept with the name of its kind.
    path = PurePath(name)
    is_named = TYPES.get(path.suffix.lower()) == clean_kind
    shown = name if is_named else f"{path.stem}{ENDINGS[clean_kind]}"
    return replace(_file(clean, shown, clean_kind), original=ContentFile(data, name))


def _file(data: bytes, name: str, kind: str) -> CheckedFile:
    sha256 = hashlib.sha256(data).hexdigest()
    return CheckedFile(ContentFile(data, name), name, kind, len(data), sha256)


def check_photo(upload: UploadedFile) -> bytes:
    """A citizen's photo as a small JPEG, without its EXIF data.

    Raises Refused if it is too large, no photo, or in a format that cannot be read.
    """
    name = display_name(upload.name or "")
    _refuse_without_room(upload, name)
    try:
        return _photo(upload, PurePath(name).suffix.lower())
    except Refused as refused:
        raise Refused(f"“{name}”{refused}") from refused


def _photo(upload: UploadedFile, ending: str) -> bytes:
    """The photo drawn anew.

    Raises Refused; the reason continues a sentence that begins with the file's name.
    """
    if isinstance(upload, NotRead) or _size(upload) > MAX_PHOTO_BYTES:
        raise Refused(f"有 {-(-_size(upload) // 1024**2)} MB，太大。{WANTED_PHOTO}")
    data = upload.read(MAX_PHOTO_BYTES + 1)
    refuse_infected(data)
    kind = _kind(data)
    if kind in pictures.KINDS:
        return pictures.small_photo(data, kind)
    _refuse_other_picture(HEIC_KIND if ending in {".heic", ".heif"} else kind, WANTED_PHOTO)
    raise Refused(f"不是照片，或者已经损坏。{WANTED_PHOTO}")


def _refuse_other_picture(kind: str, wanted: str) -> None:
    """Raises Refused, with what to do, for a picture of a kind that is not taken."""
    if kind == HEIC_KIND:
        raise Refused(HEIC)
    if kind.startswith("image/") and kind not in pictures.KINDS:
        raise Refused(f"是 {kind.rpartition('/')[2].upper()} 格式，这里不收。{wanted}")


def _size(upload: UploadedFile) -> int:
    """Its size in bytes as Django counted them while it was received."""
    return upload.size or 0


def display_name(name: str) -> str:
    """A file name without its folders and invisible characters, shortened before the ending."""
    last = PurePath(name.replace("\\", "/")).name
    path = PurePath("".join(sign for sign in last if sign.isprintable()))
    return f"{path.stem[: MAX_NAME - len(path.suffix)]}{path.suffix}"[:MAX_NAME]


def _content(upload: UploadedFile, expected: str) -> tuple[bytes, str]:
    """The bytes as sent and their type.

    Raises Refused; the reason continues a sentence that begins with the file's name.
    """
    if _size(upload) > MAX_BYTES:
        raise Refused(f"太大。{WANTED}")
    data = upload.read(MAX_BYTES + 1)
    kind = _accepted_kind(data, expected)
    if kind == PDF:
        check_pdf(data)
    return data, kind


def _accepted_kind(data: bytes, expected: str) -> str:
    """The content decides; `expected` is the type that the ending of the name promises.

    Telephones and chat programs name one kind of picture like another; all are drawn anew.
    """
    if expected in {WORD, SHEET} and data.startswith(OLD_OFFICE):
        raise Refused(LOCKED)
    kind = _kind(data)
    if kind == expected != "" or {kind, expected} <= set(pictures.KINDS):
        return kind
    _refuse_other_picture(kind, WANTED)
    raise Refused(f"的内容不是可以接收的类型。{WANTED}")


def _kind(data: bytes) -> str:
    if data.startswith(PACKAGE):
        return office_kind(data)
    if is_pdf(data):
        return PDF
    guess = filetype.guess(data)
    return _picture_kind(data, guess.mime if guess else "")


def _picture_kind(data: bytes, guessed: str) -> str:
    """The kind that was guessed, but for pictures which the library knows too little or too well:
    a PNG that can move begins with a whole one that cannot.
    """
    return HEIC_KIND if HEIC_HEAD.match(data) else TAKEN_AS.get(guessed, guessed)
