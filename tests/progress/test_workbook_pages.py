"""What of a workbook was not read is said: pages under another name, and merged cells."""

import pytest

from progress.models import ProgressReport
from progress.workbook.changes import Kind
from progress.workbook.rows import ANSWERS, NUMBERS, SUMMARY
from tests.fixtures.lists import more_tasks
from tests.fixtures.page_text import source_of
from tests.fixtures.workbooks import download, keep, look, wrong

pytestmark = pytest.mark.django_db


@pytest.fixture
def training(white_paper) -> str:
    return f"c{white_paper.commitments[1].pk}"


@pytest.fixture
def number(white_paper) -> str:
    return f"r{white_paper.indicator.pk}"


def test_a_page_taken_out_of_a_workbook_is_an_error_and_changes_nothing(reporter, office):
    office.save()
    book = download(reporter).fill(SUMMARY, "whole", 需协调事项="请协调场地。")
    del book.book[NUMBERS]
    looked = look(reporter, book)
    assert list(wrong(looked)) == [NUMBERS]
    assert "没有找到“数据”这一页，它的内容都没有读入" in source_of(looked)
    assert (looked.context["reading"].count(Kind.NEW), looked.context["to_save"]) == (1, 1)


@pytest.mark.parametrize("title", ["数据 ", " 数据", "数据\u200b", "\u3000数据"])
def test_a_page_is_found_in_spite_of_blanks_around_its_name(reporter, number, title):
    book = download(reporter).fill(NUMBERS, number, 实际值=4000)
    book.book[NUMBERS].title = title
    looked = look(reporter, book)
    assert (wrong(looked), looked.context["to_save"]) == ({}, 1)


@pytest.mark.parametrize("title", ["数据1", "数 据", "Sheet1"])
def test_a_page_under_another_name_is_said_to_be_missing(reporter, number, title):
    book = download(reporter).fill(NUMBERS, number, 实际值=4000)
    book.book[NUMBERS].title = title
    assert list(wrong(look(reporter, book))) == [NUMBERS]


def test_of_two_pages_with_one_name_none_is_guessed_at(reporter):
    book = download(reporter)
    book.book.create_sheet("数据 ")
    assert "有两页都叫“数据”，请删去一页再上传。" in look(reporter, book).content.decode()


def test_cells_merged_into_another_keep_what_is_stored_and_are_said(reporter, office):
    """An empty cell would be taken for one that was emptied."""
    first, second = more_tasks(office.white_paper, office.units["anjianju"], 2)
    book = download(reporter)
    book.cell(SUMMARY, f"{first.code} 2013-2 whole", "需协调事项").value = "请协调场地。"
    book.cell(SUMMARY, f"{second.code} 2013-2 whole", "需协调事项").value = "请协调经费。"
    keep(reporter, look(reporter, book))
    book = download(reporter)
    rows = [book.row(SUMMARY, f"{task.code} 2013-2 whole") for task in (first, second)]
    cells = f"M{min(rows)}:M{max(rows)}"
    book.book[SUMMARY].merge_cells(cells)
    book.book[SUMMARY].cell(min(rows), 13).value = "两项任务共用。"
    looked = look(reporter, book)
    reading = looked.context["reading"]
    assert reading.remarks == [
        f"总体 {cells}：这些格合并在一起，只读入第一格，其余的没有改动。"
        "请取消合并，每格分别填写再上传。"
    ]
    assert [change.after for part in reading.parts for change in part.changed] == ["两项任务共用。"]
    keep(reporter, looked)
    kept = ProgressReport.objects.filter(task__in=[first, second]).order_by("task__number")
    assert sorted(kept.values_list("help_needed", flat=True)) == ["两项任务共用。", "请协调经费。"]


def test_merged_choices_are_one_remark_however_many_rows_they_cover(reporter, training):
    book = download(reporter).fill(ANSWERS, training, 自评="已完成")
    book.book[ANSWERS].merge_cells("G2:G4")
    looked = look(reporter, book)
    assert len(looked.context["reading"].remarks) == 1
    assert "逐条自评 G2:G4" in source_of(looked)
