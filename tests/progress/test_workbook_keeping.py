"""Looking keeps nothing; what was looked at is kept whole or not at all,
by the person who looked, within the hour.
"""

from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from django.core import signing

from departments.models import Membership, Role
from progress.models import Contribution, Finding, ProgressReport, Reading
from progress.workbook.rows import ANSWERS, NARRATIVE, NUMBERS, SUMMARY
from tasks.models import Responsibility
from tests.fixtures.lists import more_tasks
from tests.fixtures.page_text import source_of
from tests.fixtures.people import NOW
from tests.fixtures.report_form import add_supporting_unit
from tests.fixtures.workbooks import FILE, PAGE, download, filled_book, keep, look

pytestmark = pytest.mark.django_db


def everything() -> list:
    return [
        list(model.objects.values()) for model in (ProgressReport, Contribution, Finding, Reading)
    ]


def test_looking_at_an_uploaded_workbook_saves_nothing(reporter, office, white_paper):
    office.save()
    before = everything()
    looked = look(
        reporter,
        filled_book(reporter, white_paper).fill(SUMMARY, "whole", 需协调事项="请协调场地。"),
    )
    assert looked.context["to_save"] == 1
    assert everything() == before


def test_a_confirmed_workbook_is_saved_as_the_page_would_save_it(reporter, office, white_paper):
    looked = look(reporter, filled_book(reporter, white_paper))
    assert [count for _, count in looked.context["counts"]] == [5, 0, 0, 0]
    assert "已保存 1 项任务。" in source_of(keep(reporter, looked))
    report = ProgressReport.objects.get()
    assert (report.status, report.pace, report.version) == ("draft", "on_course", 1)
    assert report.contributions.get().narrative == "=培训了4000人次。"
    assert set(report.findings.values_list("pace", "by_default")) == {
        ("done", False),
        ("on_course", True),
    }
    assert report.readings.get().value == 4000


def test_a_confirmed_workbook_is_submitted_at_once_if_so_wished(reporter, office, white_paper):
    html = source_of(
        keep(reporter, look(reporter, filled_book(reporter, white_paper)), submit="on")
    )
    assert "2013年第二季度已报送督查室 1 项。2013年7月22日前会有核查结果。" in html
    report = ProgressReport.objects.get()
    assert (report.status, report.submitted_by) == ("submitted", office.people.reporter)


def test_the_workbook_of_a_unit_that_signs_is_sent_to_its_signer_first(
    reporter, office, white_paper
):
    office.units["anjianju"].signs_reports = True
    office.units["anjianju"].save()
    looked = look(reporter, filled_book(reporter, white_paper))
    assert "填完的同时送审签" in source_of(looked)
    assert "已送审签 1 项。审签人审签后报送督查室。" in source_of(
        keep(reporter, looked, submit="on")
    )
    assert ProgressReport.objects.get().status == "signing"


def test_the_workbook_of_a_unit_without_another_signer_is_not_submitted(
    reporter, office, white_paper
):
    office.units["anjianju"].signs_reports = True
    office.units["anjianju"].save()
    Membership.objects.filter(role=Role.SIGNER).delete()
    html = source_of(
        keep(reporter, look(reporter, filled_book(reporter, white_paper)), submit="on")
    )
    assert "1 项没有报送。安监局还没有另一位审签人" in html
    assert ProgressReport.objects.get().status == "draft"


@pytest.mark.parametrize(
    ("leaving", "lacks"),
    [("实际值", "1 项数据"), (NARRATIVE, "进展情况"), ("其余事项确认", "其余事项的确认")],
)
def test_an_incomplete_workbook_is_saved_and_the_page_says_what_is_missing(
    reporter, office, white_paper, leaving, lacks
):
    html = source_of(
        keep(
            reporter,
            look(reporter, filled_book(reporter, white_paper, leaving=leaving)),
            submit="on",
        )
    )
    assert "1 项没有报送。请" in html
    assert f"还差：{lacks}" in html
    assert ProgressReport.objects.get().status == "draft"


def test_a_report_complete_before_is_submitted_by_an_unchanged_workbook(reporter, office):
    office.save()
    looked = look(reporter, download(reporter))
    assert (looked.context["to_save"], looked.context["ready"]) == (0, 1)
    keep(reporter, looked, submit="on")
    report = ProgressReport.objects.get()
    assert (report.status, report.version) == ("submitted", 1)


def test_a_workbook_does_not_submit_what_a_colleague_wrote_after_the_look(reporter, office):
    office.save()
    looked = look(reporter, download(reporter))
    office.save(
        replace(office.filing, narrative="同事刚改的话。"), version=1, by=office.people.colleague
    )
    html = source_of(keep(reporter, looked, submit="on"))
    assert "1 项核对之后有变动，没有报送。请重新上传这张表" in html
    assert ProgressReport.objects.get().status == "draft"


def test_an_emptied_cell_of_the_workbook_empties_the_answer_once_confirmed(
    reporter, office, white_paper
):
    office.save()
    training = white_paper.commitments[1]
    book = (
        download(reporter)
        .fill(ANSWERS, f"c{training.pk}", 自评=None)
        .fill(SUMMARY, "whole", 其余事项确认="否")
    )
    book.fill(NUMBERS, f"r{white_paper.indicator.pk}", 实际值=None)
    looked = look(reporter, book)
    assert dict(looked.context["counts"])["修改"] == 3
    keep(reporter, looked)
    report = ProgressReport.objects.get()
    assert list(report.findings.values_list("commitment__order", flat=True)) == [3]
    assert not report.readings.exists()


@pytest.mark.parametrize(
    ("typed", "shown_as"),
    [(0.955, "0.0%"), ("95.5%", "@"), ("95.5％", "@"), (95.5, '0.0"%"'), ("９５.５", "@")],
)
def test_words_typed_for_a_percentage_are_read_as_they_are_seen(
    reporter, office, white_paper, typed, shown_as
):
    white_paper.indicator.unit = "%"
    white_paper.indicator.save()
    book = download(reporter)
    cell = book.cell(NUMBERS, f"r{white_paper.indicator.pk}", "实际值")
    cell.value, cell.number_format = typed, shown_as
    keep(reporter, look(reporter, book))
    assert Reading.objects.get().value * 10 == 955


def test_answers_nobody_touched_stay_a_colleagues(client, office, white_paper):
    add_supporting_unit(office)
    office.save()
    client.force_login(office.people.stranger)
    book = download(client, "jiaoyuju")
    book.fill(SUMMARY, "whole", **{NARRATIVE: "学校培训500人次。"})
    html = source_of(keep(client, look(client, book, "jiaoyuju"), "jiaoyuju", submit="on"))
    assert "由安监局牵头" in html
    report = ProgressReport.objects.get()
    assert report.status == "draft"
    assert set(report.findings.values_list("contribution__department__slug", flat=True)) == {
        "anjianju"
    }
    assert report.contributions.get(department__slug="jiaoyuju").narrative == "学校培训500人次。"


def test_one_task_that_changed_meanwhile_stops_the_whole_workbook(reporter, office, white_paper):
    first, _ = more_tasks(white_paper, office.units["anjianju"], 2)
    book = filled_book(reporter, white_paper).fill(
        ANSWERS, f"c{first.commitments.get().pk}", 自评="正常推进"
    )
    looked = look(reporter, book)
    assert looked.context["to_save"] == 2
    office.save(by=office.people.colleague)
    html = source_of(keep(reporter, looked))
    assert "《全面落实安全生产责任制》核对之后有变动，这次一项也没有保存。" in html
    assert not first.reports.exists()
    assert ProgressReport.objects.get().version == 1


def test_one_task_that_was_submitted_meanwhile_stops_the_whole_workbook(
    reporter, office, white_paper
):
    looked = look(reporter, filled_book(reporter, white_paper))
    office.submit()
    assert "这次一项也没有保存" in source_of(keep(reporter, looked))
    assert ProgressReport.objects.get().version == 1


def test_confirming_a_workbook_twice_saves_once(reporter, office, white_paper):
    looked = look(reporter, filled_book(reporter, white_paper))
    keep(reporter, looked)
    assert "这次一项也没有保存" in source_of(keep(reporter, looked))
    assert ProgressReport.objects.get().version == 1


def test_the_seal_of_a_looked_at_workbook_expires_after_an_hour(reporter, office, white_paper):
    with time_machine.travel(NOW, tick=False) as clock:
        looked = look(reporter, filled_book(reporter, white_paper))
        clock.shift(timedelta(minutes=61))
        reporter.force_login(office.people.reporter)
        assert "已超过一小时" in source_of(keep(reporter, looked))
        assert not ProgressReport.objects.exists()


def test_the_seal_of_another_person_or_unit_saves_no_workbook(client, office, white_paper):
    client.force_login(office.people.colleague)
    looked = look(client, filled_book(client, white_paper))
    client.force_login(office.people.reporter)
    assert "不是您为这个单位上传的" in source_of(keep(client, looked))
    Membership.objects.create(
        user=office.people.colleague, department=office.units["jiaoyuju"], role=Role.REPORTER
    )
    client.force_login(office.people.colleague)
    assert "不是您为这个单位上传的" in source_of(keep(client, looked, "jiaoyuju"))
    assert not ProgressReport.objects.exists()


@pytest.mark.parametrize("answers", ["", "x", "e30:x:y", "sealed for something else"])
def test_answers_of_a_workbook_without_our_seal_are_refused(reporter, answers):
    answers = signing.dumps([{"task": "wp2013-18"}]) if answers.startswith("sealed") else answers
    html = source_of(reporter.post(f"{PAGE}?unit=anjianju", {"answers": answers}, follow=True))
    assert "请重新上传这张表" in html
    assert not ProgressReport.objects.exists()


def test_a_person_of_two_units_gets_two_workbooks(reporter, office, white_paper):
    Responsibility.objects.create(
        task=white_paper.task,
        department=office.units["jiaoyuju"],
        order=2,
        kind="supporting",
        basis="published",
    )
    assert "您也为其他单位填报" not in source_of(reporter.get(PAGE))
    Membership.objects.create(
        user=office.people.reporter, department=office.units["jiaoyuju"], role=Role.REPORTER
    )
    assert 'href="?unit=jiaoyuju"' in source_of(reporter.get(PAGE))
    assert reporter.get(f"{FILE}?unit=jiaoyuju").status_code == 200
    assert reporter.get(f"{FILE}?unit=chengguanju").status_code == 404
    assert reporter.get(f"{PAGE}?unit=chengguanju").status_code == 404


def test_the_workspace_offers_one_file_for_three_reports(reporter, office, white_paper):
    more_tasks(white_paper, office.units["anjianju"], 1)
    assert PAGE not in source_of(reporter.get("/staff/"))
    more_tasks(white_paper, office.units["anjianju"], 1, first=201)
    assert PAGE in source_of(reporter.get("/staff/"))
    assert PAGE in source_of(reporter.get("/staff/reports/"))
