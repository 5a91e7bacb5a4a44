"""Papers go with a unit's part while it may be written, by whom it is asked of,
and only as what they are.
"""

from hashlib import sha256
from urllib.parse import unquote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from common.errors import Refused
from common.files.uploads import CheckedFile, check
from ledger.models import Entry
from progress.actions.evidence import add_evidence, remove_evidence
from progress.actions.periods import close_period
from progress.choices import EvidenceKind
from progress.models import Contribution, Evidence
from tests.fixtures.lists import PDF
from tests.fixtures.photos import image_of
from tests.fixtures.pictures import saved, sheet
from tests.fixtures.quarter import JULY_2, JULY_16, JULY_30
from tests.fixtures.report_form import add_supporting_unit

pytestmark = pytest.mark.both

FORM = "/staff/reports/wp2013-18/2013-2/"


def checked(more: bytes = b"") -> CheckedFile:
    return check(SimpleUploadedFile("签到表.pdf", PDF + more))


def add(office, report, *, unit="anjianju", by=None, at=JULY_2, **about):
    said = {"caption": "", "is_public": False, "upload": checked()} | about
    by = by or office.people.reporter
    return add_evidence(report=report, department=office.units[unit], **said, by=by, at=at)


def close(office):
    close_period(period=office.period, by=office.people.supervisor, at=JULY_16)


def test_evidence_added_to_a_draft_is_not_recorded(office):
    paper = add(office, office.save(), is_public=True)
    assert (paper.size, paper.is_public, paper.kind) == (15, True, "material")
    assert not Entry.objects.exists()


def test_no_evidence_is_added_after_the_closing(office):
    report = office.save()
    close(office)
    with pytest.raises(Refused, match="现在不能填报"):
        add(office, report, at=JULY_30)


@pytest.mark.parametrize("kind", EvidenceKind.values)
def test_a_unit_that_does_not_answer_for_the_task_adds_no_evidence(office, kind):
    report = office.save()
    with pytest.raises(Refused, match="教育局不是这项任务的责任单位"):
        add(office, report, unit="jiaoyuju", by=office.people.stranger, kind=kind)
    assert list(Contribution.objects.values_list("department__slug", flat=True)) == ["anjianju"]


def test_the_sealed_form_may_follow_after_the_closing_and_is_on_record(office):
    report = office.submit()
    close(office)
    paper = add(office, report, kind="signed_form", at=JULY_30)
    entry = Entry.objects.get(verb="add_signed_form")
    assert paper.sha256 in entry.payload
    assert not Entry.objects.public().filter(verb="add_signed_form").exists()


def test_the_sealed_form_is_never_public(office):
    with pytest.raises(Refused, match="不对外公开"):
        add(office, office.save(), kind="signed_form", is_public=True)


def test_the_same_evidence_twice_and_an_eleventh_file_are_refused(office):
    report = office.save()
    add(office, report)
    with pytest.raises(Refused, match="已经上传过了"):
        add(office, report)
    for number in range(9):
        add(office, report, upload=checked(b"%d" % number))
    with pytest.raises(Refused, match="最多上传 10 份"):
        add(office, report, upload=checked(b"more"))


@pytest.mark.parametrize("mark", ["abc", "²", "9" * 30, "-1", ""])
def test_removing_evidence_by_a_forged_mark_is_not_found(client, office, mark):
    office.save()
    client.force_login(office.people.reporter)
    assert client.post(FORM, {"version": "1", "remove": mark, "save": ""}).status_code == 404


def test_evidence_of_another_unit_is_not_removed(client, office):
    add_supporting_unit(office)
    theirs = add(office, office.save(), unit="jiaoyuju", by=office.people.stranger)
    client.force_login(office.people.reporter)
    assert client.post(FORM, {"version": "1", "remove": theirs.pk, "save": ""}).status_code == 404
    assert Evidence.objects.get() == theirs


def test_of_two_scans_sent_together_the_good_one_comes_in_and_the_other_is_named(client, office):
    report = office.submit()
    add(office, report, kind="signed_form")
    client.force_login(office.people.reporter)
    scans = [SimpleUploadedFile(f"{n}.pdf", PDF + more) for n, more in enumerate([b"new", b""])]
    page = client.post(FORM + "scans/", {"files": scans}, follow=True).content.decode()
    assert "盖章报告表已存入" in page
    assert "1 个文件没有收：“1.pdf”已经上传过了。" in page
    assert Evidence.objects.count() == 2
    scans[1].seek(0)
    again = client.post(FORM + "scans/", {"files": scans[1]}).content.decode()
    assert "已经上传过了" in again
    assert "盖章报告表已存入" not in again


def photo() -> CheckedFile:
    exif = Image.Exif()
    exif[0x010E] = "place of the camera"
    data = saved(sheet(mode="RGB"), "JPEG", exif=exif)
    return check(SimpleUploadedFile("现场.jpg", data))


def original_of(paper: Evidence) -> str:
    return f"/staff/evidence/{paper.pk}/original/"


def test_a_picture_that_was_drawn_anew_keeps_its_original_beside_it(client, office):
    sent = photo()
    paper = add(office, office.save(), upload=sent)
    client.force_login(office.people.reporter)
    answer = client.get(original_of(paper))
    data = b"".join(answer.streaming_content)
    assert b"place of the camera" in data
    assert answer["X-Content-SHA256"] == paper.original_sha256 == sha256(data).hexdigest()
    assert answer["Cache-Control"] == "no-store"
    assert unquote(answer["Content-Disposition"]).endswith("现场（原件）.jpg")
    shown = b"".join(client.get(f"/evidence/{paper.pk}/").streaming_content)
    assert b"place of the camera" not in shown
    assert f'href="{original_of(paper)}"' in client.get(FORM).content.decode()


def test_the_original_stays_inside_when_the_evidence_is_published(client, office):
    report = office.save()
    paper = add(office, report, upload=photo(), is_public=True)
    report = office.submit(version=report.version)
    office.verify(report)
    office.publish()
    published = client.get(f"/evidence/{paper.pk}/")
    assert image_of(b"".join(published.streaming_content)).size == (120, 80)
    assert client.get(original_of(paper)).status_code == 302
    client.force_login(office.people.stranger)
    assert client.get(original_of(paper)).status_code == 404


def test_a_paper_that_was_kept_as_sent_has_no_original(client, office):
    paper = add(office, office.save())
    client.force_login(office.people.reporter)
    assert client.get(original_of(paper)).status_code == 404
    assert "original/" not in client.get(FORM).content.decode()


def test_the_original_is_deleted_with_the_evidence(
    office, settings, tmp_path, django_capture_on_commit_callbacks
):
    settings.MEDIA_ROOT = tmp_path
    paper = add(office, office.save(), upload=photo())
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 2
    with django_capture_on_commit_callbacks(execute=True):
        remove_evidence(evidence=paper)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
