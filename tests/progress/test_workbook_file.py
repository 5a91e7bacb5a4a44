"""The file a unit takes home: what is printed in it, what can be written into it,
and that it comes back unchanged.
"""

from dataclasses import replace
from decimal import Decimal
from urllib.parse import unquote

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from progress.workbook import upload
from progress.workbook.reading import Kind
from progress.workbook.rows import ANSWERS, COLUMNS, NARRATIVE, NUMBERS, SUMMARY
from tests.fixtures.lists import more_tasks
from tests.fixtures.report_form import add_supporting_unit
from tests.fixtures.workbooks import FILE, PAGE, download, keep, look


@pytest.fixture
def named(white_paper) -> list[str]:
    """Keys of the goal, the training, the exercise and the number."""
    return [*(f"c{row.pk}" for row in white_paper.commitments), f"r{white_paper.indicator.pk}"]


def kinds(looked) -> set[str]:
    reading = looked.context["reading"]
    assert reading.unmatched == []
    assert reading.remarks == []
    return {change.kind for part in reading.parts for change in part.changes}


def test_the_workbook_prints_the_words_of_the_plan_and_offers_the_answers_that_fit(reporter, named):
    book = download(reporter)
    goal, training, _, number = named
    assert book.cell(ANSWERS, training, "承诺内容").value == "培训4000人次以上；"
    assert "本季到期" in book.cell(ANSWERS, training, "提示").value
    assert (
        "不少于 4000 人次（原文“4000人次以上”）"
        in book.cell(NUMBERS, number, "文件公布的目标").value
    )
    choices = {
        str(one.sqref): one.formula1 for one in book.book[ANSWERS].data_validations.dataValidation
    }
    place = book.cell(ANSWERS, training, "自评").coordinate
    assert (
        next(v for k, v in choices.items() if place in k.split())
        == '"已完成,部分完成,未完成,前置条件未具备"'
    )
    place = book.cell(ANSWERS, goal, "自评").coordinate
    assert "正常推进" in next(v for k, v in choices.items() if place in k.split())


def test_only_answer_cells_of_the_workbook_are_unlocked_and_no_password_is_set(reporter):
    book = download(reporter).book
    answers = {"自评", "说明", "实际值", "数据说明", "其余事项确认", "总体进展"}
    for title, columns in COLUMNS.items():
        page = book[title]
        assert page.protection.sheet
        assert page.protection.password is None
        assert page.column_dimensions["A"].hidden
        assert (page.freeze_panes, page.print_title_rows) == ("A2", "$1:$1")
        assert (page.page_setup.orientation, page.page_setup.paperSize) == ("landscape", 9)
        heads = [name for name, _ in columns]
        open_columns = {
            heads[c.column - 1] for row in page["A2":"Z9"] for c in row if not c.protection.locked
        }
        assert open_columns - answers == (
            set(heads[5:6] + heads[9:]) if title == SUMMARY else set()
        )


def test_the_first_page_says_whose_it_is_until_when_and_that_it_is_a_sample(reporter, office):
    def told() -> str:
        return "\n".join(
            f"{a}：{b}" for a, b in download(reporter).book["填写说明"].iter_rows(values_only=True)
        )

    assert "单位：安监局" in told()
    assert "2013年第二季度：1 项任务，2013年7月12日前报送" in told()
    assert "演示" not in told()
    office.period.demonstration = True
    office.period.save()
    assert "演示" in told()
    assert download(reporter).cell(SUMMARY, "whole", "季度").value == "2013年第二季度（演示）"
    assert "演示-安监局-季度填报-" in unquote(reporter.get(FILE)["Content-Disposition"])


HOSTILE = [
    "=1+1",
    "+86",
    "-1",
    "@SUM(A1)",
    '=HYPERLINK("x")',
    "第一行\r\n第二行",
    " 空格\x0b ",
    "_x000D_",
    "'=1",
]
HOSTILE += ["甲\ufffe乙\uffff"]


@pytest.mark.parametrize("words", HOSTILE)
def test_whatever_was_typed_leaves_as_text_and_comes_back_unchanged(reporter, office, words):
    findings = {pk: (pace, words) for pk, (pace, _) in office.filing.findings.items()}
    readings = {pk: (value, words) for pk, (value, _) in office.filing.readings.items()}
    office.save(
        replace(
            office.filing, narrative=words, help_needed=words, findings=findings, readings=readings
        )
    )
    book = download(reporter)
    assert "f" not in {cell.data_type for page in book.book for row in page for cell in row}
    assert kinds(look(reporter, book)) == {Kind.SAME}


def test_words_too_long_for_a_cell_stay_on_the_page_and_whole(reporter, office):
    office.save(replace(office.filing, narrative="字" * 40_000))
    book = download(reporter)
    assert "请在网页上修改" in book.cell(SUMMARY, "whole", NARRATIVE).value
    assert book.cell(SUMMARY, "whole", NARRATIVE).protection.locked
    looked = look(reporter, book.fill(SUMMARY, "whole", 需协调事项="请协调场地。"))
    keep(reporter, looked)
    assert len(office.white_paper.task.reports.get().contributions.get().narrative) == 40_000


def test_rows_have_room_for_their_words_and_for_an_answer(reporter, office, named):
    book = download(reporter)
    assert book.book[SUMMARY].row_dimensions[2].height > 80
    office.white_paper.commitments[1].text = "承诺" * 100
    office.white_paper.commitments[1].save()
    row = book.row(ANSWERS, named[1])
    assert (
        download(reporter).book[ANSWERS].row_dimensions[row].height
        > book.book[ANSWERS].row_dimensions[row].height
    )


@pytest.mark.parametrize("value", ["0", "4000", "0.1", "12.5", "12345678901.2345", "0.0001"])
def test_a_number_comes_back_from_the_workbook_as_it_left(reporter, office, white_paper, value):
    office.save(replace(office.filing, readings={white_paper.indicator.pk: (Decimal(value), "")}))
    looked = look(reporter, download(reporter))
    assert kinds(looked) == {Kind.SAME}
    assert looked.context["to_save"] == 0


@pytest.mark.parametrize("stage", ["nothing", "half", "all"])
def test_a_workbook_that_nobody_touched_changes_nothing_at_any_stage(reporter, office, stage):
    filings = {
        "half": replace(office.filing, remaining_on_course=False, readings={}, pace="slow"),
        "all": office.filing,
    }
    if stage in filings:
        office.save(filings[stage])
    looked = look(reporter, download(reporter))
    assert kinds(looked) == ({Kind.SAME} if stage in filings else set())
    assert looked.context["to_save"] == 0


def test_a_supporting_unit_is_asked_for_its_part_only(client, office):
    add_supporting_unit(office)
    office.save()
    client.force_login(office.people.stranger)
    book = download(client, "jiaoyuju")
    assert book.cell(SUMMARY, "whole", "总体进展").value == "由牵头单位填写"
    assert book.cell(SUMMARY, "whole", "总体进展").protection.locked
    assert book.cell(SUMMARY, "whole", NARRATIVE).value is None
    assert kinds(look(client, book, "jiaoyuju")) == {Kind.SAME}


def test_a_submitted_report_is_in_no_workbook(reporter, office):
    office.submit()
    assert download(reporter).book[SUMMARY].max_row == 1
    assert "现在没有可以填的任务" in reporter.get(PAGE).content.decode()


@pytest.mark.parametrize("address", [PAGE, FILE])
def test_thirty_tasks_cost_as_many_questions_as_three(
    reporter, office, django_assert_num_queries, address
):
    office.save()
    more_tasks(office.white_paper, office.units["anjianju"], 2)
    with CaptureQueriesContext(connection) as three:
        reporter.get(address)
    more_tasks(office.white_paper, office.units["anjianju"], 27, first=201)
    with django_assert_num_queries(len(three)):
        reporter.get(address)
    assert download(reporter).book[SUMMARY].max_row == 31


@pytest.mark.parametrize(("less", "is_read"), [(0, True), (1, False)])
def test_a_workbook_of_exactly_the_limit_is_read_and_a_larger_one_is_not(
    reporter, monkeypatch, less, is_read
):
    assert upload.MAX_BYTES == 5 * 1024**2
    workbook = download(reporter).upload()
    monkeypatch.setattr(upload, "MAX_BYTES", workbook.size - less)
    looked = look(reporter, workbook)
    assert ("reading" in looked.context) == is_read
    assert ("太大" in looked.content.decode()) != is_read
