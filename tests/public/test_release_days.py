"""公布日程: a day that was promised stands there until it was kept,
and a missed one says so by itself.
"""

from datetime import date

import pytest
import time_machine

from progress.actions.periods import generate_periods, open_period
from progress.models import ReportingPeriod
from public.read_models.release_days import release_calendar
from tasks.models import Plan
from tests.fixtures.page_text import text_of
from tests.fixtures.quarter import moment
from tests.fixtures.seeded_tasks import seeded_quarter

JULY_29 = date(2013, 7, 29)
HOME, QUARTERS, TASK = "/", "/quarters/", "/tasks/wp2013-18/"


def on(day: str):
    return time_machine.travel(moment(f"{day}T09:00:00"))


def days_over(today: date) -> list[int]:
    return [day.days_over for day in release_calendar(today).missed]


def test_a_promise_is_ahead_until_its_day_is_over(period):
    assert [day.promised for day in release_calendar(JULY_29).ahead] == [JULY_29]
    assert days_over(JULY_29) == []
    assert days_over(date(2013, 7, 30)) == [1]
    assert release_calendar(date(2013, 8, 6)).ahead == []


@pytest.mark.parametrize("state", ["scheduled", "open", "closed"])
def test_a_promised_release_day_is_missed_whatever_the_state_of_the_period(period, state):
    ReportingPeriod.objects.update(state=state)
    assert days_over(date(2013, 8, 6)) == [8]


def test_the_home_page_says_by_itself_what_was_missed_and_by_how_many_days(period, client):
    with on("2013-08-06"):
        page = text_of(client.get(HOME))
    assert "原定2013年7月29日公布，尚未公布，已过 8 天" in page
    assert "2013年第二季度" in page
    with on("2013-07-29"):
        page = text_of(client.get(HOME))
    assert "已过" not in page
    assert "2013年7月29日公布2013年第二季度" in page


@pytest.mark.parametrize("address", [HOME, QUARTERS, TASK, "/tasks/", "/plans/wp2013/"])
def test_no_page_names_a_day_past_as_the_next(period, client, address):
    with on("2013-08-06"):
        page = "".join(text_of(client.get(address)).split())
    assert "下次公布2013年7月29日" not in page
    assert "尚未公布，已过8天" in page


def test_a_plan_that_runs_no_more_has_missed_nothing(period, client):
    Plan.objects.update(state="archived")
    calendar = release_calendar(date(2013, 8, 6))
    assert (calendar.missed, calendar.ahead) == ([], [])
    with on("2013-08-06"):
        assert "已过" not in text_of(client.get(HOME)) + text_of(client.get(TASK))


def test_a_draft_plan_promises_no_release_day(period):
    Plan.objects.update(state="draft")
    calendar = release_calendar(date(2013, 8, 6))
    assert (calendar.missed, calendar.ahead, calendar.past) == ([], [], [])


def test_the_release_calendar_shows_promised_and_actual_day_of_a_release(office, client):
    seeded_quarter(office, 3)
    (day,) = release_calendar(date(2013, 8, 6)).past
    assert (day.promised, day.actual, day.days_over) == (JULY_29, date(2013, 7, 30), 1)
    page = "".join(text_of(client.get(QUARTERS)).split())
    assert "2013年7月29日2013年7月30日晚了1天" in page
    assert "2013年7月30日公布，比原定的2013年7月29日晚了 1 天" in text_of(client.get(HOME))
    ReportingPeriod.objects.update(release_on=date(2013, 7, 30))
    assert "如期" in text_of(client.get(QUARTERS))
    assert "晚了" not in text_of(client.get(HOME))


def test_a_release_before_its_day_is_not_late(office):
    seeded_quarter(office, 3)
    ReportingPeriod.objects.update(release_on=date(2013, 8, 30))
    (day,) = release_calendar(date(2014, 1, 1)).past
    assert day.days_over == 0


def test_the_release_calendar_shows_the_soonest_and_the_oldest_day_first(office):
    for index, day in ((1, date(2013, 7, 20)), (4, date(2014, 1, 28)), (3, date(2013, 10, 28))):
        period = ReportingPeriod.objects.get(index=2)
        period.pk, period.index, period.release_on = None, index, day
        period.due_on = period.review_due_on = period.opens_on
        period.save(force_insert=True)
    calendar = release_calendar(date(2013, 8, 6))
    assert [day.period.index for day in calendar.missed] == [1, 2]
    assert [day.period.index for day in calendar.ahead] == [3, 4]
    assert len({day.period.plan.slug for day in calendar.ahead}) == 1


def test_the_release_calendar_is_one_query_however_many_plans_run(
    office, django_assert_num_queries
):
    with django_assert_num_queries(1):
        [day.period.plan.name for day in release_calendar(date(2013, 8, 6)).missed]


@pytest.fixture
def laid_out(office, calendar_2013) -> ReportingPeriod:
    """The second quarter as planned in June: opened on 1 July,
    released on the twenty-second working day after.
    """
    ReportingPeriod.objects.all().delete()
    end = {"starts_on": date(2013, 4, 1), "ends_on": date(2013, 6, 30)}
    Plan.objects.update(**end)
    plan = Plan.objects.get()
    (period,) = generate_periods(
        plan=plan, by=office.people.supervisor, at=moment("2013-06-03T09:00:00")
    )
    return period


def test_a_late_opening_leaves_the_promised_day_and_sets_its_own_beside_it(
    laid_out, office, client
):
    promised = laid_out.release_on
    client.force_login(office.people.supervisor)
    with on("2013-07-19"):
        asked = text_of(client.get("/staff/periods/wp2013/2013-2/open/"))
        client.post("/staff/periods/wp2013/2013-2/open/")
    period = ReportingPeriod.objects.get()
    assert (promised, period.promised, period.release_on) == (
        date(2013, 7, 31),
        promised,
        date(2013, 8, 20),
    )
    assert "原定2013年7月31日公布" in asked
    calendar = release_calendar(date(2013, 8, 6))
    assert ([day.days_over for day in calendar.missed], calendar.next.period) == ([6], period)
    with on("2013-08-06"):
        page = "".join(text_of(client.get(HOME)).split())
    assert "尚未公布，已过6天（2013年7月19日开放填报，改为2013年8月20日公布）" in page
    assert "下次公布2013年8月20日公布2013年第二季度" in page


def test_what_was_laid_out_after_its_day_had_passed_was_promised_to_nobody(office, calendar_2013):
    ReportingPeriod.objects.all().delete()
    at, by = moment("2013-08-01T09:00:00"), office.people.supervisor
    Plan.objects.update(starts_on=date(2013, 4, 1), ends_on=date(2013, 6, 30))
    (period,) = generate_periods(plan=Plan.objects.get(), by=by, at=at)
    opened = open_period(period=period, by=by, at=at, on=at.date())
    assert (opened.promised_on, opened.promised) == (None, opened.release_on)


@pytest.mark.parametrize(("day", "is_promised"), [("2013-07-31", True), ("2013-08-01", False)])
def test_a_quarter_laid_out_on_its_release_day_is_promised_for_that_day(
    office, calendar_2013, day, is_promised
):
    ReportingPeriod.objects.all().delete()
    Plan.objects.update(starts_on=date(2013, 4, 1), ends_on=date(2013, 6, 30))
    at, by = moment(f"{day}T09:00:00"), office.people.supervisor
    (period,) = generate_periods(plan=Plan.objects.get(), by=by, at=at)
    assert period.release_on == date(2013, 7, 31)
    assert period.promised_on == (period.release_on if is_promised else None)


def test_a_period_opened_on_its_day_keeps_its_days(laid_out, office):
    at = moment("2013-07-01T09:00:00")
    opened = open_period(period=laid_out, by=office.people.supervisor, at=at, on=at.date())
    assert not opened.was_moved
