"""A file is what its content says; what is dangerous, hidden or too large stays outside."""

import hashlib
import io
import re
import time

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageFile

from common.errors import Refused
from common.files import pictures, uploads
from common.files.uploads import check, display_name
from progress.models import Evidence
from tests.fixtures.lists import PDF
from tests.fixtures.office_files import package, word


def upload(name: str, data: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def picture(kind: str, size=(8, 6), **options) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "teal").save(out, kind, **options)
    return out.getvalue()


GOOD = {
    "签到表.pdf": PDF,
    "现场.JPG": picture("JPEG"),
    "图.png": picture("PNG"),
    "说明.docx": word(),
}


@pytest.mark.parametrize("name", GOOD)
def test_a_file_of_an_accepted_kind_is_kept_with_the_digest_of_what_is_kept(name):
    checked = check(upload(name, GOOD[name]))
    kept = checked.content.read()
    assert (checked.name, checked.size) == (name, len(kept))
    assert checked.sha256 == hashlib.sha256(kept).hexdigest()
    assert checked.content_type in uploads.TYPES.values()


@pytest.mark.parametrize(
    ("name", "kind", "kept"),
    [("a.png", "JPEG", "a.jpg"), ("a.jpg", "PNG", "a.png"), ("a.jpeg", "WEBP", "a.jpeg")],
)
def test_a_picture_that_is_named_like_another_kind_is_kept_under_its_own(name, kind, kept):
    assert check(upload(name, picture(kind))).name == kept


BAD = {
    "a page under the name of a paper": ("a.pdf", b"<html><script>alert(1)</script>"),
    "a program under the name of a picture": ("a.png", b"MZ\x90\x00" + bytes(64)),
    "a picture under the name of a paper": ("a.pdf", picture("PNG")),
    "a kind nobody asked for": (
        "a.svg",
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
    ),
    "a second ending": ("a.pdf.exe", PDF),
    "no ending": ("pdf", PDF),
    "an old format that may carry macros": (
        "a.doc",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512),
    ),
    "nothing in it": ("a.pdf", b""),
    "half a picture": ("a.jpg", picture("JPEG", (400, 400))[:500]),
    "half a package": ("a.docx", word()[:-40]),
    "half a paper": ("a.pdf", b"%PDF-1.4\n" + bytes(2000)),
    "a package behind a paper": ("a.pdf", PDF + package({"a.txt": b"x"})),
    "a page behind a paper and blanks": ("a.pdf", PDF + bytes(3000) + b"<script>1</script>" * 100),
    "a paper that begins too late": ("a.pdf", bytes(1024) + PDF),
    "a page that speaks of a paper": ("a.pdf", b"\n<html>%PDF-1.4 %%EOF</html>"),
    "a program that speaks of a paper": ("a.pdf", b"MZ\x90\x00" + bytes(64) + PDF),
    "a page behind a paper": ("a.pdf", PDF + b"<script>alert(1)</script>" * 100),
    "a script that begins like a moving picture": ("a.jpg", b"GIF89a=1;alert(1)//" + bytes(64)),
    "a moving picture": ("a.gif", picture("GIF")),
    "a page": ("a.html", b"<!doctype html><script>alert(1)</script>"),
}


@pytest.mark.parametrize("case", BAD)
def test_a_file_whose_content_is_not_what_its_name_says_is_refused_in_words(case):
    name, data = BAD[case]
    with pytest.raises(Refused, match=r"请上传|再上传"):
        check(upload(name, data))


@pytest.mark.parametrize("ending", uploads.SAVE_AS)
def test_a_file_of_another_office_program_is_refused_with_the_format_to_save_it_in(ending):
    with pytest.raises(Refused, match=rf"“a\{ending}”请另存为 .*(docx|xlsx|PDF) 再上传"):
        check(upload(f"a{ending}", b"whatever is in it"))


def paper(trailer: bytes) -> bytes:
    return b"%PDF-1.7\n1 0 obj << /Type /Catalog >> endobj\n" + trailer + b"\nstartxref\n0\n%%EOF\n"


LOCKS = {
    "a lock by reference": paper(b"trailer << /Root 1 0 R /Encrypt 5 0 R >>"),
    "a lock written out": paper(b"trailer <</Encrypt<</Filter/Standard/V 2>>/Root 1 0 R>>"),
    "a lock in a packed table": paper(
        b"2 0 obj <</Type/XRef/Encrypt 5 0 R/Length 3>>stream\nabc\nendstream endobj"
    ),
    "a name in numbers": paper(b"trailer << /#45ncr#79pt 5 0 R >>"),
    "a remark in between": paper(
        b"trailer << /Encrypt % 5\r\n 5\0000 R >>".replace(b"\0000", b"\x00 0")
    ),
    "an older half that is locked": paper(b"trailer << /Encrypt 5 0 R >>")
    + paper(b"trailer << /Prev 9 >>"),
}
OPEN = {
    "none": paper(b"trailer << /Root 1 0 R >>"),
    "a lock that is spoken of": paper(b"trailer << /Info << /Title (/Encrypt) >> >>"),
    "another name": paper(b"trailer << /EncryptMetadata 5 0 R /NoEncrypt 5 0 R >>"),
    "a count after it": paper(b"<< /Names [/Encrypt 5 0 /R] >>"),
    "a lock in the words of a page": paper(
        b"4 0 obj <</Length 60>>\nstream\n(trailer << see /Encrypt 5 0 R) Tj\nendstream endobj"
        b"\ntrailer << /Root 1 0 R >>"
    ),
    "a lock in the words of an object": paper(
        b"4 0 obj <</Type/Annot/Contents (see /Encrypt 5 0 R)>> endobj\ntrailer << /Root 1 0 R >>"
    ),
    "a lock in a title of the trailer": paper(
        b"trailer << /Root 1 0 R /Title (how \\) /Encrypt 5 0 R locks) >>"
    ),
    "zeros behind the end": paper(b"trailer << /Root 1 0 R >>") + bytes(3004),
    "blanks behind the end": paper(b"trailer << /Root 1 0 R >>") + b" \r\n" * 2000,
    "lines of a server in front": b"HTTP/1.1 200 OK\r\nContent-Type: application/pdf\r\n\r\n"
    + paper(b"trailer << /Root 1 0 R >>"),
    "an empty start": bytes(1000) + paper(b"trailer << /Root 1 0 R >>"),
    "lines of a printer in front": b"\x1b%-12345X@PJL\r\n" + paper(b"trailer << /Root 1 0 R >>"),
    "a mark in front": b"\xef\xbb\xbf" + paper(b"trailer << /Root 1 0 R >>"),
}


@pytest.mark.parametrize("case", LOCKS)
def test_an_encrypted_pdf_is_refused_with_what_to_do(case):
    with pytest.raises(Refused, match=r"“a\.pdf”加了密码，请去掉密码后再上传"):
        check(upload("a.pdf", LOCKS[case]))


@pytest.mark.parametrize("case", OPEN)
def test_a_pdf_that_is_not_encrypted_is_kept(case):
    assert check(upload("a.pdf", OPEN[case])).size == len(OPEN[case])


@pytest.mark.parametrize("made_of", [b"(", b"(a\\", b"stream\n", b"trailer", b"/XRef", b"endobj"])
def test_a_pdf_made_to_be_searched_for_long_is_checked_in_one_pass(made_of):
    began = time.process_time()
    check(upload("a.pdf", b"%PDF-1.7\n" + made_of * (2_000_000 // len(made_of)) + b"\n%%EOF\n"))
    assert time.process_time() - began < 2


def test_a_file_that_is_too_large_is_refused_before_its_content_is_read(monkeypatch):
    monkeypatch.setattr(uploads, "MAX_BYTES", 100)
    with pytest.raises(Refused, match="太大"):
        check(upload("a.pdf", PDF + bytes(100)))


def test_a_file_of_exactly_the_limit_is_kept(monkeypatch):
    assert uploads.MAX_BYTES == 20 * 1024**2
    monkeypatch.setattr(uploads, "MAX_BYTES", len(PDF))
    assert check(upload("a.pdf", PDF)).size == len(PDF)
    with pytest.raises(Refused, match="太大"):
        check(upload("a.pdf", PDF + b"\n"))


def test_a_picture_that_unfolds_without_end_is_refused(monkeypatch):
    monkeypatch.setattr(pictures, "MAX_PIXELS_OF_STAFF", 10_000)
    with pytest.raises(Refused, match="尺寸太大"):
        check(upload("a.png", picture("PNG", (101, 100))))


def test_metadata_of_a_picture_and_data_hidden_behind_it_are_not_kept():
    exif = Image.Exif()
    exif[0x010E] = "place of the camera"
    data = picture("JPEG", exif=exif, comment=b"hidden words") + b"<script>hidden</script>"
    assert b"place of the camera" in data
    assert b"hidden words" in data
    kept = check(upload("a.jpg", data)).content.read()
    assert b"place of the camera" not in kept
    assert b"hidden" not in kept
    assert not Image.open(io.BytesIO(kept)).getexif()


def test_a_picture_taken_upright_stays_upright():
    exif = Image.Exif()
    exif[0x0112] = 6
    kept = check(upload("a.jpg", picture("JPEG", (8, 6), exif=exif))).content
    assert Image.open(kept).size == (6, 8)


def test_a_picture_of_a_hundred_million_points_is_refused_before_it_is_drawn(monkeypatch):
    out = io.BytesIO()
    Image.new("1", (10_000, 10_000)).save(out, "PNG")
    monkeypatch.setattr(ImageFile.ImageFile, "load", lambda image: pytest.fail("drawn"))
    with pytest.raises(Refused, match="尺寸太大"):
        check(upload("a.png", out.getvalue()))


PATHS = [
    "../../etc/cron.d/x.pdf",
    "..\\..\\x.pdf",
    "/tmp/x.pdf",
    "x\0.pdf",
    "C:\\temp\\x.pdf",
    "\u202ex.pdf",
]


@pytest.mark.parametrize("name", PATHS)
def test_a_path_or_an_unseen_sign_in_a_name_leads_nowhere(name):
    assert display_name(name) == "x.pdf"


def test_a_long_name_keeps_its_ending():
    assert check(upload("长" * 200 + ".pdf", PDF)).name == "长" * 116 + ".pdf"


def test_a_second_ending_in_front_is_a_name_and_nothing_more(form, client):
    assert form(upload("a.php.pdf", PDF)).status_code == 302
    row = Evidence.objects.get()
    assert re.fullmatch(r"evidence/\d+/[0-9a-f]{32}\.pdf", row.file.name)
    assert client.get(f"/media/{row.file.name}").status_code == 404
    assert client.get(f"/{row.file.name}").status_code == 404


def test_evidence_of_a_draft_is_not_found_by_another_unit(form, client, people):
    form(upload("a.pdf", PDF))
    address = f"/evidence/{Evidence.objects.get().pk}/"
    client.logout()
    assert client.get(address).status_code == 404
    client.force_login(people.stranger)
    assert client.get(address).status_code == 404


@pytest.fixture
def form(client, office):
    office.save()
    client.force_login(office.people.reporter)
    address = "/staff/reports/wp2013-18/2013-2/"

    def send(*files: SimpleUploadedFile):
        return client.post(
            address, {"version": "1", "narrative": "写好的话。", "save": "", "files": list(files)}
        )

    return send


def test_a_refused_file_is_named_and_what_was_typed_is_not_lost(form):
    page = form(upload("a.pdf", b"MZ no paper")).content.decode()
    assert "“a.pdf”的内容不是可以接收的类型" in page
    assert "写好的话。" in page
    assert not Evidence.objects.exists()


def test_a_name_full_of_signs_is_kept_for_reading_only(form, client):
    assert form(upload('x"><b>.pdf', PDF)).status_code == 302
    row = Evidence.objects.get()
    assert row.name == 'x"><b>.pdf'
    assert row.file.name.startswith("evidence/")
    assert "b>" not in row.file.name
    assert "<b>.pdf" not in client.get("/staff/reports/wp2013-18/2013-2/").content.decode()
    sent = client.get(f"/evidence/{row.pk}/")
    assert sent["Content-Disposition"].startswith("attachment")
    list(sent)
