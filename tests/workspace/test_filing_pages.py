"""A reporter's quarter through the pages: found on the workspace, filed, refused,
saved over, handed in.
"""

from copy import copy

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from departments.models import Membership, Role
from progress.actions.reviews import return_report
from progress.models import Evidence, ProgressReport, Reading
from tests.fixtures.lists import PDF, more_tasks
from tests.fixtures.page_text import source_of
from tests.fixtures.quarter import JULY_2, JULY_5
from tests.fixtures.report_form import FORM, SUBMIT, add_supporting_unit
from workspace.read_models.work_items import work_items_for


def test_the_workspace_names_what_is_to_be_filed(reporter, office):
    html = source_of(reporter.get("/staff/"))
    assert "全面落实安全生产责任制" in html
    assert "未开始" in html
    office.save()
    assert work_items_for(office.people.reporter, JULY_2.date())[0].missing == "已填完，可以报送"


def test_the_workspace_of_somebody_without_duties_says_so_kindly(client, office):
    client.force_login(office.people.auditor)
    assert "今天没有要办的事" in source_of(client.get("/staff/"))


def test_a_reporter_files_and_submits_through_the_page(reporter, office, typed_report):
    assert "不少于 4000 人次（原文“4000人次以上”）" in source_of(reporter.get(FORM))
    response = reporter.post(SUBMIT, typed_report, follow=True)
    assert "已报送督查室。2013年7月22日前会有核查结果。" in source_of(response)
    report = ProgressReport.objects.get()
    assert (report.status, report.pace, report.submitted_by) == (
        "submitted",
        "on_course",
        office.people.reporter,
    )
    assert report.readings.get().value == 4000
    assert set(report.findings.values_list("pace", "by_default")) == {
        ("done", False),
        ("on_course", True),
    }


@pytest.mark.parametrize(
    ("number", "counts"), [("99999999999.9999", True), ("999999999999.9999", False)]
)
def test_a_number_too_long_to_be_kept_exactly_is_no_reading(
    number, counts, reporter, office, typed_report, white_paper
):
    response = reporter.post(
        FORM, typed_report | {f"r{white_paper.indicator.pk}": number, "save": ""}, follow=True
    )
    assert Reading.objects.exists() == counts
    assert ("不超过 15 位" in source_of(response)) == (not counts)
    assert f'value="{number}"' in source_of(reporter.get(FORM))


def test_saving_keeps_everything_and_submits_nothing(reporter, office, typed_report):
    reporter.post(FORM, typed_report | {"save": ""})
    assert ProgressReport.objects.get().status == "draft"
    html = source_of(reporter.get(FORM))
    assert "完成培训4000人次" in html
    assert "已填完，可以报送。" in html


def test_an_incomplete_report_is_saved_and_refused_with_links_to_its_fields(
    reporter, office, typed_report, white_paper
):
    del typed_report["rest"], typed_report[f"r{white_paper.indicator.pk}"]
    response = reporter.post(SUBMIT, typed_report)
    html = source_of(response)
    assert "已保存，但还不能报送。" in html
    assert (
        f'<a href="#id_r{white_paper.indicator.pk}">请填写数据：安全生产公共培训（人次）。</a>'
        in html
    )
    assert '<a href="#id_rest">请确认其余 1 项：正常推进。</a>' in html
    assert ProgressReport.objects.get().status == "draft"
    typed_report |= {"version": "1", "rest": "on", f"r{white_paper.indicator.pk}": "4000"}
    reporter.post(SUBMIT, typed_report)
    assert ProgressReport.objects.get().status == "submitted"


def test_a_stale_form_shows_both_versions_and_loses_neither(reporter, office, typed_report):
    office.save(by=office.people.colleague)
    response = reporter.post(FORM, typed_report | {"narrative": "我这边写的进展。", "save": ""})
    html = source_of(response)
    assert "完成培训 4000 人次，演练 1 次。下一步继续。" in html
    assert html.count("我这边写的进展。") == 2
    assert "现在保存的" in html
    assert '<input type="hidden" name="version" value="1"' in html
    assert "4000 人次" in ProgressReport.objects.get().contributions.get().narrative
    reporter.post(
        FORM, typed_report | {"narrative": "我这边写的进展。", "version": "1", "save": ""}
    )
    assert ProgressReport.objects.get().contributions.get().narrative == "我这边写的进展。"


def test_the_overall_word_follows_the_rule_until_it_goes_out(
    reporter, office, typed_report, white_paper
):
    reporter.post(FORM, typed_report | {"save": ""})
    assert ProgressReport.objects.get().pace == "on_course"
    reporter.post(
        SUBMIT, typed_report | {"version": "1", f"c{white_paper.commitments[1].pk}": "partly"}
    )
    assert ProgressReport.objects.get().pace == "partly"


def test_full_width_digits_are_read_as_meant(reporter, office, typed_report, white_paper):
    reporter.post(FORM, typed_report | {f"r{white_paper.indicator.pk}": "4000 ", "save": ""})
    assert ProgressReport.objects.get().readings.get().value == 4000


def test_a_reporter_of_another_unit_does_not_find_the_report_form(client, office):
    client.force_login(office.people.stranger)
    assert client.get(FORM).status_code == 404
    assert client.post(SUBMIT).status_code == 404


def test_a_scheduled_quarter_is_out_of_sight(reporter, office):
    office.period.state = "scheduled"
    office.period.save()
    assert reporter.get(FORM).status_code == 404


def test_a_signer_reads_and_does_not_write(client, office):
    office.people.colleague.memberships.filter(role="reporter").delete()
    office.save()
    client.force_login(office.people.colleague)
    assert "4000 人次" in source_of(client.get(FORM))
    assert client.post(SUBMIT).status_code == 403


def test_a_supporting_unit_saves_its_part_and_cannot_submit(
    client, office, typed_report, white_paper
):
    add_supporting_unit(office)
    office.save()
    client.force_login(office.people.stranger)
    html = source_of(client.get(FORM))
    assert 'name="pace"' not in html
    assert SUBMIT not in html
    training = white_paper.commitments[1]
    answer = {
        **typed_report,
        "version": "1",
        "narrative": "学校培训500人次。",
        f"c{training.pk}": "partly",
    }
    response = client.post(SUBMIT, answer)
    assert "由牵头单位安监局报送" in source_of(response)
    report = ProgressReport.objects.get()
    assert (report.status, report.pace) == ("draft", "on_course")
    assert report.findings.get(commitment=training).contribution.department.slug == "jiaoyuju"


def test_a_supporting_unit_owes_its_part_until_it_is_there(client, office, typed_report):
    add_supporting_unit(office)
    client.force_login(office.people.stranger)
    assert (
        work_items_for(office.people.stranger, JULY_2.date())[0].missing
        == "由安监局牵头，还差本单位的部分"
    )
    client.post(FORM, {"version": "0", "narrative": "学校培训500人次。", "save": ""})
    assert work_items_for(office.people.stranger, JULY_2.date()) == []
    assert work_items_for(office.people.reporter, JULY_2.date())[0].missing.startswith(
        "还差：2 条自评、其余事项的确认、1 项数据"
    )


def test_a_supporting_unit_is_asked_for_nothing_that_is_the_leads(client, office, typed_report):
    add_supporting_unit(office)
    client.force_login(office.people.stranger)
    html = source_of(client.post(FORM, typed_report | {"save": ""}, follow=True))
    assert "已保存，由安监局汇总报送。" in html
    assert "逐条自评和数据都有了，由安监局汇总报送。" in html
    assert "报送前还差" not in html


def test_the_lead_of_a_part_filled_by_others_need_not_choose_what_the_rule_gives(
    client, office, typed_report
):
    add_supporting_unit(office)
    client.force_login(office.people.stranger)
    client.post(FORM, typed_report | {"save": ""})
    assert work_items_for(office.people.reporter, JULY_2.date())[0].missing == "还差：进展情况"


def test_answers_a_unit_did_not_touch_stay_a_colleagues(client, office, typed_report, white_paper):
    add_supporting_unit(office)
    office.save()
    client.force_login(office.people.stranger)
    client.post(FORM, typed_report | {"version": "1", "narrative": "学校培训500人次。", "save": ""})
    names = set(
        ProgressReport.objects.get().findings.values_list(
            "contribution__department__slug", flat=True
        )
    )
    assert names == {"anjianju"}


def test_a_person_of_two_units_writes_for_the_one_chosen(reporter, office, typed_report):
    add_supporting_unit(office)
    Membership.objects.create(
        user=office.people.reporter, department=office.units["jiaoyuju"], role=Role.REPORTER
    )
    assert "您在为安监局填报" in source_of(reporter.get(FORM))
    reporter.post(FORM + "?unit=jiaoyuju", typed_report | {"save": ""})
    assert ProgressReport.objects.get().contributions.get().department.slug == "jiaoyuju"


def test_a_refused_submission_goes_on_for_the_unit_chosen(reporter, office, typed_report):
    """Shown at the address of the action, every button still names its own address."""
    add_supporting_unit(office)
    row = {"department": office.units["jiaoyuju"], "role": Role.REPORTER}
    Membership.objects.create(user=office.people.reporter, **row)
    chosen = "?unit=anjianju"
    html = source_of(reporter.post(SUBMIT + chosen, typed_report | {"narrative": ""}))
    assert "已保存，但还不能报送。" in html
    assert f'action="{FORM}{chosen}"' in html
    assert f'formaction="{SUBMIT}{chosen}"' in html
    assert f'data-autosave-address="{FORM}autosave/{chosen}"' in html
    assert f'href="{FORM}?unit=jiaoyuju"' in html
    assert reporter.get(SUBMIT + chosen)["Location"] == FORM + chosen


def test_only_a_few_files_at_once_are_taken(reporter, office, typed_report):
    files = [SimpleUploadedFile(f"{n}.pdf", PDF + bytes([n])) for n in range(6)]
    html = source_of(reporter.post(FORM, typed_report | {"files": files, "save": ""}, follow=True))
    assert "1 个文件没有收：“5.pdf”请再传一次，一次最多选 5 个文件。" in html
    assert Evidence.objects.count() == 5


def test_one_bad_file_keeps_back_neither_the_words_nor_the_good_files(
    reporter, office, typed_report
):
    good = SimpleUploadedFile("签到.pdf", PDF)
    old = SimpleUploadedFile("旧格式.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
    html = source_of(reporter.post(FORM, typed_report | {"files": [old, good]}, follow=True))
    said = "“旧格式.doc”请另存为 docx 或 PDF 再上传，doc 格式不收。"
    assert f"文字已保存；1 个文件没有收：{said}" in html
    assert Evidence.objects.get().name == "签到.pdf"
    part = ProgressReport.objects.get().contributions.get()
    assert part.narrative == typed_report["narrative"]


def test_a_bad_file_keeps_a_report_from_being_submitted_but_not_from_being_saved(
    reporter, office, typed_report
):
    bad = SimpleUploadedFile("名册.exe", b"MZ")
    html = source_of(reporter.post(SUBMIT, typed_report | {"files": bad}, follow=True))
    assert "文字已保存，还没有报送；1 个文件没有收：“名册.exe”" in html
    assert ProgressReport.objects.get().status == "draft"


def test_a_file_the_page_left_out_is_named_on_top_and_keeps_the_report_from_being_submitted(
    reporter, typed_report
):
    said = "“旧格式.doc”请另存为 docx 或 PDF 再上传，doc 格式不收。"
    html = source_of(reporter.post(SUBMIT, typed_report | {"left_out": said}, follow=True))
    assert f"文字已保存，还没有报送；1 个文件没有收：{said}" in html
    assert html.index(said) < html.index('<form class="form"')
    reporter.post(SUBMIT, typed_report | {"version": "1"})
    assert ProgressReport.objects.get().status == "submitted"


def test_a_bad_file_alone_begins_no_report(reporter, office):
    bad = SimpleUploadedFile("名册.exe", b"MZ")
    empty = {"version": "0", "narrative": "", "pace": "", "kind": "material"}
    for address in (FORM, SUBMIT):
        bad.seek(0)
        html = source_of(reporter.post(address, empty | {"files": bad}, follow=True))
        assert "“名册.exe”的内容不是可以接收的类型" in html
        assert "已保存" not in html
    assert not ProgressReport.objects.exists()


def test_a_file_that_is_there_already_keeps_back_neither_words_nor_other_files(
    reporter, office, typed_report
):
    first, second = (SimpleUploadedFile(f"{n}.pdf", PDF + bytes([n])) for n in range(2))
    reporter.post(FORM, typed_report | {"files": first})
    first.seek(0)
    again = typed_report | {"version": "1", "narrative": "改过。", "files": [first, second]}
    html = source_of(reporter.post(FORM, again, follow=True))
    assert "1 个文件没有收：“0.pdf”已经上传过了。" in html
    assert ProgressReport.objects.get().contributions.get().narrative == "改过。"
    assert Evidence.objects.count() == 2


def test_a_returned_report_stands_on_top_with_its_reason_and_goes_out_again(
    reporter, office, typed_report
):
    more_tasks(office.white_paper, office.units["anjianju"], 2)
    report = office.submit()
    return_report(report=report, reason="请补签到表", by=office.people.supervisor, at=JULY_5)
    first = work_items_for(office.people.reporter, JULY_5.date())
    assert next(duty for duty in first if duty.returned).returned == "请补签到表"
    html = source_of(reporter.get("/staff/"))
    assert html.index("请补签到表") < html.index("第101项")
    assert "请补签到表" in source_of(reporter.get(FORM))
    reporter.post(SUBMIT, typed_report | {"version": str(report.version)})
    report.refresh_from_db()
    assert report.status == "submitted"


def test_evidence_is_checked_kept_and_removed(reporter, office, typed_report):
    bad = SimpleUploadedFile("名册.exe", b"MZ")
    html = source_of(reporter.post(FORM, typed_report | {"files": bad, "save": ""}, follow=True))
    assert "不是可以接收的类型" in html
    assert not Evidence.objects.exists()
    typed_report["version"] = "1"
    files = [SimpleUploadedFile(f"签到{n}.pdf", PDF + bytes([n])) for n in (1, 2)]
    reporter.post(
        FORM, typed_report | {"files": files, "caption": "六月签到", "is_public": "on", "save": ""}
    )
    assert list(Evidence.objects.values_list("name", "caption", "is_public")) == [
        ("签到1.pdf", "六月签到", True),
        ("签到2.pdf", "六月签到", True),
    ]
    reporter.post(FORM, typed_report | {"version": "2", "remove": Evidence.objects.first().pk})
    assert Evidence.objects.get().name == "签到2.pdf"


def test_evidence_opens_for_those_who_may_see_the_report(client, office, typed_report):
    client.force_login(office.people.reporter)
    client.post(FORM, typed_report | {"files": [SimpleUploadedFile("签到.pdf", PDF)], "save": ""})
    address = reverse("public:evidence", args=[Evidence.objects.get().pk])
    response = client.get(address)
    assert b"".join(response.streaming_content) == PDF
    assert response["Content-Security-Policy"].startswith("sandbox")
    assert response["Content-Disposition"].startswith("attachment")
    client.force_login(office.people.stranger)
    assert client.get(address).status_code == 404
    client.logout()
    assert client.get(address).status_code == 404


def test_a_report_published_as_not_reported_can_be_found_and_filed_late(
    reporter, office, typed_report
):
    office.publish()
    assert "可以补报的" in source_of(reporter.get("/staff/reports/"))
    html = source_of(reporter.post(SUBMIT, typed_report, follow=True))
    assert "已报送督查室。核查后补充公布。" in html
    assert "可以补报的" not in source_of(reporter.get("/staff/reports/"))


def test_the_last_published_words_and_numbers_stand_beside_the_questions(
    reporter, office, calendar_2013
):
    office.verify(office.submit())
    office.publish()
    third = copy(office.period)
    third.pk, third.index, third.state, third.released_at = None, 3, "open", None
    third.save(force_insert=True)
    html = source_of(reporter.get("/staff/reports/wp2013-18/2013-3/"))
    assert "上次公布" in html
    assert "督查核定 · 2013年第二季度" in html


@pytest.mark.parametrize("address", ["/staff/", "/staff/reports/"])
def test_the_list_of_reports_costs_as_many_queries_for_thirty_as_for_three(
    reporter, office, django_assert_num_queries, address
):
    office.save()
    more_tasks(office.white_paper, office.units["anjianju"], 2)
    with CaptureQueriesContext(connection) as three:
        reporter.get(address)
    more_tasks(office.white_paper, office.units["anjianju"], 27, first=201)
    with django_assert_num_queries(len(three)):
        assert "第227项" in source_of(reporter.get(address))
