"""Every figure of 总览 on the demonstration,
counted again from the downloaded rows by a stranger, and its lists.
"""

import re
from datetime import date

import pytest

from common.time.quarters import Quarter
from public.read_models.dashboard import build_dashboard
from public.read_models.plan_snapshot import plan_choices, public_snapshot
from tests.fixtures.independent_figures import asked_for, counts, same
from tests.fixtures.page_tables import leads, listed, starting
from tests.fixtures.page_text import text_of, words_in

pytestmark = pytest.mark.django_db
DEMONSTRATION = [("wp2013", quarter) for quarter in range(1, 5)] + [("ap2017", 2), ("ap2017", 3)]
PAGE, SECOND = "/dashboard/", {"plan": "wp2013", "quarter": "2013-2"}


@pytest.fixture(autouse=True)
def shown(demonstration, settings):
    settings.DEMO = True


@pytest.mark.parametrize(("slug", "quarter"), DEMONSTRATION)
def test_the_dashboard_of_each_released_quarter_equals_an_independent_count(slug, quarter, client):
    data, page = asked_for(client, slug, int(slug[2:]), quarter)
    assert len(data["rows"]) == {"wp2013": 20, "ap2017": 45}[slug]
    same(data, page)


def test_the_matrix_shows_each_cell_of_the_file(client):
    data, page = asked_for(client, "wp2013", 2013, 2)
    lines = starting(page, "各项任务各季度的状态")
    words = [cell["word"] for cell in data["cells"]]
    assert [cell.removesuffix(" 自评") for line in lines for cell in line[1:]] == words
    # Twenty tasks in four quarters, each with its year-end conclusion.
    assert len(words) == 100


@pytest.mark.parametrize(("slug", "quarter"), DEMONSTRATION)
def test_the_figures_of_the_recount_file_equal_an_independent_count(slug, quarter, client):
    """Line by line, each figure of the file by its own recipe:
    what the button does in the browser.
    """
    data, _ = asked_for(client, slug, int(slug[2:]), quarter)
    figures = [one for one in data["figures"] if one["recipe"]["op"] == "count"]
    assert len(figures) > 80
    assert [
        one
        for one in figures
        if int(one["value"]) != sum(counts(row, one["recipe"]) for row in data["rows"])
    ] == []


def test_the_dashboard_of_a_concluded_plan_equals_an_independent_count(client):
    """Without a quarter its counts are those of the year-end conclusions."""
    data = client.get("/dashboard/recount.json", {"plan": "wp2013"}).json()
    assert data["concluded"]
    assert {row["state"] for row in data["rows"]} == {"done", "exceeded", "partly", "not_done"}
    same(data, client.get(PAGE, {"plan": "wp2013"}))
    figures = [one for one in data["figures"] if one["recipe"]["op"] == "count"]
    assert [
        one
        for one in figures
        if int(one["value"]) != sum(counts(row, one["recipe"]) for row in data["rows"])
    ] == []


@pytest.mark.parametrize(
    "asked",
    [SECOND, {"plan": "wp2013", "quarter": "2013-3"}, {"plan": "wp2013"}, {"plan": "ap2017"}],
)
def test_every_count_of_the_demonstration_leads_to_a_list_of_exactly_so_many(asked, client):
    found = leads(client.get(PAGE, asked))
    assert len(found) > 60
    assert [(n, address) for n, address in found if listed(client, address) != n] == []


def test_a_quarter_another_document_published_is_named_and_the_newest_shown(client):
    page = client.get(PAGE, {"plan": "wp2013", "quarter": "2017-2"})
    assert page.status_code == 200
    assert "没有公布2017年第二季度的进展，下面是2013年第四季度的" in text_of(page)
    assert "2013年第四季度，要求报送 20 项" in text_of(page)


def test_the_newest_release_is_shown_where_nothing_was_chosen():
    assert plan_choices().newest.slug == "ap2017"


def test_what_changed_since_the_release_before_gives_its_reason(client):
    said = re.sub(r"\s+", " ", words_in(client.get(PAGE, SECOND), "turns"))
    assert "2013年第一季度以后" in said
    assert "核查意见：【演示】抽查 12 个小区，3 个未按要求投放" in said


def test_the_printed_items_with_interim_values_are_drawn(django_assert_num_queries):
    plan = next(plan for plan in plan_choices().plans if plan.slug == "wp2013")
    with django_assert_num_queries(12):
        page = build_dashboard(public_snapshot(plan, Quarter(2013, 2), date(2013, 8, 1)))
    drawn = {each.task.number for each in page.trajectories}
    assert drawn >= {5, 8, 9, 11, 13, 14, 16, 18}
    # The two that print a value for the second quarter besides.
    assert drawn - {5, 8, 9, 11, 13, 14, 16, 18} == {6, 15}
    assert {each.task.number for each in page.without_interim} == {12, 14}
