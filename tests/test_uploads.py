"""A file is what its content says; what is dangerous, hidden or too large stays outside."""

import hashlib
import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from progress.models import Evidence
from tests.progress.helpers import PDF
from yantian_portal.lib import uploads
from yantian_portal.lib.errors import Refused
from yantian_portal.lib.uploads import check


def upload(name: str, data: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def picture(kind: str, size=(8, 6), **options) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "teal").save(out, kind, **options)
    return out.getvalue()


def package(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as parcel:
        for name, data in parts.items():
            parcel.writestr(name, data)
    return out.getvalue()


def word(**more: bytes) -> bytes:
    types = b'<Types><Default ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml"/></Types>'
    return package({"[Content_Types].xml": types, "word/document.xml": b"<document/>", **more})


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


BAD = {
    "a page under the name of a paper": ("a.pdf", b"<html><script>alert(1)</script>"),
    "a program under the name of a picture": ("a.png", b"MZ\x90\x00" + bytes(64)),
    "a picture under the name of a paper": ("a.pdf", picture("PNG")),
    "a kind nobody asked for": ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
    "a second ending": ("a.pdf.exe", PDF),
    "no ending": ("pdf", PDF),
    "an old format that may carry macros": ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512)),
    "nothing in it": ("a.pdf", b""),
    "half a picture": ("a.jpg", picture("JPEG", (400, 400))[:500]),
    "half a package": ("a.docx", word()[:-40]),
}


@pytest.mark.parametrize("case", BAD)
def test_what_is_not_what_its_name_says_is_refused_in_words(case):
    name, data = BAD[case]
    with pytest.raises(Refused, match=r"请上传|再上传"):
        check(upload(name, data))


def test_what_is_too_large_is_refused_before_it_is_looked_at(monkeypatch):
    monkeypatch.setattr(uploads, "MAX_BYTES", 100)
    with pytest.raises(Refused, match="太大"):
        check(upload("a.pdf", PDF + bytes(100)))


def test_a_package_that_unfolds_without_end_is_refused(monkeypatch):
    monkeypatch.setattr(uploads, "MAX_UNPACKED", 1_000_000)
    bomb = word(**{"word/media/x": bytes(1_000_001)})
    assert len(bomb) < 10_000
    with pytest.raises(Refused, match="解压后太大"):
        check(upload("a.docx", bomb))


def test_a_picture_that_unfolds_without_end_is_refused(monkeypatch):
    monkeypatch.setattr(uploads, "MAX_PIXELS", 10_000)
    with pytest.raises(Refused, match="尺寸太大"):
        check(upload("a.png", picture("PNG", (101, 100))))


def test_where_a_picture_was_taken_and_what_hides_behind_it_stay_outside():
    exif = Image.Exif()
    exif[0x010E] = "place of the camera"
    data = picture("JPEG", exif=exif) + b"<script>hidden</script>"
    assert b"place of the camera" in data
    kept = check(upload("a.jpg", data)).content.read()
    assert b"place of the camera" not in kept
    assert b"hidden" not in kept
    assert not Image.open(io.BytesIO(kept)).getexif()


@pytest.mark.parametrize("name", ["../../etc/cron.d/x.pdf", "..\\..\\x.pdf", "/tmp/x.pdf"])
def test_a_path_in_a_name_leads_nowhere(name):
    assert check(upload(name, PDF)).name == "x.pdf"


@pytest.fixture
def form(client, office):
    office.save()
    client.force_login(office.people.reporter)
    address = "/staff/reports/wp2013-18/2013-2/"

    def send(*files: SimpleUploadedFile):
        return client.post(address, {"version": "1", "narrative": "写好的话。", "save": "", "files": list(files)})

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
