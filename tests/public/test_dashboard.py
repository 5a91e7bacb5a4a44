"""总览: one document in one quarter, from what is public, with the list behind every count."""

import re
from datetime import date

import pytest
import time_machine

from demo.released_district import ReleasedDistrict
from publishing.models import Publication
from tests.fixtures.independent_figures import asked_for, same
from tests.fixtures.lists import more_tasks
from tests.fixtures.page_tables import leads, listed, starting, tables
from tests.fixtures.page_text import text_of, words_in
from tests.fixtures.quarter import moment

PAGE, RECOUNT, FILE = "/dashboard/", "/dashboard/recount/", "/dashboard/recount.json"
SECOND = {"plan": "wp2013", "quarter": "2013-2"}
MATRIX = "各项任务各季度的状态"
pytestmark = pytest.mark.django_db


@pytest.fixture
def released(office) -> Publication:
    """One task filed as on course and found to be slow; three more never filed."""
    more_tasks(office.white_paper, office.units["chengguanju"], 3)
    office.verify(office.submit(), pace="slow", note="抽查两处，记录不全。")
    office.publish()
    return Publication.objects.get(task=office.white_paper.task)


@pytest.mark.parametrize("address", [PAGE, RECOUNT])
def test_an_empty_portal_says_so(address, client):
    page = client.get(address)
    assert page.status_code == 200
    assert "还没有" in text_of(page)
    assert client.get(FILE).json() == {}


def test_the_dashboard_before_the_first_release_shows_only_the_matrix(office, client):
    page = client.get(PAGE)
    assert "还没有公布过进展" in text_of(page)
    assert {caption.split("：")[0] for caption in tables(page)} == {MATRIX}
    assert "还没有可以重算的数字" in text_of(client.get(RECOUNT))


@pytest.mark.parametrize(
    ("today", "said"),
    [
        ("2013-06-30T23:59:00", ["尚未公布", "未到期", "未到期", "未到期"]),
        ("2013-07-01T00:00:00", ["尚未公布", "尚未公布", "未到期", "未到期"]),
        ("2014-01-01T00:00:00", ["尚未公布"] * 4),
    ],
)
def test_the_dashboard_shows_a_quarter_that_is_not_over_as_not_due(
    today, said, white_paper, client
):
    with time_machine.travel(moment(today), tick=False):
        assert starting(client.get(PAGE), MATRIX)[0][1:] == said


def test_the_dashboard_says_that_nothing_was_collected_before_the_tracking_began(
    white_paper, client
):
    white_paper.plan.tracked_from = date(2013, 4, 1)
    white_paper.plan.save()
    assert starting(client.get(PAGE), MATRIX)[0][1] == "平台启用前，未采集"
    white_paper.plan.tracked_from, white_paper.plan.state = None, "archived"
    white_paper.plan.save()
    assert starting(client.get(PAGE), MATRIX)[0][1:] == ["平台启用前，未采集"] * 4


def test_the_page_counts_in_words_with_its_denominator(released, client):
    said = re.sub(r"\s+", " ", text_of(client.get(PAGE)))
    assert (
        "要求报送 4 项，公布了进展 1 项：已完成 0 项，在推进或还没有启动 0 项，落后 1"
        " 项；没有公布进展 3 项" in said
    )


def test_the_worst_word_stands_first_and_what_is_folded_is_counted(client):
    ReleasedDistrict(tasks=20).grow_to(1)
    worst = client.get(PAGE).content.decode().split('id="worst"')[1].split("</section>")[0]
    shown, _, folded = (
        re.findall('chip__word">([^<]+)', part) for part in worst.partition("另有 7 项")
    )
    assert shown + folded == ["未报送"] * 4 + ["推进缓慢"] * 4 + ["部分完成"] * 4
    assert (len(shown), len(folded)) == (5, 7)
    assert "（12 项）" in worst


def test_everything_folded_on_the_dashboard_says_how_much_it_is(released, client):
    folded = re.findall(
        r'<details class="fold"([^>]*)>\s*<summary>(.*?)</summary>',
        client.get(PAGE).content.decode(),
        re.DOTALL,
    )
    # What is folded of one indicator has an anchor and says its latest number instead.
    lists = [(mark, words) for mark, words in folded if "id=" not in mark]
    assert len(lists) > 6
    assert [
        words for mark, words in lists if "open" in mark or not re.search(r"\d+ (项|个|张)", words)
    ] == []


def test_a_folded_indicator_says_in_one_sentence_where_it_stands(released, client):
    said = re.sub(r"\s+", " ", words_in(client.get(PAGE), "trajectories"))
    assert "2013年第二季度：计划 4000 人次，实际 4000 人次，相符" in said


def test_the_dashboard_counts_progress_and_reporting_apart(released, client):
    head, *rows = tables(client.get(PAGE))["办得怎样（行）和报得怎样（列），项数"]
    found = {row[0]: dict(zip(head, row, strict=True)) for row in rows}
    assert found["落后"]["按时报送"] == "1 报了，没做到"
    assert found["没有公布进展"]["未报送"] == "3"
    assert found["没有公布进展"]["合计"] == "3"
    assert found["已完成"]["逾期报送"] == "0 做了，没按时报"


def test_every_count_leads_to_a_list_of_exactly_so_many(released, client):
    found = leads(client.get(PAGE))
    assert len(found) > 15
    assert {address: number for number, address in found} == {
        address: listed(client, address) for _, address in found
    }


def test_units_stand_in_the_order_of_their_list_and_not_of_their_figures(released, client):
    shown = [row[0] for row in tables(client.get(PAGE))["各单位"][1:]]
    assert shown == ["城管局", "安监局"]
    assert "不排名" in text_of(client.get(PAGE))


def test_both_voices_stand_side_by_side_where_they_differ(released, client):
    (row,) = tables(client.get(PAGE))["单位自评与督查核定不一致的任务"][1:]
    assert row == ["18 全面落实安全生产责任制", "正常推进", "推进缓慢"]


def test_a_cell_leads_to_what_was_published_and_marks_the_units_own_word(office, client):
    office.submit()
    office.publish()
    page = client.get(PAGE)
    assert starting(page, MATRIX)[0][2] == "正常推进 自评"
    assert (
        '<a class="mark mark--course" href="/tasks/wp2013-18/quarters/2013-2/r1/"'
        in page.content.decode()
    )


def test_numbers_with_interim_values_are_drawn_and_their_table_stands_beside(released, client):
    page = client.get(PAGE)
    shown = tables(page)["18 安全生产公共培训（人次），每季"]
    assert [row[1:4] for row in shown[1:]][1] == ["4000", "4000", "相符"]
    assert shown[1][1:4] == ["未公布", "尚未公布", "无法计算"]
    assert page.content.decode().count('<svg xmlns="http://www.w3.org/2000/svg" class="chart"') == 2


def test_a_number_without_interim_values_shows_what_was_reached_and_no_path(
    released, office, client
):
    office.white_paper.indicator.targets.filter(quarter=2).delete()
    page = client.get(PAGE)
    (row,) = tables(page)["文件未公布阶段目标的指标"][1:]
    assert row[2] == "4000 人次 第二季度的填报数，第一季度尚未公布，文件未公布阶段目标"
    assert 'class="chart"' not in page.content.decode()


def test_the_dashboard_of_a_first_quarter_compares_nothing(released, client):
    assert "2013年第二季度是第一次公布，没有可比的" in words_in(client.get(PAGE), "turns")


def test_the_dashboard_refuses_a_plan_or_quarter_it_does_not_know_in_words(released, client):
    page = client.get(PAGE, {"plan": "nothing", "quarter": "2013-9"})
    assert page.status_code == 400
    assert "没有“2013-9”这个选项" in text_of(page)
    assert "没有“nothing”这个选项" in text_of(page)
    assert client.get(FILE, {"quarter": "x"}).status_code == 400


def test_the_page_of_formulas_works_without_a_script(released, client):
    page = client.get(RECOUNT)
    said = text_of(page)
    assert "您的浏览器没有运行脚本" in said
    assert re.search(r"data-recount=\"[^\"]+\"\s+hidden", page.content.decode())
    assert "公开状态是推进缓慢、部分完成、未完成、本季无进展、前置条件未具备的项数" in said
    assert len(client.get(FILE, SECOND).json()["figures"]) == len(
        starting(page, "总览的数字和算法")
    )


def test_the_dashboard_of_a_generated_district_equals_an_independent_count(client):
    ReleasedDistrict(tasks=10).grow_to(2)
    data, page = asked_for(client, "ap1", 2017, 3)
    assert len(data["rows"]) == 10
    same(data, page)
