"""进展情况报告表: the printed page, and the signed scan that comes back."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from common.errors import Refused
from common.files.uploads import check
from ledger.models import Entry
from progress.actions.evidence import add_evidence
from progress.actions.reviews import return_report
from progress.actions.signing import send_to_sign
from progress.models import Evidence, ProgressReport
from tests.fixtures.lists import PDF
from tests.fixtures.page_text import source_of, text_of
from tests.fixtures.quarter import JULY_2, JULY_5
from tests.fixtures.report_form import FORM, add_supporting_unit

PAPER, SCANS = FORM + "form/", FORM + "scans/"


def scan(name="报告表.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, PDF + name.encode())


def attach(office, report, *, kind="signed_form", is_public=False) -> Evidence:
    return add_evidence(
        report=report,
        department=office.units["anjianju"],
        upload=check(scan()),
        caption="",
        is_public=is_public,
        kind=kind,
        by=office.people.reporter,
        at=JULY_2,
    )


def test_the_printed_report_says_everything_the_unit_said(reporter, office, white_paper):
    office.submit()
    shown = text_of(reporter.get(PAPER))
    for words in (
        "2013年度公共服务白皮书",
        "wp2013-18（第18项）",
        "全面落实安全生产责任制",
        "2013年第二季度",
    ):
        assert words in shown
    for commitment in white_paper.commitments:
        assert commitment.text in shown
    assert "不少于 4000 人次" in shown
    assert "完成培训 4000 人次，演练 1 次。下一步继续。" in shown
    for line in ("填报人", "审签人", "单位（盖章）", "日期"):
        assert line in shown


def test_the_printed_report_is_a_sheet_without_navigation(reporter, office):
    office.save()
    shown = source_of(reporter.get(PAPER))
    assert "<nav" not in shown.replace('<nav class="breadcrumb"', "")
    assert "paper.css" in shown
    assert "<thead>" in shown


def test_the_printed_report_says_what_is_not_filled_in(reporter, office):
    shown = text_of(reporter.get(PAPER))
    assert "未填写" in shown
    assert "没有上传" in shown


def test_the_printed_report_of_the_demonstration_says_so(reporter, office):
    office.save()
    assert "演示" not in source_of(reporter.get(PAPER)).split("<main")[1]
    office.period.demonstration = True
    office.period.save()
    assert "演示，不是真实填报" in source_of(reporter.get(PAPER)).split("<main")[1]


def test_the_printed_report_names_a_missing_part_of_a_joint_item(reporter, office):
    add_supporting_unit(office)
    office.save()
    assert "未交本单位部分" in text_of(reporter.get(PAPER))


def test_the_form_page_leads_to_the_printed_report(reporter, office):
    assert f'href="{PAPER}"' in source_of(reporter.get(FORM))
    office.submit()
    assert f'href="{PAPER}"' in source_of(reporter.get(FORM))


def test_a_scan_of_the_signed_form_joins_the_draft_and_is_never_public(
    reporter, office, typed_report
):
    given = typed_report | {"kind": "signed_form", "files": scan()}
    shown = source_of(reporter.post(FORM, given | {"is_public": "on", "save": ""}, follow=True))
    assert "盖章报告表不对外公开，请取消“可以公开”。" in shown
    assert not Evidence.objects.exists()
    reporter.post(FORM, given | {"version": "1", "files": scan(), "save": ""})
    assert list(Evidence.objects.values_list("kind", "is_public")) == [("signed_form", False)]
    assert "<b>盖章报告表</b>" in source_of(reporter.get(FORM))


def test_the_action_refuses_to_make_a_signed_form_public(office):
    with pytest.raises(Refused, match="不对外公开"):
        attach(office, office.save(), is_public=True)


def test_the_scan_of_the_signed_form_may_follow_a_submitted_report(client, reporter, office):
    office.submit()
    assert "督查室可以看到" in source_of(reporter.get(FORM))
    shown = source_of(reporter.post(SCANS, {"files": scan()}, follow=True))
    assert "盖章报告表已存入" in shown
    assert Evidence.objects.get().kind == "signed_form"
    assert Entry.objects.filter(verb="add_signed_form", visibility="internal").count() == 1
    client.force_login(office.people.supervisor)
    assert "<b>盖章报告表</b>" in source_of(client.get("/staff/review/wp2013-18/2013-2/"))


def test_the_scan_of_the_signed_form_may_follow_while_the_report_is_being_signed(
    reporter, office, units
):
    units["anjianju"].signs_reports = True
    units["anjianju"].save()
    send_to_sign(report=office.save(), by=office.people.reporter, at=JULY_2)
    reporter.post(SCANS, {"files": scan()})
    assert Evidence.objects.get().kind == "signed_form"


def test_only_a_signed_form_follows_a_submitted_report_and_none_after_verification(
    reporter, office
):
    report = office.submit()
    with pytest.raises(Refused, match="现在是“已报送，待核查”，不能再做这一步"):
        attach(office, report, kind="material")
    office.verify(report)
    with pytest.raises(Refused, match="现在是“审核通过”，不能再做这一步"):
        attach(office, report)
    assert SCANS not in source_of(reporter.get(FORM))


def test_an_upload_of_a_signed_form_without_a_file_says_so(reporter, office):
    office.submit()
    assert "请先选择文件。" in source_of(reporter.post(SCANS))
    bad = SimpleUploadedFile("表.exe", b"MZ")
    assert "不是可以接收的类型" in source_of(reporter.post(SCANS, {"files": bad}))


def test_no_scan_of_a_signed_form_is_added_before_something_was_filed(reporter, office):
    assert reporter.post(SCANS, {"files": scan()}).status_code == 403
    assert not Evidence.objects.exists()


def test_nobody_but_the_units_reporters_adds_a_scan(client, office):
    office.submit()
    for name, status in (("supervisor", 403), ("stranger", 404)):
        client.force_login(getattr(office.people, name))
        assert client.post(SCANS, {"files": scan()}).status_code == status


def test_a_scan_added_to_a_draft_is_not_recorded(office):
    attach(office, office.save())
    assert not Entry.objects.exists()


def test_a_scan_added_before_the_return_of_a_report_stays(office):
    report = office.submit()
    attach(office, report)
    return_report(report=report, reason="请补", by=office.people.supervisor, at=JULY_5)
    assert ProgressReport.objects.get().contributions.get().evidence.count() == 1


def test_the_printed_report_names_the_version_it_shows_and_claims_nothing_more(reporter, office):
    office.submit()
    shown = source_of(reporter.get(PAPER))
    assert "第 1 次保存 · 陈填报 2013-07-02 10:00 报送" in shown
    assert '<th scope="row">需协调事项</th><td>未填写</td>' in shown
