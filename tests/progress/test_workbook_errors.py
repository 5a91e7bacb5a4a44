"""Every cell that cannot be taken is named by page, row and column,
and spoils only its own task.
"""

import datetime
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook, load_workbook

from common.files.packages import OLD_OFFICE
from common.office import worksheet_reading
from progress.models import ProgressReport
from progress.workbook.reading import Kind
from progress.workbook.rows import ANSWERS, NUMBERS, SUMMARY
from tests.fixtures.lists import PDF, more_tasks
from tests.fixtures.page_text import source_of
from tests.fixtures.quarter import JULY_30
from tests.fixtures.report_form import add_supporting_unit
from tests.fixtures.workbooks import PAGE, download, look, wrong

pytestmark = pytest.mark.django_db


@pytest.fixture
def training(white_paper) -> str:
    return f"c{white_paper.commitments[1].pk}"


@pytest.fixture
def number(white_paper) -> str:
    return f"r{white_paper.indicator.pk}"


BAD_CELLS = [
    (
        ANSWERS,
        "training",
        "自评",
        "做完了",
        "逐条自评 第 2 行 G 列",
        "没有“做完了”这个选项，请从下拉列表中选择。",
    ),
    (
        ANSWERS,
        "training",
        "自评",
        "正常推进",
        "逐条自评 第 2 行 G 列",
        "没有“正常推进”这个选项，请从下拉列表中选择。",
    ),
    (
        ANSWERS,
        "training",
        "自评",
        "=1+1",
        "逐条自评 第 2 行 G 列",
        "这一格是公式，请改填算好的结果。",
    ),
    (ANSWERS, "training", "说明", "已办", "逐条自评 第 2 行 G 列", "写了说明，请同时选择进展。"),
    (
        ANSWERS,
        "training",
        "说明",
        "=HYPERLINK(1)",
        "逐条自评 第 2 行 H 列",
        "这一格是公式，请改填算好的结果。",
    ),
    (
        NUMBERS,
        "number",
        "实际值",
        "四千",
        "数据 第 2 行 H 列",
        "安全生产公共培训请填写数字，例如 4000 或 12.5。",
    ),
    (
        NUMBERS,
        "number",
        "实际值",
        "4000人次",
        "数据 第 2 行 H 列",
        "安全生产公共培训请填写数字，例如 4000 或 12.5。",
    ),
    (NUMBERS, "number", "实际值", -5, "数据 第 2 行 H 列", "安全生产公共培训不能小于 0。"),
    (
        NUMBERS,
        "number",
        "实际值",
        True,
        "数据 第 2 行 H 列",
        "安全生产公共培训请填写数字，例如 4000 或 12.5。",
    ),
    (
        NUMBERS,
        "number",
        "实际值",
        "=SUM(A1:A9)",
        "数据 第 2 行 H 列",
        "这一格是公式，请改填算好的结果。",
    ),
    (
        NUMBERS,
        "number",
        "实际值",
        "#REF!",
        "数据 第 2 行 H 列",
        "这一格是表格软件的错误值（#REF!），请改正。",
    ),
    (
        NUMBERS,
        "number",
        "实际值",
        datetime.date(2013, 6, 1),
        "数据 第 2 行 H 列",
        "安全生产公共培训请填写数字",
    ),
    (NUMBERS, "number", "实际值", 1.23456, "数据 第 2 行 H 列", "小数"),
    (NUMBERS, "number", "数据说明", "字" * 201, "数据 第 2 行 I 列", "200"),
    (
        SUMMARY,
        "whole",
        "其余事项确认",
        "好",
        "总体 第 2 行 H 列",
        "没有“好”这个选项，请从下拉列表中选择。",
    ),
    (
        SUMMARY,
        "whole",
        "总体进展",
        "一般",
        "总体 第 2 行 I 列",
        "没有“一般”这个选项，请从下拉列表中选择。",
    ),
    (
        SUMMARY,
        "whole",
        "需协调事项",
        "=A1",
        "总体 第 2 行 M 列",
        "这一格是公式，请改填算好的结果。",
    ),
]


@pytest.mark.parametrize(("title", "row", "head", "typed", "place", "says"), BAD_CELLS)
def test_a_wrong_cell_of_a_workbook_is_named_by_page_row_and_column(
    reporter, request, title, row, head, typed, place, says
):
    about = row if row == "whole" else request.getfixturevalue(row)
    looked = look(reporter, download(reporter).fill(title, about, **{head: typed}))
    problems = wrong(looked)
    assert list(problems) == [place]
    assert says in problems[place]
    assert problems[place] in looked.content.decode()
    assert "有错 1 处" in looked.content.decode()
    assert not ProgressReport.objects.exists()


def test_an_error_in_a_workbook_affects_its_own_task_only(reporter, office, training):
    first, _ = more_tasks(office.white_paper, office.units["anjianju"], 2)
    book = download(reporter).fill(ANSWERS, training, 自评="做完了")
    book.fill(ANSWERS, f"c{first.commitments.get().pk}", 自评="正常推进")
    looked = look(reporter, book)
    html = source_of(looked)
    assert "保存没有错误的 1 项" in html
    assert [part.has_errors for part in looked.context["reading"].parts_in_order] == [
        True,
        False,
        False,
    ]
    assert "将<b>新填 1 处</b>、<b>修改 0 处</b>、<b>不变 0 处</b>、<b>有错 1 处</b>" in html


def test_a_formula_is_seen_even_where_a_program_has_computed_it(reporter, number):
    """What it came to is in the file as well; nobody typed that number."""
    data = download(reporter).fill(NUMBERS, number, 实际值="=2000*2").upload().read()
    out = BytesIO()
    with ZipFile(BytesIO(data)) as old, ZipFile(out, "w") as new:
        for name in old.namelist():
            new.writestr(
                name, old.read(name).replace(b"<f>2000*2</f><v></v>", b"<f>2000*2</f><v>4000</v>")
            )
    assert load_workbook(BytesIO(out.getvalue()), data_only=True)[NUMBERS]["H2"].value == 4000
    assert (
        "公式"
        in wrong(look(reporter, SimpleUploadedFile("a.xlsx", out.getvalue())))["数据 第 2 行 H 列"]
    )


def test_a_row_without_its_key_is_not_guessed_at(reporter, training):
    book = download(reporter)
    book.book[ANSWERS].append(["", "wp2013-18", "", "", "", "", "已完成", ""])
    book.cell(ANSWERS, training, "标识").value = "c1"
    problems = wrong(look(reporter, book))
    assert list(problems) == ["逐条自评 第 2 行 A 列", "逐条自评 第 5 行 A 列"]
    assert all("没有标识" in problem for problem in problems.values())


def test_rows_of_another_unit_and_of_other_tasks_are_refused(client, reporter, office):
    add_supporting_unit(office)
    client.force_login(office.people.stranger)
    theirs = download(client, "jiaoyuju")
    client.force_login(office.people.reporter)
    assert set(wrong(look(reporter, theirs)).values()) == {
        "这是另一个单位的行，没有读入。请换成那个单位再上传。"
    }
    book = download(reporter)
    office.submit(at=JULY_30)
    problems = wrong(look(reporter, book))
    assert set(problems.values()) == {
        "wp2013-18 2013-2 现在不由本单位填写，或者已经报送，没有读入。"
    }
    assert len(problems) == 5
    assert look(reporter, book).content.decode().count("现在不由本单位填写") == 1


def test_the_same_row_twice_is_refused_for_nobody_knows_which_counts(reporter, training):
    book = download(reporter)
    page, row = book.book[ANSWERS], book.row(ANSWERS, training)
    page.append([cell.value for cell in page[row]])
    assert wrong(look(reporter, book)) == {
        "逐条自评 第 5 行 A 列": "与第 2 行重复，请删去一行再上传。"
    }


def test_moved_columns_are_refused_and_named(reporter):
    book = download(reporter)
    book.book[ANSWERS].insert_cols(7)
    problems = wrong(look(reporter, book))
    assert "列名应当是“自评”" in problems["逐条自评 第 1 行 G 列"]


def test_rows_taken_out_change_nothing(reporter, office, training):
    office.save()
    book = download(reporter)
    book.book[ANSWERS].delete_rows(book.row(ANSWERS, training))
    looked = look(reporter, book.fill(SUMMARY, "whole", 需协调事项="请协调场地。"))
    assert (wrong(looked), looked.context["to_save"]) == ({}, 1)
    assert looked.context["reading"].count(Kind.NEW) == 1


def test_changed_official_words_are_passed_over_and_said(reporter, training):
    looked = look(
        reporter, download(reporter).fill(ANSWERS, training, 承诺内容="培训40人次。", 自评="已完成")
    )
    remark = "逐条自评 第 2 行 E 列：这一格已锁定，与系统里的不同，以系统里的为准。"
    assert looked.context["reading"].remarks == [remark]
    assert looked.context["to_save"] == 1


def test_a_task_somebody_saved_meanwhile_is_refused_and_the_others_go_on(
    reporter, office, training
):
    first, _ = more_tasks(office.white_paper, office.units["anjianju"], 2)
    book = download(reporter).fill(ANSWERS, training, 自评="部分完成")
    book.fill(ANSWERS, f"c{first.commitments.get().pk}", 自评="正常推进")
    office.save(by=office.people.colleague)
    looked = look(reporter, book)
    assert "请重新下载" in wrong(looked)["整项任务"]
    assert looked.context["to_save"] == 1


def test_the_same_file_again_after_it_was_saved_is_no_error(reporter, office, training):
    """Whoever mends one wrong cell sends the whole file again."""
    book = download(reporter)
    office.save()
    book.fill(ANSWERS, training, 自评="已完成").fill(SUMMARY, "whole", 其余事项确认="是")
    exercise = f"c{office.white_paper.commitments[2].pk}"
    book.fill(ANSWERS, exercise, 自评="已完成").fill(
        NUMBERS, f"r{office.white_paper.indicator.pk}", 实际值=4000
    )
    book.cell(SUMMARY, "whole", "进展情况、存在问题及下一步打算").value = office.filing.narrative
    looked = look(reporter, book)
    assert (wrong(looked), looked.context["to_save"]) == ({}, 0)


def test_a_row_key_with_an_endless_version_is_refused(reporter, training):
    book = download(reporter)
    book.cell(ANSWERS, training, "标识").value = "anjianju wp2013-18 2013-2 c1 v" + "9" * 5000
    assert "没有标识" in wrong(look(reporter, book))["逐条自评 第 2 行 A 列"]


def package(**parts: bytes) -> bytes:
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as parcel:
        for name, data in parts.items():
            parcel.writestr(name.replace("__", "/") + ".xml", data)
    return out.getvalue()


def bomb() -> bytes:
    data = Workbook()
    out = BytesIO()
    data.save(out)
    with ZipFile(out, "a", ZIP_DEFLATED) as parcel:
        parcel.writestr("xl/media/x", bytes(worksheet_reading.MAX_UNPACKED))
    assert len(out.getvalue()) < 100_000
    return out.getvalue()


def long_book() -> bytes:
    book, out = Workbook(), BytesIO()
    book.active.title = ANSWERS
    book.active.cell(worksheet_reading.MAX_ROWS + 1, 1).value = "x"
    book.save(out)
    return out.getvalue()


def entities() -> bytes:
    """A sheet whose words unfold without end."""
    out, book = BytesIO(), Workbook()
    book.active.title = ANSWERS
    book.save(out)
    evil = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><worksheet>&b;</worksheet>'
    parcel, mended = ZipFile(out), BytesIO()
    with ZipFile(mended, "w") as new:
        for name in parcel.namelist():
            new.writestr(name, evil if "sheet1" in name else parcel.read(name))
    return mended.getvalue()


NOT_SHEETS = {
    "a paper": ("a.pdf", PDF, "这个文件不是 .xlsx 表"),
    "a paper under the name of a sheet": ("a.xlsx", PDF, "这个文件不是 .xlsx 表"),
    "a sheet of an old program": ("a.xls", OLD_OFFICE + bytes(512), "另存为 .xlsx 再上传"),
    "half a package": ("a.xlsx", long_book()[:-40], "文件打不开"),
    "a package that is none": ("a.xlsx", package(a=b"<a/>"), "文件打不开"),
    "a bomb": ("a.xlsx", bomb(), "文件解压后太大"),
    "rows without end": ("a.xlsx", long_book(), "内容太多"),
    "words without end": ("a.xlsx", entities(), "文件打不开"),
    "too large": ("a.xlsx", long_book() + bytes(5 * 1024 * 1024), "“a.xlsx”太大"),
    "nothing": ("a.xlsx", b"", "请上传从本页下载"),
}


@pytest.mark.parametrize("case", NOT_SHEETS)
def test_a_file_that_is_no_workbook_of_ours_is_refused_in_words(reporter, case):
    name, data, says = NOT_SHEETS[case]
    response = look(reporter, SimpleUploadedFile(name, data))
    assert response.status_code == 200
    assert says in response.content.decode()
    assert "下载填报表" in response.content.decode()


def test_an_upload_of_another_workbook_says_where_the_right_one_is(reporter):
    out = BytesIO()
    Workbook().save(out)
    assert (
        "请上传从本页下载的表"
        in wrong(look(reporter, SimpleUploadedFile("a.xlsx", out.getvalue())))["整个文件"]
    )


def test_an_upload_without_a_workbook_asks_for_one(reporter):
    assert "请上传从本页下载" in reporter.post(PAGE, {}).content.decode()
