"""Why a day is the day it is: every day between is either counted or named,
and the sum is the one that was set.
"""

from datetime import date, timedelta
from itertools import pairwise
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from departments.models import CalendarDay
from departments.rules.holidays import built_in
from departments.rules.statutory_holidays import is_presumed_workday
from departments.rules.working_days import count_working_days, explain_count

START = date(2026, 1, 1)


def table(*years: int) -> list:
    days = [day for year in years for day in built_in(year)]
    return [SimpleNamespace(date=day, is_workday=worked, note=note) for day, worked, note in days]


def told(start: date, end: date, *years: int) -> list[tuple[str, bool, str, int]]:
    stretches = explain_count(start, end, table(*years)).stretches
    return [(one.name, one.worked, f"{one.first:%m-%d}", one.days) for one in stretches]


def test_the_second_quarter_of_2013_was_due_ten_working_days_after_the_first_of_april():
    """By hand: 2 and 3 April, 清明 4-6, Sunday 7 worked, 8-12, weekend 13-14, 15-16."""
    assert told(date(2013, 4, 1), date(2013, 4, 16), 2013) == [
        ("", True, "04-02", 2),
        ("清明", False, "04-04", 3),
        ("清明调休上班", True, "04-07", 1),
        ("", True, "04-08", 5),
        ("周末", False, "04-13", 2),
        ("", True, "04-15", 2),
    ]
    assert explain_count(date(2013, 4, 1), date(2013, 4, 16), table(2013)).working_days == 10


def test_spring_festival_of_2026_is_left_out_by_name_and_its_saturdays_are_counted():
    assert told(date(2026, 2, 12), date(2026, 3, 2), 2026) == [
        ("", True, "02-13", 1),
        ("春节调休上班", True, "02-14", 1),
        ("春节", False, "02-15", 9),
        ("", True, "02-24", 4),
        ("春节调休上班", True, "02-28", 1),
        ("周末", False, "03-01", 1),
        ("", True, "03-02", 1),
    ]


def test_national_day_of_2026_lies_between_the_third_quarter_and_its_due_day():
    """Opened on 1 October: seven days off, then 8 and 9, Saturday 10 worked, Sunday off,
    12-16, weekend, 19-20.
    """
    days = explain_count(date(2026, 10, 1), date(2026, 10, 20), table(2026))
    assert days.working_days == 10
    assert [(one.name, one.days) for one in days.stretches if one.name] == [
        ("国庆节", 6),
        ("国庆节调休上班", 1),
        ("周末", 1),
        ("周末", 2),
    ]


def test_a_table_typed_in_without_names_still_says_what_a_day_was():
    days = [(date(2026, 5, 1), False), (date(2026, 5, 2), False), (date(2026, 5, 9), True)]
    rows = [SimpleNamespace(date=day, is_workday=worked, note="") for day, worked in days]
    names = [one.name for one in explain_count(date(2026, 4, 30), date(2026, 5, 9), rows).stretches]
    assert names == ["放假", "周末", "", "调休上班"]


def test_days_no_table_reaches_are_provisional():
    assert explain_count(date(2026, 12, 30), date(2027, 1, 4), table(2026)).provisional
    assert not explain_count(date(2026, 12, 1), date(2026, 12, 31), table(2026)).provisional


def test_a_holiday_fixed_by_law_is_named_where_no_table_reaches():
    """Opened on 31 December: 元旦 and its weekend off, 4-8 January worked."""
    assert told(date(2026, 12, 31), date(2027, 1, 8), 2026) == [
        ("元旦", False, "01-01", 1),
        ("周末", False, "01-02", 2),
        ("", True, "01-04", 5),
    ]
    assert not explain_count(date(2026, 12, 31), date(2027, 1, 1), table(2026)).provisional


def test_no_day_is_counted_between_a_day_and_itself():
    assert explain_count(START, START, table(2026)).stretches == []


CALENDARS = st.lists(st.tuples(st.booleans(), st.sampled_from(["", "春节", "国庆节"])), max_size=60)


@pytest.mark.django_db
@given(days=CALENDARS, ahead=st.integers(1, 15), shift=st.integers(0, 20))
def test_the_explained_count_agrees_with_the_due_day_on_any_calendar(days, ahead, shift):
    """However holidays lie and wherever the table ends."""
    CalendarDay.objects.all().delete()
    rows = [
        CalendarDay(date=START + timedelta(n), is_workday=w, note=name)
        for n, (w, name) in enumerate(days)
    ]
    CalendarDay.objects.bulk_create(rows)
    start = START + timedelta(shift)
    end, provisional = CalendarDay.objects.working_day_after(start, ahead)
    told = CalendarDay.objects.countings([(start, end)])[start, end]
    assert (told.working_days, told.provisional) == (ahead, provisional)
    assert told.stretches[-1].worked
    assert sum(one.days for one in told.stretches) == (end - start).days
    assert told.working_days == CalendarDay.objects.working_days_between(start, end)


TABLES = st.dictionaries(st.integers(0, 60).map(lambda n: START + timedelta(n)), st.booleans())
DAYS = st.integers(-10, 70).map(lambda n: START + timedelta(n))


@given(TABLES, DAYS, DAYS, DAYS)
def test_working_days_add_up_over_any_day_between(known, first, second, third):
    whole = count_working_days(known, first, third)
    assert whole == count_working_days(known, first, second) + count_working_days(
        known, second, third
    )


@given(TABLES, DAYS, DAYS)
def test_working_days_are_as_many_backwards_and_never_more_than_the_days_between(
    known, first, second
):
    there = count_working_days(known, first, second)
    assert there == -count_working_days(known, second, first)
    assert abs(there) <= abs((second - first).days)


@given(TABLES, DAYS)
def test_the_next_day_counts_exactly_if_it_is_a_working_day(known, day):
    tomorrow = day + timedelta(1)
    worked = known.get(tomorrow, is_presumed_workday(tomorrow))
    assert count_working_days(known, day, tomorrow) == worked


@given(TABLES, DAYS, st.integers(0, 40))
def test_the_reason_given_for_a_count_is_that_count(known, start, ahead):
    rows = [CalendarDay(date=day, is_workday=worked) for day, worked in known.items()]
    told = explain_count(start, start + timedelta(ahead), rows)
    assert told.working_days == count_working_days(known, start, start + timedelta(ahead))
    assert all(one.last < two.first for one, two in pairwise(told.stretches))
