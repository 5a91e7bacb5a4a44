"""As of a day in files and the open interface: what the pages of that day say, or a refusal,
never what came since.
"""

from datetime import date
from io import BytesIO

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from publishing.models import Publication
from tests.fixtures.as_of import RELEASED, another_release, newest_by
from tests.fixtures.lists import more_tasks
from tests.fixtures.seeded_tasks import seeded_quarter
from tests.fixtures.slips import issue

ONE, ALL = "/api/v1/tasks/wp2013-18/", "/api/v1/tasks/"
LIST, CIRCULAR = "/tasks/export.xlsx", "/quarters/2013-2/circular.xlsx"
THEN = {"as_of": RELEASED}
HONOURED = [ONE, ALL, LIST, CIRCULAR, "/tasks/wp2013-18/"]
REFUSED = ["/api/v1/plans/", "/api/v1/plans/wp2013/", "/api/v1/milestones/", "/api/v1/departments/"]
REFUSED += ["/dashboard/recount.json"]


@pytest.fixture(autouse=True)
def fresh_counter():
    cache.clear()


def records(client, address: str, title: str, **asked) -> list[dict]:
    book = load_workbook(BytesIO(b"".join(client.get(address, asked).streaming_content)))
    head, *lines = book[title].iter_rows(values_only=True)
    return [dict(zip(head, line, strict=True)) for line in lines]


def test_the_api_shows_a_task_as_it_was_on_the_day_asked_for(corrected, client):
    then, now = (client.get(ONE, asked).json()["latest_publication"] for asked in (THEN, {}))
    assert (then["revision"], then["assessment"]["label"], then["readings"][0]["value"]) == (
        1,
        "推进缓慢",
        4000,
    )
    assert (now["revision"], now["assessment"]["label"], now["readings"][0]["value"]) == (
        3,
        "已完成",
        4100,
    )


def test_the_download_shows_the_line_of_a_task_as_it_was_on_the_day_asked_for(corrected, client):
    (then,), (now,) = (records(client, LIST, "承诺清单", **asked) for asked in (THEN, {}))
    assert (then["状态"], then["公布的数字"]) == ("推进缓慢", "安全生产公共培训4000人次")
    assert (now["状态"], now["公布的数字"]) == ("已完成", "安全生产公共培训4100人次")
    told = {line["项目"]: line["内容"] for line in records(client, LIST, "说明", **THEN)}
    assert told["过去的情况"].startswith("2013年7月30日结束时")


def test_the_table_of_the_quarter_shows_a_task_as_it_was_on_the_day_asked_for(corrected, client):
    (then,), (now,) = (records(client, CIRCULAR, "各项", **asked) for asked in (THEN, {}))
    assert (then["公开状态"], then["版次"]) == ("推进缓慢", 1)
    assert (now["公开状态"], now["版次"]) == ("已完成", 3)
    assert records(client, CIRCULAR, "更正和补充", **THEN) == []


@pytest.mark.parametrize("seed", range(3))
def test_api_and_download_of_a_whole_quarter_have_the_rows_of_that_day(office, client, seed):
    seeded_quarter(office, 25, seed)
    another_release(office, "2013-08-10")
    expected = newest_by(date(2013, 8, 10))
    rows = Publication.objects.select_related("task")
    rows = [row for row in rows if expected.get((row.task_id, row.period_id)) == row.revision]
    told = client.get(ALL, {"as_of": "2013-08-10", "page_size": 200}).json()["results"]
    shown = {task["code"]: task["latest_publication"] for task in told}
    assert {code: one["sha256"] for code, one in shown.items() if one} == {
        row.task.code: row.sha256 for row in rows
    }
    listed = {
        line["编号"]: line["状态"] for line in records(client, LIST, "承诺清单", as_of="2013-08-10")
    }
    assert listed == {
        code: one["headline"]["label"] if one else "尚未公布" for code, one in shown.items()
    }


def test_targets_units_and_changes_in_the_api_are_those_of_the_day(changed, client):
    then, now = (client.get(ONE, asked).json() for asked in (THEN, {}))
    assert [row["value"] for row in then["targets"] if row["quarter"] is None] == [15000]
    assert [row["value"] for row in now["targets"] if row["quarter"] is None] == [12000]
    assert "jiaoyuju" not in {unit["slug"] for unit in then["departments"]}
    assert "jiaoyuju" in {unit["slug"] for unit in now["departments"]}
    assert (len(then["changes"]), len(now["changes"])) == (0, 2)
    (line,) = records(client, LIST, "承诺清单", **THEN)
    assert "15000" in line["目标值"]
    assert line["调整（原定和现在）"] is None


@pytest.mark.parametrize(
    "asked", [{"state": "slow"}, {"state": "done"}, {"disagree": "1"}, {"department": "jiaoyuju"}]
)
def test_the_filters_of_a_past_day_find_in_files_what_those_of_the_page_find(
    corrected, client, asked
):
    asked |= THEN
    found = client.get("/tasks/", asked).context["list"].page.paginator.count
    assert (
        client.get(ALL, asked).json()["count"]
        == len(records(client, LIST, "承诺清单", **asked))
        == found
    )


@pytest.mark.parametrize("day", ["2013-08-05", "2013-07-29", "heute"])
@pytest.mark.parametrize("address", [ONE, ALL])
def test_the_api_refuses_a_day_without_a_release_and_says_why(corrected, client, address, day):
    response = client.get(address, {"as_of": day})
    assert response.status_code == 404
    assert "这一天没有公布过进展" in response.json()["detail"]


@pytest.mark.parametrize("address", [LIST, CIRCULAR])
def test_no_file_exists_of_a_day_without_a_release(corrected, client, address):
    assert client.get(address, {"as_of": "2013-08-05"}).status_code == 404


@pytest.mark.parametrize("address", HONOURED)
def test_no_search_engine_keeps_a_day_past(corrected, client, address):
    assert client.get(address, THEN)["X-Robots-Tag"] == "noindex"
    assert "X-Robots-Tag" not in client.get(address)


@pytest.mark.parametrize("address", REFUSED)
def test_addresses_without_past_days_refuse_as_of_in_words(corrected, client, address):
    response = client.get(address, THEN)
    assert (response.status_code, client.get(address).status_code) == (400, 200)
    said = response.json()
    assert "请去掉 as_of" in said.get("errors", said)["as_of"][0]


def test_the_api_of_a_past_day_says_nothing_about_slips(corrected, office, client):
    type(office.white_paper.plan).objects.update(slips_public=True)
    issue(office)
    assert client.get(ONE).json()["slips"] == [
        {"level": {"code": "blue", "label": "蓝色督办"}, "demonstration": False}
    ]
    assert client.get(ONE, THEN).json()["slips"] is None
    assert records(client, CIRCULAR, "督办", **THEN) == []
    assert len(records(client, CIRCULAR, "督办")) == 1


def test_the_page_of_a_day_leads_to_the_files_of_that_day(corrected, client):
    for page, file in (("/tasks/", LIST), ("/quarters/2013-2/", CIRCULAR)):
        assert f'href="{file}?as_of={RELEASED}"' in client.get(page, THEN).content.decode()


def test_thirty_tasks_of_a_day_cost_no_more_questions_than_three(corrected, office, client):
    def questions() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert client.get(ALL, THEN | {"page_size": 200}).status_code == 200
        return len(asked)

    more_tasks(office.white_paper, office.units["jiaoyuju"], 2)
    few = questions()
    more_tasks(office.white_paper, office.units["jiaoyuju"], 27, first=201)
    assert questions() == few
