"""What a stranger's file really is: decided by its content, never by its name."""

import hashlib
import io
import zipfile
from dataclasses import dataclass
from pathlib import PurePath

import filetype
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from PIL import Image, UnidentifiedImageError

from yantian_portal.lib.errors import Refused

MAX_BYTES = 20 * 1024 * 1024
MAX_UNPACKED = 200 * 1024 * 1024
MAX_PIXELS = 50_000_000
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TYPES = {
    ".pdf": "application/pdf",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".docx": WORD,
    ".xlsx": SHEET,
}
WANTED = "请上传 PDF、JPG、PNG、Word(docx)或 Excel(xlsx)文件,每个不超过 20 MB。"


@dataclass(frozen=True)
class CheckedFile:
    """Safe to keep: content (pictures without their EXIF), type, digest, and the sender's name for display only."""

    content: ContentFile
    name: str
    content_type: str
    size: int
    sha256: str


def check(upload: UploadedFile) -> CheckedFile:
    """Raises Refused with what to do when the file is too large, of another type, or not what its name says."""
    name = PurePath(upload.name.replace("\\", "/")).name[:120]
    if upload.size > MAX_BYTES:
        raise Refused(f"“{name}”太大。{WANTED}")
    expected = TYPES.get(PurePath(name).suffix.lower())
    data = upload.read(MAX_BYTES + 1)
    guess = filetype.guess(data)
    if not expected or guess is None or guess.mime != expected:
        raise Refused(f"“{name}”的内容不是可以接收的类型。{WANTED}")
    if expected.startswith("image/"):
        data = _without_extras(data, guess.extension)
    elif expected in {WORD, SHEET}:
        _refuse_bombs(data)
    return CheckedFile(ContentFile(data, name), name, expected, len(data), hashlib.sha256(data).hexdigest())


def _without_extras(data: bytes, extension: str) -> bytes:
    """Drawn anew: where the picture was taken and anything hidden behind it stays behind."""
    kind = "JPEG" if extension == "jpg" else "PNG"
    try:
        image = Image.open(io.BytesIO(data))
        if image.width * image.height > MAX_PIXELS:
            raise Refused("图片尺寸太大,请缩小后再上传。")
        clean = io.BytesIO()
        image.convert("RGB" if kind == "JPEG" else "RGBA").save(clean, kind, quality=88)
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError) as problem:
        raise Refused("图片打不开,请换一张再上传。") from problem
    return clean.getvalue()


def _refuse_bombs(data: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            unpacked = sum(part.file_size for part in package.infolist())
    except zipfile.BadZipFile as problem:
        raise Refused("文件打不开,请重新保存后再上传。") from problem
    if unpacked > MAX_UNPACKED:
        raise Refused("文件解压后太大,请拆分后再上传。")
