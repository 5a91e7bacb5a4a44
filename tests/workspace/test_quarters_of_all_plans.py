"""The same quarter of all papers opened or closed by one act, or by none."""

from datetime import date

import pytest
import time_machine

from departments.models import CalendarDay
from departments.rules.holidays import built_in
from ledger.models import Entry
from progress.actions.periods import generate_periods
from progress.models import ReportingPeriod
from tests.fixtures.page_text import text_of
from tests.fixtures.quarter import moment
from tests.fixtures.scale import twin

ALL = "/staff/periods/quarters/2013-2/"
JULY_1, JULY_15 = moment("2013-07-01T09:00:00"), moment("2013-07-15T09:00:00")


@pytest.fixture
def two(office, calendar_2013) -> None:
    """A second paper with the same quarter, both scheduled."""
    other = twin(office.white_paper.plan, slug="ap2013", title="2013年行动计划")
    ReportingPeriod.objects.update(state="scheduled")
    office.period.refresh_from_db()
    twin(office.period, plan=other)


@pytest.fixture
def supervisor(client, office):
    client.force_login(office.people.supervisor)
    return client


def states() -> list[str]:
    return list(ReportingPeriod.objects.order_by("pk").values_list("state", flat=True))


def test_the_quarter_of_all_plans_opens_at_once_with_one_ledger_entry_each(two, supervisor):
    with time_machine.travel(JULY_1, tick=False):
        assert "一并开放2013年第二季度（2 份文件）" in text_of(supervisor.get("/staff/periods/"))
        text = text_of(supervisor.get(f"{ALL}open/"))
        assert "共 2 份文件：2013年行动计划、2013年度公共服务白皮书。" in text
        assert "报送截止2013年7月12日" in text
        supervisor.post(f"{ALL}open/")
    assert states() == ["open", "open"]
    assert Entry.objects.filter(verb="open_period").count() == 2


def test_the_quarter_of_all_plans_closes_at_once_after_the_due_day(two, supervisor, office):
    ReportingPeriod.objects.update(state="open")
    with time_machine.travel(moment("2013-07-12T23:59:59"), tick=False):
        assert "一并截止" not in text_of(supervisor.get("/staff/periods/"))
    with time_machine.travel(JULY_15, tick=False):
        supervisor.force_login(office.people.supervisor)
        assert "现在还有 1 项没有报送" in text_of(supervisor.get(f"{ALL}close/"))
        assert "一并截止2013年第二季度（2 份文件）" in text_of(supervisor.get("/staff/periods/"))
        supervisor.post(f"{ALL}close/")
    assert states() == ["closed", "closed"]


def test_without_a_calendar_the_quarter_of_no_plan_is_opened(two, supervisor):
    with time_machine.travel(moment("2014-02-01T09:00:00"), tick=False):
        assert "工作日历还没有录入" in text_of(supervisor.post(f"{ALL}open/"))
    assert states() == ["scheduled", "scheduled"]
    assert not Entry.objects.filter(verb="open_period").exists()


def test_a_quarter_of_all_plans_opened_late_is_retroactive_for_each(two, supervisor):
    with time_machine.travel(moment("2013-08-01T09:00:00"), tick=False):
        supervisor.post(f"{ALL}open/")
    assert [(p.retroactive, p.due_on) for p in ReportingPeriod.objects.all()] == [
        (True, date(2013, 8, 15))
    ] * 2


def test_a_quarter_without_any_plan_is_not_found(supervisor, office):
    assert supervisor.get("/staff/periods/quarters/2012-2/open/").status_code == 404
    assert supervisor.get(f"{ALL}open/").status_code == 404


def test_every_quarter_of_a_plan_is_scheduled_by_one_action(office):

    days = [day for year in (2013, 2014) for day in built_in(year)]
    CalendarDay.objects.bulk_create(
        CalendarDay(date=day, is_workday=work, note=note) for day, work, note in days
    )
    ReportingPeriod.objects.all().delete()
    generate_periods(plan=office.white_paper.plan, by=office.people.supervisor, at=JULY_1)
    entries = Entry.objects.filter(verb="schedule_period")
    assert (entries.count(), entries.values("recorded_at").distinct().count()) == (4, 1)
    assert ReportingPeriod.objects.get(index=1).due_on == date(2013, 4, 16)
