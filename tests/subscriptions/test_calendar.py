"""When it is time to say something, for any due day and any table of working days."""

import re
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from progress.models import ReportingPeriod
from subscriptions.models import Event
from subscriptions.reminders.reminder import PeriodReminder
from subscriptions.reminders.schedule import ReminderSchedule
from subscriptions.words import days_left

DUE = date(2026, 1, 5)
OFFSETS = [-5, -3, -1, 0, 1, 5]
# The turn of a year, with holidays and exchanged days wherever they like to lie.
TABLES = st.dictionaries(st.integers(-40, 40).map(lambda n: DUE + timedelta(n)), st.booleans())
DAYS = st.integers(-40, 40).map(lambda n: DUE + timedelta(n))


def matter(event: Event = Event.REPORT_DUE, due_on: date | None = DUE) -> PeriodReminder:
    return PeriodReminder(
        event=event,
        subject="x",
        period=ReportingPeriod(),
        notified={1: ""},
        notified_late={2: ""},
        due_on=due_on,
    )


def reached(worked: dict, day: date, **about) -> int | None:
    return ReminderSchedule(day, [], worked).latest_offset(matter(**about))


@given(TABLES, DAYS)
def test_the_offset_of_a_reminder_never_goes_back(worked, day):
    today, tomorrow = reached(worked, day), reached(worked, day + timedelta(1))
    assert today is None or tomorrow >= today


@given(TABLES)
def test_the_offset_of_a_reminder_is_zero_on_the_due_day(worked):
    assert reached(worked, DUE) == 0


@given(TABLES, DAYS)
def test_every_offset_is_reached_on_a_working_day_or_never(worked, day):
    """Which is why a timer that rests on free days misses nothing."""
    before, now = reached(worked, day - timedelta(1)), reached(worked, day)
    assert before == now or worked.get(day, day.weekday() < 5)


@given(TABLES, st.sets(DAYS))
def test_missed_runs_cost_only_reminders_that_were_overtaken_meanwhile(worked, runs):
    """Whichever days it runs on, it ends with the latest that was to be said by
    the last of them.
    """
    said = {reached(worked, day) for day in runs}
    assert not runs or reached(worked, max(runs)) == max(
        said, key=lambda one: -99 if one is None else one
    )


@given(TABLES, DAYS)
def test_heads_are_told_only_after_the_due_day(worked, day):
    now = ReminderSchedule(day, [matter()], worked)
    told = {person for _, _, _, person in now.due_notices()}
    assert (2 in told) == (now.days_after(DUE) >= 1)
    assert not (2 in told and day <= DUE)


@given(TABLES, DAYS)
def test_a_release_is_warned_of_from_two_working_days_before(worked, day):
    found = reached(worked, day, event=Event.RELEASE_WARNING)
    assert found == (-2 if ReminderSchedule(day, [], worked).days_after(DUE) >= -2 else None)


@given(TABLES, DAYS)
def test_a_reminder_without_a_due_day_is_due_at_once(worked, day):
    assert reached(worked, day, due_on=None) == 0


@given(TABLES, DAYS)
def test_the_words_never_say_that_time_is_left_when_it_is_over(worked, day):
    words = days_left(ReminderSchedule(day, [], worked), DUE)
    assert ("已过" in words) == (day > DUE)
    assert ("今天" in words) == (day == DUE)
    assert not re.search(r"-|\b0 个", words)
