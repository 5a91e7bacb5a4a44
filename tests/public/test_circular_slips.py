"""Open slips: the paper of the offices lists them,
the public learns that there is one where the plan says so.
"""

import re

import pytest
import time_machine

from supervision.models import SupervisionSlip
from tasks.models import Plan
from tests.fixtures.lists import more_tasks
from tests.fixtures.page_text import text_of
from tests.fixtures.quarter import moment
from tests.fixtures.slips import close, issue, lift, reply, send_back
from tests.fixtures.word_files import (
    PAGE,
    PAPER,
    SHEET,
    book_of,
    chapters,
    lines_of,
    records,
    table_headed,
    word_of,
)

pytestmark = pytest.mark.usefixtures("calendar_2013")
HEADS = ["督办单号", "任务", "主送单位", "级别", "要求回复日期", "是否回复"]
PLANS = "/api/v1/plans/wp2013/"
SECRETS = ["督办〔2013〕", "现场抽查", "请报告培训场次", "已补办三场", "缺签到表", "赵督查"]


@pytest.fixture
def slips(office) -> list[SupervisionSlip]:
    """Not answered, answered, sent back, raised,
    and one that is closed and no business of anybody any more.
    """
    tasks = more_tasks(office.white_paper, office.units["anjianju"], 5)
    office.publish()
    found = [issue(office, task=task) for task in tasks]
    for slip in found[1:3]:
        reply(office, slip)
    send_back(office, found[2])
    lift(office, found[3])
    reply(office, found[4])
    close(office, found[4])
    return found


@pytest.fixture
def public(slips):
    Plan.objects.update(slips_public=True)


def listed(client, office, day="2013-07-15T10:00:00") -> list[list[str]]:
    client.force_login(office.people.supervisor)
    with time_machine.travel(moment(day), tick=False):
        word = word_of(client)
    assert f"（{len(SupervisionSlip.objects.open())}件）" in chapters(word)["没有销号的督办单"][0]
    return [[line[head] for head in HEADS] for line in lines_of(table_headed(word, *HEADS))]


def test_the_circular_lists_each_open_slip_with_level_day_and_answer(client, office, slips):
    told = [
        (number, level, day, answer) for number, _, _, level, day, answer in listed(client, office)
    ]
    assert told == [
        ("督办〔2013〕1号", "蓝色督办", "2013年7月9日", "未回复，逾期6天"),
        ("督办〔2013〕2号", "蓝色督办", "2013年7月9日", "已回复，待销号"),
        ("督办〔2013〕3号", "蓝色督办", "2013年7月11日", "退回重办，未回复，逾期4天"),
        ("督办〔2013〕4号", "红色督办", "2013年7月10日", "未回复，逾期5天"),
    ]


def test_the_circular_names_task_and_unit_of_a_slip_and_days_only_if_late(client, office, slips):
    first = listed(client, office, "2013-07-09T23:00:00")[0]
    assert first[1:3] == ["第101项 第101项（wp2013-101）", "安监局"]
    assert first[5] == "未回复"


def test_the_circular_marks_slips_of_the_demonstration(client, office, slips):
    SupervisionSlip.objects.update(demonstration=True)
    assert all(line[0].startswith("【演示】") for line in listed(client, office))


def test_the_circular_says_that_there_are_no_open_slips(client, office):
    office.publish()
    client.force_login(office.people.supervisor)
    assert chapters(word_of(client))["没有销号的督办单"][-1] == "没有。"


def shown(client) -> dict[str, list]:
    """What a visitor finds: (task, level) on the page of the quarter,
    in its table and in the interface.
    """
    page = re.sub(
        r"<[^>]+>",
        " ",
        client.get(PAGE).content.decode().partition('id="wp2013-slips"')[2].partition("</ul>")[0],
    )
    told = {task["code"]: task["slips"] for task in client.get("/api/v1/tasks/").json()["results"]}
    return {
        "page": sorted(
            (f"wp2013-{number}", level)
            for number, level in re.findall(r"第(\d+)项\s+(\S+督办)", page)
        ),
        "table": sorted((line["编号"], line["级别"]) for line in records(book_of(client), "督办")),
        "interface": sorted(
            (code, one["level"]["label"]) for code, found in told.items() for one in found or []
        ),
    }


def test_page_table_and_api_show_the_same_public_slips_with_their_levels(client, public):
    expected = [(f"wp2013-{number}", "蓝色督办") for number in (101, 102, 103)] + [
        ("wp2013-104", "红色督办")
    ]
    assert shown(client) == {"page": expected, "table": expected, "interface": expected}
    assert client.get(PLANS).json()["slips_public"] is True
    assert client.get("/api/v1/tasks/wp2013-105/").json()["slips"] == []


def test_slips_of_a_plan_that_keeps_them_internal_are_nowhere_in_public(client, slips):
    assert shown(client) == {"page": [], "table": [], "interface": []}
    assert client.get(PLANS).json()["slips_public"] is False
    assert {task["slips"] for task in client.get("/api/v1/tasks/").json()["results"]} == {None}
    assert "督办单不公开" in str(records(book_of(client), "说明"))


def test_the_words_of_a_slip_are_never_public(client, office, public):
    files = book_of(client)
    cells = str(
        [line for name in files.sheetnames for line in files[name].iter_rows(values_only=True)]
    )
    for told in (text_of(client.get(PAGE)), cells, client.get("/api/v1/tasks/").content.decode()):
        assert [secret for secret in SECRETS if secret in told] == []


def test_a_visitor_gets_no_circular_document(client, public):
    assert client.get(PAPER).status_code == 302
    assert client.get(SHEET).status_code == 200


def test_thirty_slips_cost_no_more_questions_than_three(
    client, office, public, django_assert_num_queries
):
    client.force_login(office.people.supervisor)
    client.get(PAPER), client.get(SHEET)
    with django_assert_num_queries(100, exact=False) as paper:
        client.get(PAPER)
    with django_assert_num_queries(100, exact=False) as sheet:
        client.get(SHEET)
    for task in more_tasks(office.white_paper, office.units["anjianju"], 27, first=201):
        reply(office, issue(office, task=task))
    with django_assert_num_queries(len(paper)):
        client.get(PAPER)
    with django_assert_num_queries(len(sheet)):
        client.get(SHEET)
