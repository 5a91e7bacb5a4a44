"""A picture looks after it was made safe as it did before, and unfolds within bounds."""

import hashlib
import io
import threading
from collections.abc import Callable
from pathlib import PurePath
from random import Random

import filetype
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from common.errors import Refused
from common.files import pictures
from common.files.uploads import check, check_photo
from tests.fixtures.photos import image_of
from tests.fixtures.pictures import ALIKE, damaged, deep_grey, saved, sheet, sketch


def refusal(make: Callable, *args: object) -> str:
    """Why a picture is refused; "" where it is taken."""
    try:
        make(*args)
    except Refused as refused:
        return str(refused)
    return ""


def kind_of(data: bytes) -> str:
    return filetype.guess(data).mime


def levels(data: bytes) -> tuple[int, int]:
    """How bright the middle and the corner are, from 0 to 255."""
    image = image_of(data).convert("L")
    return image.getpixel((image.width // 2, image.height // 2)), image.getpixel((1, 1))


@pytest.mark.parametrize("case", ALIKE)
def test_ink_stays_dark_and_paper_light_in_a_residents_photo(case):
    photo = pictures.small_photo(ALIKE[case], kind_of(ALIKE[case]))
    middle, corner = levels(photo)
    assert image_of(photo).format == "JPEG"
    assert middle < 60
    assert corner > 200


@pytest.mark.parametrize("case", ALIKE)
def test_ink_stays_dark_and_paper_light_in_a_picture_of_staff(case):
    middle, corner = levels(pictures.clean_copy(ALIKE[case], kind_of(ALIKE[case]))[0])
    assert middle < 60
    assert corner > 200


def test_sixteen_bits_of_grey_keep_every_shade_that_eight_bits_can_show():
    kept = image_of(pictures.clean_copy(saved(deep_grey()), pictures.PNG)[0])
    assert kept.tobytes() == sheet().tobytes()


def test_what_is_transparent_is_white_and_half_of_it_is_grey():
    image = sketch()
    image.putpixel((1, 1), (0, 0, 0, 128))
    kept = image_of(pictures.clean_copy(saved(image), pictures.PNG)[0])
    assert kept.getpixel((0, 0)) == (255, 255, 255)
    assert kept.getpixel((1, 1)) == (127, 127, 127)


KEPT_SIZES = {
    (8192, 6144): (1600, 1200),
    (2400, 1200): (1600, 800),
    (1080, 9000): (720, 6000),
    (9000, 1080): (6000, 720),
    (1440, 3200): (720, 1600),
    (300, 200): (300, 200),
    (500, 9000): (500, 9000),
}


@pytest.mark.parametrize("size", KEPT_SIZES)
def test_the_shorter_side_of_a_photo_stays_long_enough_to_be_read(size):
    assert pictures._kept_size(*size) == KEPT_SIZES[size]


def test_the_longest_pictures_are_bounded_by_area_and_by_the_format():
    for size in [(1080, 20_000), (720, 34_000), (300, 83_000), (1, 200_000)]:
        width, height = pictures._kept_size(*size)
        assert width * height <= pictures.MAX_KEPT_PIXELS * 1.01
        assert height <= pictures.MAX_KEPT_SIDE
    assert pictures._kept_size(1080, 20_000)[0] == 720


def test_a_long_screenshot_can_be_read_when_it_is_kept():
    photo = image_of(pictures.small_photo(saved(sheet((1080, 9000))), pictures.PNG))
    assert photo.size == (720, 6000)


def test_a_noisy_photo_is_kept_small_enough_to_travel_in_its_form(monkeypatch):
    monkeypatch.setattr(pictures, "MAX_KEPT_BYTES", 60_000)
    noise = Image.frombytes("L", (400, 400), Random(7).randbytes(160_000))
    photo = pictures.small_photo(saved(noise), pictures.PNG)
    assert len(photo) <= 60_000


@pytest.fixture(scope="module")
def fifty_megapixels() -> bytes:
    """As phones of 50 megapixels write them: a hair above fifty millions."""
    return saved(Image.new("L", (8192, 6144), 142), "JPEG")


def test_a_photo_of_fifty_megapixels_is_decoded_at_a_fraction(fifty_megapixels, monkeypatch):
    decoded = []
    resized = Image.Image.resize
    monkeypatch.setattr(
        Image.Image,
        "resize",
        lambda image, *args, **more: decoded.append(image.size) or resized(image, *args, **more),
    )
    photo = image_of(pictures.small_photo(fifty_megapixels, pictures.JPEG))
    assert (photo.size, decoded) == ((1600, 1200), [(2048, 1536)])


def test_a_large_photo_of_staff_is_kept_at_a_fraction_and_whole_beside_it(fifty_megapixels):
    checked = check(SimpleUploadedFile("现场.jpg", fifty_megapixels))
    assert image_of(checked.content.read()).size == (4096, 3072)
    assert checked.original.read() == fifty_megapixels


class Header:
    """A picture of which only the size is known."""

    def __init__(self, kind: str, size: tuple[int, int], **info):
        self.kind, self.size, self.info = kind, size, info


# (kind, size, in passes) -> (taken from a resident, taken from staff)
BOUNDS = {
    ("JPEG", (16_320, 12_240), False): (True, True),
    ("JPEG", (16_400, 12_240), False): (False, False),
    ("JPEG", (7000, 7000), True): (True, True),
    ("JPEG", (8192, 6144), True): (False, False),
    ("PNG", (5000, 5000), False): (True, True),
    ("PNG", (5001, 5000), False): (False, True),
    ("PNG", (10_000, 5000), False): (False, True),
    ("PNG", (10_001, 5000), False): (False, False),
    ("WEBP", (5001, 5000), False): (False, True),
    ("WEBP", (10_001, 5000), False): (False, False),
}


@pytest.mark.parametrize("case", BOUNDS)
def test_a_picture_is_bounded_by_its_kind_and_sender_before_it_is_decoded(case, monkeypatch):
    kind, size, in_passes = case
    header = Header(kind, size, **({"progressive": 1} if in_passes else {}))
    for name in ("JpegImageFile", "PngImageFile", "WebPImageFile"):
        monkeypatch.setattr(pictures, name, lambda _file: header)
    monkeypatch.setattr(pictures, "_webp_size", lambda _data: size)

    def is_taken(limit: int) -> bool:
        return refusal(pictures._open, b"", f"image/{kind.lower()}", limit) == ""

    limits = (pictures.MAX_PIXELS_OF_RESIDENTS, pictures.MAX_PIXELS_OF_STAFF)
    assert tuple(map(is_taken, limits)) == BOUNDS[case]


@pytest.mark.parametrize("options", [{}, {"lossless": True}, {"exif": b"Exif\0\0x"}])
@pytest.mark.parametrize("size", [(1, 1), (123, 45), (300, 2000)])
def test_the_size_of_a_webp_is_read_from_its_header(size, options):
    mode = "RGBA" if options else "RGB"
    assert pictures._webp_size(saved(Image.new(mode, size), "WEBP", **options)) == size


def test_no_more_than_two_pictures_are_decoded_at_a_time(monkeypatch):
    data, at_once, highest = saved(sheet()), [], []
    both, go = threading.Semaphore(0), threading.Event()

    def slowly(*_args):
        at_once.append(1)
        highest.append(len(at_once))
        both.release()
        go.wait(5)
        at_once.pop()
        return Image.new("L", (2, 2))

    monkeypatch.setattr(pictures, "_open", slowly)
    threads = [
        threading.Thread(target=pictures.small_photo, args=(data, pictures.PNG)) for _ in range(5)
    ]
    for thread in threads:
        thread.start()
    assert both.acquire(timeout=5)
    assert both.acquire(timeout=5)
    assert not both.acquire(timeout=0.1)
    go.set()
    for thread in threads:
        thread.join(5)
    assert max(highest) == pictures.AT_ONCE == 2


def test_a_refused_picture_gives_its_turn_back():
    for _ in range(pictures.AT_ONCE + 1):
        with pytest.raises(Refused, match="打不开"):
            pictures.small_photo(b"\x89PNG\r\n\x1a\n" + bytes(40), pictures.PNG)
    assert pictures.small_photo(saved(sheet()), pictures.PNG)


def test_damage_anywhere_in_a_picture_is_a_refusal_and_never_an_error():
    random, files = Random(2026), list(ALIKE.values())
    for number in range(160):
        data = damaged(files[number % len(files)], random)
        for make in (pictures.small_photo, pictures.clean_copy):
            said = refusal(make, data, kind_of(files[number % len(files)]))
            assert said in {"", pictures.UNREADABLE, pictures.TOO_LARGE}


def test_a_webp_is_taken_from_residents_and_staff_and_kept_as_a_jpeg():
    data = ALIKE["webp"]
    assert image_of(check_photo(SimpleUploadedFile("wx.webp", data))).format == "JPEG"
    checked = check(SimpleUploadedFile("现场.webp", data))
    kept = checked.content.read()
    assert (checked.name, checked.content_type) == ("现场.jpg", "image/jpeg")
    assert image_of(kept).format == "JPEG"
    assert checked.sha256 == hashlib.sha256(kept).hexdigest()
    assert (checked.original.name, checked.original.read()) == ("现场.webp", data)


def test_only_what_was_drawn_anew_has_an_original_beside_it(tmp_path):
    checked = check(SimpleUploadedFile("a.png", ALIKE["grey"]))
    assert checked.original.read() == ALIKE["grey"]
    paper = check(SimpleUploadedFile("a.pdf", b"%PDF-1.4\n%%EOF\n"))
    assert paper.original is None


@pytest.mark.parametrize("kind", ["GIF", "BMP", "TIFF"])
def test_a_picture_of_another_kind_is_named_and_not_called_broken(kind):
    out = io.BytesIO()
    sheet().save(out, kind)
    name = str(PurePath("a").with_suffix(f".{kind.lower()}"))
    with pytest.raises(Refused, match=rf"是 {kind}.* 格式，这里不收。请选 JPG、PNG 或 WebP 照片"):
        check_photo(SimpleUploadedFile(name, out.getvalue()))
