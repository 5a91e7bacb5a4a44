"""The list as a spreadsheet: what the page shows, and nothing a reader's machine could run."""

from datetime import date
from io import BytesIO
from urllib.parse import parse_qsl, unquote

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from common.office.worksheet_reading import read_rows
from common.office.worksheets import Worksheet, download
from progress.models import ReportingPeriod
from tasks.models import Responsibility, Task

pytestmark = pytest.mark.both

FILE = "/tasks/export.xlsx"


def book(response):
    return load_workbook(BytesIO(b"".join(response.streaming_content)))


def rows(client, **params) -> list[dict]:
    head, *rest = book(client.get(FILE, params)).worksheets[0].iter_rows(values_only=True)
    return [dict(zip(head, row, strict=True)) for row in rest]


def notes(client, **params) -> list[tuple]:
    return list(book(client.get(FILE, params))["说明"].iter_rows(values_only=True))


@pytest.fixture
def released(office):
    office.verify(office.submit(), "slow", note="演练材料不全")
    office.publish()


def test_a_visitor_gets_the_words_as_printed_with_targets_and_units(client, white_paper):
    (row,) = rows(client)
    assert (row["编号"], row["序号"], row["任务"]) == ("wp2013-18", 18, "全面落实安全生产责任制")
    assert row["任务正文 / 目标"] == "全年培训15000人次以上。"
    assert row["责任单位（依据）"] == "安监局（文件载明）"
    assert "2013年第二季度安全生产公共培训：4000人次以上" in row["目标值"]


def test_sums_and_changes_of_ours_are_named_as_such(client, white_paper):
    white_paper.indicator.targets.filter(quarter=None).update(quote="", derived=True)
    assert "2013年全年安全生产公共培训：15000人次（本平台合计）" in rows(client)[0]["目标值"]


def test_what_was_published_stands_beside_its_day_in_both_voices(client, released):
    (row,) = rows(client)
    assert (row["状态"], row["状态出处"], row["季度"]) == ("推进缓慢", "督查核定", "2013年第二季度")
    assert (row["单位自评"], row["督查核定"]) == ("正常推进", "推进缓慢")
    assert (row["公布的数字"], row["数据截至"]) == ("安全生产公共培训4000人次", "2013年6月30日")
    assert row["演示"] is None


def test_an_exported_cell_that_is_not_known_stays_empty_and_says_why(client, white_paper):
    (row,) = rows(client)
    assert row["状态"] == "尚未公布"
    assert row["单位自评"] is None
    white_paper.plan.tracked_from, white_paper.plan.state = None, "archived"
    white_paper.plan.save()
    assert rows(client)[0]["状态"] == "平台启用前，未采集"


def test_the_filter_of_the_page_chooses_the_rows_and_is_written_down(client, white_paper):
    Task.objects.create(
        plan=white_paper.plan,
        section=white_paper.section,
        number=19,
        code="wp2013-19",
        title="绩效",
    )
    assert [row["编号"] for row in rows(client, department="anjianju")] == ["wp2013-18"]
    told = dict(notes(client, department="anjianju", quarter="2"))
    assert told["筛选条件"] == "责任单位：安监局；看哪个季度：第二季度"
    assert told["共计"] == "1 项"
    assert dict(notes(client))["筛选条件"] == "全部"


def test_a_choice_that_does_not_exist_goes_back_to_the_list(client, white_paper):
    response = client.get(FILE, {"state": "nonsense"})
    assert response.url == "/tasks/?state=nonsense"
    assert client.get(response.url).status_code == 400


def test_demonstration_figures_are_marked_in_row_sheet_and_name(client, released, settings):
    released = Task.objects.get().publications.get()
    ReportingPeriod.objects.update(demonstration=True)
    type(released).objects.update(demonstration=True)
    settings.DEMO = True
    assert rows(client)[0]["演示"] == "演示"
    assert any("不是真实情况" in row[1] for row in notes(client))
    assert "filename*=utf-8''" in client.get(FILE)["Content-Disposition"]
    assert "演示-承诺清单-" in unquote(client.get(FILE)["Content-Disposition"])


def test_an_unconfirmed_owner_comes_only_with_its_label(client, white_paper, settings):
    white_paper.task.responsibilities.update(basis="proposed", kind="lead")
    settings.DEMO = False
    assert rows(client)[0]["责任单位（依据）"] == "待确认"
    settings.DEMO = True
    assert rows(client)[0]["责任单位（依据）"] == "安监局（牵头，按职能推定，未经确认）"


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("section=wp2013-1", "社会管理"),
        (
            "plan=wp2013&year=2013&quarter=2",
            "文件：2013年度公共服务白皮书；年份：2013年；看哪个季度：第二季度",
        ),
        ("state=slow", "状态：推进缓慢"),
    ],
)
def test_an_exported_list_says_in_words_which_filters_were_asked_for(asked, said, client, released):
    assert said in dict(notes(client, **dict(parse_qsl(asked))))["筛选条件"]


def test_the_exported_list_gives_away_nothing_of_a_draft_plan(client, white_paper):
    white_paper.plan.state = "draft"
    white_paper.plan.save()
    assert rows(client) == []


def test_thirty_rows_cost_no_more_questions_than_three(client, released, white_paper, units):
    def questions() -> int:
        with CaptureQueriesContext(connection) as asked:
            client.get(FILE)
        return len(asked)

    def more(first: int, last: int) -> None:
        for n in range(first, last):
            task = Task.objects.create(
                plan=white_paper.plan,
                section=white_paper.section,
                number=n,
                code=f"x-{n}",
                title="更多",
            )
            Responsibility.objects.create(
                task=task, department=units["jiaoyuju"], order=1, kind="listed", basis="published"
            )

    more(100, 102)
    few = questions()
    more(102, 129)
    assert questions() == few


@pytest.mark.parametrize("text", ["=1+1", "+86", "-1", "@SUM(A1)", '=HYPERLINK("x")'])
def test_text_never_becomes_a_formula(text):
    page = book(
        download([Worksheet("表", [("列", 10)], [[text, 4000, date(2013, 7, 1)]])], "表.xlsx")
    ).worksheets[0]
    cell = page["A2"]
    assert (cell.value, cell.data_type) == (text, "s")
    assert (page["B2"].value, page["B2"].data_type) == (4000, "n")


def test_the_head_stays_in_sight_and_control_characters_do_no_harm():
    page = book(download([Worksheet("表", [("列", 17)], [["甲\x0b乙"]])], "表.xlsx")).worksheets[0]
    assert page.freeze_panes == "A2"
    assert page.column_dimensions["A"].width == 17
    assert page["A2"].value == "甲乙"


def test_a_worksheet_that_was_written_can_be_read_back():
    written = download(
        [Worksheet("名单", [("用户名", 10), ("姓名", 10)], [["wang01", "王一"], ["li02", None]])],
        "x.xlsx",
    )
    data = b"".join(written.streaming_content)
    assert read_rows("名单.XLSX", data, 2) == [["用户名", "姓名"], ["wang01", "王一"], ["li02", ""]]


@pytest.mark.parametrize(
    ("name", "data"), [("a.xlsx", b"PK"), ("a.pdf", b"%PDF"), ("a.csv", b"\xff\xff\xff")]
)
def test_a_worksheet_that_cannot_be_read_is_refused_in_chinese(name, data):
    with pytest.raises(ValueError, match=r"请|另存"):
        read_rows(name, data, 2)
