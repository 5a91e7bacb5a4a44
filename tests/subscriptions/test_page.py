"""催报: who has not filed, the words for the work group,
and whether the reminders leave the house.
"""

import html
import re

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from departments.models import Department, Membership
from progress.actions.periods import close_period
from progress.actions.reviews import return_report
from subscriptions.channels import Undelivered
from subscriptions.outbox import note_run, send
from tests.fixtures.lists import more_tasks
from tests.fixtures.outbox import Kept, deliver, morning, remind
from tests.fixtures.page_text import text_of
from tests.fixtures.people import NOW, PEOPLE
from tests.fixtures.quarter import JULY_2, JULY_5, moment
from tests.fixtures.report_form import add_supporting_unit
from tests.fixtures.requests import unlock

PAGE = "/staff/reminders/"
JULY_13 = moment("2013-07-13T09:00:00")
pytestmark = pytest.mark.usefixtures("calendar_2013")


@pytest.fixture
def page(client, office):
    """The page as the supervisor sees it on a day of 2013: (words, source)."""

    def look(day: str = "07-09") -> tuple[str, str]:
        with time_machine.travel(morning(day), tick=False):
            client.force_login(office.people.supervisor)
            response = client.get(PAGE)
        return text_of(response), html.unescape(response.content.decode())

    return look


def close(office):
    """Closes the quarter on the day after it was due."""
    close_period(period=office.period, by=office.people.supervisor, at=JULY_13)
    office.period.refresh_from_db()


def texts(source: str) -> list[str]:
    return re.findall(r"<textarea[^>]*>(.*?)</textarea>", source, re.DOTALL)


@pytest.mark.parametrize("person", PEOPLE)
def test_only_supervisors_open_the_page_of_reminders(client, office, person):
    client.force_login(getattr(office.people, person))
    assert client.get(PAGE).status_code == (200 if "supervisor" in person else 403)


def test_the_page_of_reminders_names_units_tasks_days_and_unreachable_people(page, office):
    more_tasks(office.white_paper, office.units["jiaoyuju"], 2)
    more_tasks(office.white_paper, office.units["chengguanju"], 1, first=201)
    reporter = office.people.reporter
    reporter.last_login, reporter.email = JULY_2, "a@unit.example"
    reporter.save()
    words, _ = page()
    assert (
        "2013年7月12日报送截止，还有 3 个工作日；计划2013年7月29日公布。4 项中还有 4 项没有报送。"
        in words
    )
    assert re.search(
        r"教育局\s*2 项\s*wp2013-101 wp2013-102\s*王外人\s*从未登录、没有登记邮箱", words
    )
    assert re.search(r"城管局\s*1 项\s*wp2013-201\s*没有填报员\s*提醒发给督查员", words)
    assert re.search(r"陈填报\s*李同事", words)


def test_the_text_to_copy_names_units_people_and_days(page, office):
    more_tasks(office.white_paper, office.units["chengguanju"], 1)
    whole, own, other = texts(page()[1])
    assert whole.splitlines() == [
        "【催报】2013年度公共服务白皮书 2013年第二季度进展",
        "报送截止2013年7月12日，还有 3 个工作日。",
        "截至2013年7月9日，还有 2 个单位、2 项没有报送：",
        "1. 安监局（陈填报、李同事）：wp2013-18 全面落实安全生产责任制",
        "2. 城管局（没有填报员）：wp2013-101 第101项",
        "请登录 http://127.0.0.1:8000/staff/ 填报。",
    ]
    assert "1. 安监局" in own
    assert "城管局" not in own
    assert "1. 城管局" in other


def test_units_that_only_owe_their_part_are_counted_apart_from_those_that_lead(page, office):
    assert "<summary>没有报送的单位 1 个</summary>" in page()[1]
    add_supporting_unit(office)
    assert "没有报送的单位 2 个：1 个牵头单位，1 个只欠本单位部分的配合单位" in page()[0]


def test_each_text_has_a_button_of_its_own(page, office):
    more_tasks(office.white_paper, office.units["chengguanju"], 1)
    source = page()[1]
    places = re.findall(r'data-copy="#([^"]+)"', source)
    assert len(set(places)) == 3
    assert [source.count(f'<textarea id="{place}"') for place in places] == [1, 1, 1]


def test_the_page_of_reminders_counts_and_names_returned_reports(page, office):
    return_report(report=office.submit(), reason="缺数据", by=office.people.supervisor, at=JULY_5)
    words, source = page()
    assert "1 项，其中退回修改 1 项" in words
    assert "1 项中还有 1 项退回修改中。" in words
    assert "还有 1 个单位、1 项退回修改中：" in texts(source)[0]
    assert "全面落实安全生产责任制（退回修改中）" in texts(source)[0]


def test_the_page_of_reminders_says_of_a_closed_quarter_what_will_be_published(page, office):
    close(office)
    unlock(office, at=JULY_13)
    assert (
        "填报已截止，计划2013年7月29日公布，没有报送的会写明“未报送”。"
        in texts(page("07-16")[1])[0]
    )
    office.period.early_reason = "提前开会"
    office.period.save()
    assert "没有报送的会写明“提前截止时未报送”。" in texts(page("07-16")[1])[0]


@pytest.mark.parametrize("early", [True, False])
def test_nobody_is_asked_to_file_what_can_be_filed_only_after_the_release(page, office, early):
    if early:
        office.close_early("提前开会")
    else:
        close(office)
    words, source = page("07-16")
    said = "2013年7月5日提前截止（原定2013年7月12日）" if early else "2013年7月12日报送截止"
    assert f"{said}；计划2013年7月29日公布" in words
    assert "个工作日；" not in words
    assert "其中 1 项现在不能报送，不必催；公布之后可以补报。" in words
    assert texts(source) == []


def test_after_an_early_closing_only_what_can_be_improved_is_asked_for(page, office):
    more_tasks(office.white_paper, office.units["jiaoyuju"], 1)
    return_report(report=office.submit(), reason="缺数据", by=office.people.supervisor, at=JULY_5)
    office.close_early("提前开会")
    words, source = page("07-10")
    whole, own = texts(source)
    assert "没有报送的单位 2 个" in words
    assert "还有 1 个单位、1 项退回修改中：" in whole
    assert "没有报送的会写明“退回修改中”" in whole
    assert "wp2013-101" not in whole + own


@pytest.mark.parametrize("state", ["scheduled", "released"])
def test_a_quarter_not_under_way_is_not_chased(page, office, state):
    office.period.state = state
    office.period.released_at = NOW if state == "released" else None
    office.period.save()
    assert "没有正在填报或等待公布的填报期" in page()[0]


def test_when_all_have_filed_there_is_nothing_to_copy(page, office):
    office.submit()
    words, source = page()
    assert "都已报送。" in words
    assert texts(source) == []


def test_the_outbox_tells_what_waits_what_went_and_what_failed(page, office, settings):
    remind("07-09")
    assert "4 条" in page()[0].split("待发送")[1]
    send(channel=Kept(fails=Undelivered("没有登记邮箱")), clock=lambda: morning("07-09"))
    words = page()[0]
    assert "4 条试过没有发成，还会再发。最近一次的原因：没有登记邮箱" in words
    assert "没有配置发送方式" in words
    deliver("07-09")
    settings.NOTICE_CHANNEL = "subscriptions.channels.MailChannel"
    words = page()[0]
    assert re.search(r"待发送\s*0 条\s*已发送\s*4 条", words)
    assert "没有配置发送方式" not in words
    assert "没有发成" not in words


def test_a_timer_that_never_ran_is_noticed(page):
    assert re.search(r"上次生成\s*还没有运行过", page()[0])
    note_run("remind", "放进发件箱 4 条。", at=moment("2013-07-09T08:00:00"))
    words = page()[0]
    assert re.search(r"上次生成\s*2013-07-09 08:00，放进发件箱 4 条。", words)
    assert re.search(r"上次发送\s*还没有运行过", words)


def test_a_demonstration_is_marked_on_the_page_and_in_the_text(page, office):
    office.period.demonstration = True
    office.period.save()
    words, source = page()
    assert "演示" in words.split("还没有报送")[0]
    assert "2013年第二季度（演示）进展" in texts(source)[0]


def test_the_page_of_reminders_asks_no_more_queries_for_more_units_and_tasks(page, office):
    def count() -> int:
        with CaptureQueriesContext(connection) as asked:
            page()
        return len(asked)

    # The first look also signs in.
    page()
    few = count()
    kind = {"full_name": "x", "level": "district", "name_basis": "inferred"}
    for number in range(10):
        unit = Department.objects.create(slug=f"u{number}", short_name=f"第{number}局", **kind)
        Membership.objects.create(user=office.people.stranger, department=unit, role="reporter")
        more_tasks(office.white_paper, unit, 3, first=200 + 10 * number)
    assert count() == few


@pytest.mark.parametrize(("owing", "opened"), [(5, 1), (6, 0)])
def test_many_units_on_the_page_of_reminders_are_folded_with_their_count(
    page, office, owing, opened
):
    for n, unit in enumerate(list(office.units.values())[:owing]):
        more_tasks(office.white_paper, unit, 1, first=201 + n)
    source = page()[1]
    assert f"<summary>没有报送的单位 {owing} 个</summary>" in source
    assert f"<summary>只发给一个单位的通知 {owing} 份</summary>" in source
    assert source.count('<details class="fold" open>') == opened
