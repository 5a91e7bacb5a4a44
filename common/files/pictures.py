"""Draws uploaded pictures anew: upright, in eight bits, without what is hidden in the file.

A picture of a few kilobytes can unfold to gigabytes. Its size is therefore read from its header
and bounded before anything is decoded, a large JPEG is decoded at a fraction of its size, and only
AT_ONCE pictures are decoded at the same time.
"""

import io
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from math import sqrt
from threading import BoundedSemaphore

from PIL import Image
from PIL.ImageFile import ImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.WebPImagePlugin import WebPImageFile

from common.errors import Refused

JPEG, PNG, WEBP = "image/jpeg", "image/png", "image/webp"
KINDS = (JPEG, PNG, WEBP)
AT_ONCE = 2
_decoders = BoundedSemaphore(AT_ONCE)

# Pixels. A JPEG can be decoded at a fraction; others, and one that comes in several passes, unfold
# whole. Whoever writes from outside gets less than staff.
MAX_PIXELS_BY_FRACTION = 200_000_000
MAX_PIXELS_OF_STAFF = 50_000_000
MAX_PIXELS_OF_RESIDENTS = 25_000_000
# Of a resident's photo as it is kept, in pixels: enough for a street sign on the longer side; for
# a long screenshot the shorter side counts, whose words cannot be read below this.
PHOTO_SIDE = 1600
READABLE_SIDE = 720
MAX_KEPT_PIXELS = 12_000_000
# The JPEG format ends at 65,535.
MAX_KEPT_SIDE = 65_000
# Bytes: the photo travels in its form, in base64, until the letter is sent.
MAX_KEPT_BYTES = 3_000_000
QUALITIES = (88, 75, 60)

# The EXIF tag for how the camera was held, and for each of its values how to turn the picture
# upright.
ORIENTATION = 0x0112
UPRIGHT = 1
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
TOO_LARGE = "图片尺寸太大，请缩小后再上传。"
UNREADABLE = "图片打不开，请换一张再上传。"


def small_photo(data: bytes, kind: str) -> bytes:
    """A resident's photo as a JPEG small enough to travel in a form and large enough to be read.

    `kind`: one of KINDS. Raises Refused; the reason continues a sentence that begins with the
    file's name.
    """
    with _decoding():
        image = _open(data, kind, MAX_PIXELS_OF_RESIDENTS)
        turn, size = _turn(image), _kept_size(*image.size)
        if isinstance(image, JpegImageFile):
            image.draft(None, size)
        plain = _on_white(image)
        if plain.size != size:
            plain = plain.resize(size, Image.Resampling.BICUBIC, reducing_gap=2.0)
        return _small_jpeg(_turned(plain, turn))


def clean_copy(data: bytes, kind: str) -> tuple[bytes, str]:
    """The picture of a member of staff and its type: in full size, but for very large JPEGs.

    A WebP becomes a JPEG, because older programs of offices open none. Raises Refused as
    `small_photo` does.
    """
    with _decoding():
        image = _open(data, kind, MAX_PIXELS_OF_STAFF)
        turn = _turn(image)
        if isinstance(image, JpegImageFile):
            _draft_within(image, MAX_PIXELS_OF_STAFF)
        clean = _turned(_on_white(image), turn)
        return (_saved(clean, "PNG"), PNG) if kind == PNG else (_saved(clean, "JPEG"), JPEG)


@contextmanager
def _decoding() -> Iterator[None]:
    """One of the few turns to decode; every error of the decoder becomes Refused, because
    a damaged file can fail anywhere.
    """
    with _decoders:
        try:
            yield
        except Refused:
            raise
        except MemoryError as problem:
            raise Refused(TOO_LARGE) from problem
        except Exception as problem:
            raise Refused(UNREADABLE) from problem


def _open(data: bytes, kind: str, limit: int) -> ImageFile:
    """The picture with its header read and nothing decoded.

    The readers are called by name: Pillow's own bound knows no fractions, and its WebP reader
    makes room for the whole picture when it opens one.
    """
    if kind == WEBP:
        _check_size(*_webp_size(data), limit)
        return WebPImageFile(io.BytesIO(data))
    image = JpegImageFile(io.BytesIO(data)) if kind == JPEG else PngImageFile(io.BytesIO(data))
    if kind == JPEG:
        limit = MAX_PIXELS_OF_STAFF if image.info.get("progressive") else MAX_PIXELS_BY_FRACTION
    _check_size(*image.size, limit)
    _narrow_unseen(image)
    return image


def _check_size(width: int, height: int, limit: int) -> None:
    if width * height > limit:
        raise Refused(TOO_LARGE)


def _webp_size(data: bytes) -> tuple[int, int]:
    """Width and height from the header of each of the three forms of WebP."""
    if data[12:16] == b"VP8X":
        return _little(data[24:27]) + 1, _little(data[27:30]) + 1
    if data[12:16] == b"VP8L":
        bits = _little(data[21:25])
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    return _little(data[26:28]) & 0x3FFF, _little(data[28:30]) & 0x3FFF


def _little(data: bytes) -> int:
    return int.from_bytes(data, "little")


def _draft_within(image: JpegImageFile, limit: int) -> None:
    """Has the JPEG decoded at a half, quarter or eighth, whichever is first within the limit."""
    width, height = image.size
    for part in (1, 2, 4, 8):
        if (width // part) * (height // part) <= limit:
            image.draft(None, (width // part, height // part))
            return


def _kept_size(width: int, height: int) -> tuple[int, int]:
    """The size in which a resident's photo is kept."""
    longer, shorter = max(width, height), min(width, height)
    scale = min(
        max(PHOTO_SIDE / longer, READABLE_SIDE / shorter),
        MAX_KEPT_SIDE / longer,
        sqrt(MAX_KEPT_PIXELS / (width * height)),
        1,
    )
    return max(1, round(width * scale)), max(1, round(height * scale))


def _plain(image: Image.Image) -> Image.Image:
    """The picture decoded, in eight bits for each of grey (L), colours (RGB) and sight (RGBA)."""
    if image.mode.startswith("I"):
        image = _high_bytes(image)
    if _is_transparent(image):
        return _converted(image, "RGBA")
    return _converted(image, "L" if image.mode in ("1", "L") else "RGB")


def _narrow_unseen(image: ImageFile) -> None:
    """Brings the colour of a PNG that cannot be seen to eight bits.

    As it decodes, Pillow narrows points of sixteen bits to eight, but not this colour.
    """
    unseen = image.info.get("transparency")
    if unseen is None or ";16" not in str(image.tile):
        return
    is_grey = isinstance(unseen, int)
    image.info["transparency"] = unseen >> 8 if is_grey else tuple(part >> 8 for part in unseen)


def _is_transparent(image: Image.Image) -> bool:
    return image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info


def _converted(image: Image.Image, mode: str) -> Image.Image:
    """Without the copy that Pillow makes where the mode is right already."""
    if image.mode != mode:
        return image.convert(mode)
    image.load()
    return image


def _high_bytes(image: Image.Image) -> Image.Image:
    """Grey of sixteen bits in eight; Pillow's own way makes everything above 255 white."""
    if image.mode == "I":
        image = image.convert("I;16")
    narrowed = Image.frombytes("L", image.size, image.tobytes("raw", "I;16")[1::2])
    narrowed.info = image.info
    return narrowed


def _on_white(image: Image.Image) -> Image.Image:
    """The picture as on paper: below what is transparent many files are black, and so are some
    programs that show them.
    """
    plain = _plain(image)
    if plain.mode != "RGBA":
        return plain
    paper = Image.new("RGB", plain.size, "white")
    paper.paste(plain, mask=plain.getchannel("A"))
    return paper


def _turn(image: Image.Image) -> Image.Transpose | None:
    """How to turn it upright; unreadable EXIF data is no reason to refuse a picture."""
    try:
        return TURNS.get(image.getexif().get(ORIENTATION, UPRIGHT))
    except (OSError, SyntaxError, TypeError, ValueError, struct.error):
        return None


def _turned(image: Image.Image, turn: Image.Transpose | None) -> Image.Image:
    return image if turn is None else image.transpose(turn)


def _small_jpeg(image: Image.Image) -> bytes:
    """The picture within MAX_KEPT_BYTES: coarser first, smaller only if that is not enough."""
    for quality in QUALITIES:
        saved = _saved(image, "JPEG", quality)
        if len(saved) <= MAX_KEPT_BYTES:
            return saved
    width, height = image.size
    return _small_jpeg(image.resize((max(1, width * 3 // 4), max(1, height * 3 // 4))))


def _saved(image: Image.Image, kind: str, quality: int = QUALITIES[0]) -> bytes:
    image.info.clear()
    clean = io.BytesIO()
    image.save(clean, kind, quality=quality)
    return clean.getvalue()
