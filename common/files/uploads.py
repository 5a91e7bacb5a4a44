"""What a stranger's file really is: decided by its content, never by its name."""

import hashlib
import io
import re
import struct
import zipfile
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

import filetype
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from PIL import Image, UnidentifiedImageError

from common.errors import Refused
from common.files.packages import BROKEN, LOCKED, PACKAGE, SHEET, WORD, office_kind

MAX_BYTES = 20 * 1024 * 1024
MAX_PIXELS = 50_000_000
MAX_PHOTO_BYTES = 15 * 1024 * 1024
# The longer side of what is kept of a citizen's photo: enough to read a street sign.
PHOTO_SIDE = 1600
MAX_NAME = 120
PDF = "application/pdf"
TYPES = {
    ".pdf": PDF,
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".docx": WORD,
    ".xlsx": SHEET,
}
FORMATS = {"image/jpeg": ("JPEG", "RGB"), "image/png": ("PNG", "RGBA")}
# Which way a camera says that it was held -> how to turn it back; 1 is upright.
ORIENTATION = 0x0112
TURNS = dict(
    enumerate(
        (
            Image.Transpose.FLIP_LEFT_RIGHT,
            Image.Transpose.ROTATE_180,
            Image.Transpose.FLIP_TOP_BOTTOM,
            Image.Transpose.TRANSPOSE,
            Image.Transpose.ROTATE_270,
            Image.Transpose.TRANSVERSE,
            Image.Transpose.ROTATE_90,
        ),
        start=2,
    )
)
# What an office program writes instead of a package when it is given a password, and what it wrote before 2007.
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# How a paper says that it is locked: the name, each sign plain or in its number, and what it points to or holds.
# Wherever it stands, for readers find it wherever it stands; it is never itself packed or locked.
BLANK = rb"(?:[\0\t\n\f\r ]|%[^\r\n]*[\r\n])*"
NAME = b"".join(b"(?:%c|#%02x|#%02X)" % (sign, sign, sign) for sign in b"Encrypt")
ENCRYPT = re.compile(b"/%b%b(?:<<|[0-9]+%b[0-9]+%bR)" % (NAME, BLANK, BLANK, BLANK))
WANTED_PHOTO = "请选 JPG 或 PNG 照片，不超过 15 MB。"
HEIC = "是苹果手机的 HEIC 格式，这里打不开。请把这张照片截屏，再选截屏；或在“设置、相机、格式”里选“兼容性最佳”后重拍。"
WANTED = "请上传 PDF、JPG、PNG、Word(docx)或 Excel(xlsx)文件，每个不超过 20 MB。"


@dataclass(frozen=True)
class CheckedFile:
    """Safe to keep: content (pictures without their EXIF), type, digest, and the sender's name for display only."""

    content: ContentFile
    name: str
    content_type: str
    size: int
    sha256: str

    @property
    def columns(self) -> dict[str, Any]:
        """As every row that keeps a file calls them."""
        about = {name: getattr(self, name) for name in ("name", "content_type", "size", "sha256")}
        return {"file": self.content} | about


class NotRead(UploadedFile):
    """Stands where a file stood whose form was too long to be read; `size` is the whole form's, the content is lost."""

    def __init__(self, name: str, size: int):
        super().__init__(io.BytesIO(), name, size=size)


def check(upload: UploadedFile) -> CheckedFile:
    """Raises Refused with what to do when the file is too large, of another type, or not what its name says."""
    name = shown_name(upload.name)
    if isinstance(upload, NotRead):
        raise Refused(f"一次要传 {upload.size // 1024**2} MB，太大，文件没有接收。{WANTED}")
    try:
        data, kind = _content(upload, TYPES.get(PurePath(name).suffix.lower(), ""))
    except Refused as refused:
        raise Refused(f"“{name}”{refused}") from refused
    return CheckedFile(ContentFile(data, name), name, kind, len(data), hashlib.sha256(data).hexdigest())


def check_photo(upload: UploadedFile) -> bytes:
    """A citizen's photo as it is kept: a JPEG no larger than needed, without what the phone wrote into it."""
    name = shown_name(upload.name)
    if isinstance(upload, NotRead) or upload.size > MAX_PHOTO_BYTES:
        raise Refused(f"“{name}”有 {-(-upload.size // 1024**2)} MB，太大。{WANTED_PHOTO}")
    data = upload.read(MAX_PHOTO_BYTES + 1)
    content_type = _kind(data)
    if content_type == "image/heic" or PurePath(name).suffix.lower() in {".heic", ".heif"}:
        raise Refused(f"“{name}”{HEIC}")
    if content_type not in FORMATS:
        raise Refused(f"“{name}”不是照片，或者已经损坏。{WANTED_PHOTO}")
    try:
        return _drawn_anew(data, content_type, side=PHOTO_SIDE)
    except Refused as refused:
        raise Refused(f"“{name}”{refused}") from refused


def shown_name(given: str) -> str:
    """The last part of the name, without signs that cannot be seen; its ending outlives the cut."""
    last = PurePath(given.replace("\\", "/")).name
    name = PurePath("".join(sign for sign in last if sign.isprintable()))
    return f"{name.stem[: MAX_NAME - len(name.suffix)]}{name.suffix}"[:MAX_NAME]


def _content(upload: UploadedFile, expected: str) -> tuple[bytes, str]:
    """What is to be kept and its type; Refused with the rest of a sentence that begins with the file's name."""
    if upload.size > MAX_BYTES:
        raise Refused(f"太大。{WANTED}")
    data = upload.read(MAX_BYTES + 1)
    if expected in {WORD, SHEET} and data.startswith(OLD_OFFICE):
        raise Refused(LOCKED)
    if not expected or _kind(data) != expected:
        raise Refused(f"的内容不是可以接收的类型。{WANTED}")
    if expected == PDF:
        _refuse_tails(data)
        _refuse_locks(data)
    elif expected.startswith("image/"):
        data = _drawn_anew(data, expected)
    return data, expected


def _kind(data: bytes) -> str:
    if data.startswith(PACKAGE):
        return office_kind(data)
    guess = filetype.guess(data)
    return guess.mime if guess else ""


def _refuse_tails(data: bytes) -> None:
    """A paper ends with its end mark: what follows is another file behind its back, what lacks it is half a paper."""
    if b"%%EOF" not in data[-1024:] or zipfile.is_zipfile(io.BytesIO(data)):
        raise Refused(BROKEN)


def _refuse_locks(data: bytes) -> None:
    """A locked paper cannot be looked into, not even one that opens for everybody and only forbids to print."""
    if ENCRYPT.search(data):
        raise Refused(LOCKED)


def _drawn_anew(data: bytes, mime: str, side: int | None = None) -> bytes:
    """Where the picture was taken and anything hidden in it or behind it stays behind; which way is up does not.

    With `side` it is drawn smaller, if it is larger, and always as a JPEG.
    """
    kind, mode = FORMATS[mime]
    clean = io.BytesIO()
    try:
        image = Image.open(io.BytesIO(data), formats=[kind])
        if image.width * image.height > MAX_PIXELS:
            raise Image.DecompressionBombError
        if side:
            image.thumbnail((side, side))
            kind, mode = FORMATS["image/jpeg"]
        image = _upright(image).convert(mode)
        image.info.clear()
        image.save(clean, kind, quality=88)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as problem:
        raise Refused("图片尺寸太大，请缩小后再上传。") from problem
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as problem:
        raise Refused("图片打不开，请换一张再上传。") from problem
    return clean.getvalue()


def _upright(image: Image.Image) -> Image.Image:
    """A torn note of which way is up is no reason to refuse the picture."""
    try:
        turn = TURNS.get(image.getexif().get(ORIENTATION))
    except (OSError, SyntaxError, TypeError, ValueError, struct.error):
        turn = None
    return image if turn is None else image.transpose(turn)
