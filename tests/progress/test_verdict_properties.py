"""What holds of every number and every day, whichever it is:
each of these has been seen to fail.
"""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.time.days import day_end, local_day, quarter_end, quarter_start
from progress.choices import Reporting, Trajectory
from progress.rules.verdicts import Aim, PeriodFacts, reporting, trajectory, worst
from publishing.read_models.public_status import unpublished_word
from tasks.choices import TargetDirection
from tasks.models import Plan

# Best to worst; a word that is unknown stands nowhere among them.
ORDER = [Trajectory.AHEAD, Trajectory.ON_PATH, Trajectory.WATCH, Trajectory.BEHIND]
UPWARD = [each for each in TargetDirection.values if each != "at_most"]

amounts = st.decimals(Decimal("0.01"), 10**6, places=2)
widths = st.decimals(0, 10**3, places=2)
directions = st.sampled_from(TargetDirection.values)
words = st.lists(st.sampled_from(Trajectory.values), min_size=1)
moments = st.datetimes(datetime(2012, 1, 1), datetime(2019, 1, 1), timezones=st.just(UTC))


@st.composite
def aims(draw, among=directions) -> Aim:
    direction, value = draw(among), draw(amounts)
    return Aim(value, direction, value + draw(widths) if direction == "range" else None)


@given(aims())
def test_no_number_is_unknown_and_nought_is_a_number(aim):
    assert trajectory(None, aim) == Trajectory.UNKNOWN
    assert trajectory(Decimal(0), aim) != Trajectory.UNKNOWN


@given(amounts, st.sampled_from(UPWARD))
def test_nothing_is_expected_where_nothing_or_nought_was_printed(actual, direction):
    assert (
        trajectory(actual, None)
        == trajectory(actual, Aim(Decimal(0), direction))
        == Trajectory.UNKNOWN
    )


@given(aims(st.sampled_from(UPWARD)), amounts, amounts)
def test_a_higher_number_never_reads_worse(aim, one, other):
    low, high = sorted((one, other))
    assert ORDER.index(trajectory(high, aim)) <= ORDER.index(trajectory(low, aim))


@given(amounts, amounts, amounts)
def test_against_a_ceiling_a_higher_number_never_reads_better(value, one, other):
    low, high = (trajectory(actual, Aim(value, "at_most")) for actual in sorted((one, other)))
    assert ORDER.index(low) <= ORDER.index(high)


@given(amounts)
def test_against_a_ceiling_of_zero_any_number_is_behind(actual):
    none = Aim(Decimal(0), "at_most")
    assert (trajectory(Decimal(0), none), trajectory(actual, none)) == (
        Trajectory.AHEAD,
        Trajectory.BEHIND,
    )


@given(amounts, widths, st.decimals(0, 1))
def test_a_number_inside_its_printed_range_is_on_path(low, width, share):
    assert trajectory(low + width * share, Aim(low, "range", low + width)) == Trajectory.ON_PATH


@given(amounts, st.decimals(Decimal("-0.05"), Decimal("0.05")))
def test_a_target_of_about_a_number_allows_five_percent_on_either_side(value, aside):
    assert trajectory(value * (1 + aside), Aim(value, "about")) == Trajectory.ON_PATH


@given(amounts, st.sampled_from([each for each in UPWARD if each != "range"]))
def test_the_printed_thresholds_belong_to_the_better_word(value, direction):
    shares = ("1.0501", "1.05", "0.95", "0.9499", "0.85", "0.8499")
    found = [trajectory(value * Decimal(share), Aim(value, direction)) for share in shares]
    assert [ORDER.index(word) for word in found] == [0, 1, 1, 2, 2, 3]


@given(aims(), amounts, st.integers(1, 6))
def test_the_unit_in_which_something_is_counted_changes_no_word(aim, actual, zeros):
    by = Decimal(10) ** zeros
    larger = Aim(
        aim.value * by, aim.direction, aim.value_max * by if aim.value_max is not None else None
    )
    assert trajectory(actual * by, larger) == trajectory(actual, aim)


@given(words, words)
def test_a_task_is_never_an_average_of_its_numbers(found, more):
    known = [word for word in found if word != Trajectory.UNKNOWN]
    assert worst(found) in (known or [Trajectory.UNKNOWN])
    assert worst(found * 3 + [Trajectory.AHEAD] * len(known)) == worst(found)
    later = worst(found + more)
    assert not known or ORDER.index(later) >= ORDER.index(worst(found))


@given(moments)
def test_every_moment_lies_in_one_quarter_only(moment):
    day = local_day(moment)
    years = range(2011, 2021)
    inside = [
        (y, q)
        for y in years
        for q in range(1, 5)
        if quarter_start(y, q) <= day <= quarter_end(y, q)
    ]
    assert inside == [(day.year, (day.month + 2) // 3)]
    assert day_end(day - timedelta(days=1)) <= moment < day_end(day)


@pytest.mark.parametrize(
    ("moment", "quarter"),
    [
        ("2013-03-31T15:59:59Z", 1),
        ("2013-03-31T16:00:00Z", 2),
        ("2013-12-31T15:59:00Z", 4),
        ("2013-12-31T16:00Z", 1),
    ],
)
def test_a_quarter_ends_at_midnight_in_shanghai_whatever_the_server_says(moment, quarter):
    day = local_day(datetime.fromisoformat(moment))
    assert quarter_start(day.year, quarter) <= day <= quarter_end(day.year, quarter)


@pytest.mark.parametrize(
    ("moment", "said"), [("2013-03-31T15:59:00Z", "未到期"), ("2013-03-31T16:00:00Z", "尚未公布")]
)
def test_the_first_quarter_is_not_due_until_its_last_minute_has_passed(moment, said):
    plan = Plan(tracked_from=date(2013, 1, 1))
    assert unpublished_word(plan, 2013, 1, local_day(datetime.fromisoformat(moment))) == said


@given(st.dates(date(2012, 1, 1), date(2019, 1, 1)), st.booleans(), st.booleans())
def test_the_last_minute_of_the_due_day_is_in_time_and_the_next_one_late(due, early, opened):
    facts = PeriodFacts(
        collected=True, opened=opened, closed_early=early, retroactive=False, due_on=due
    )
    found = [
        reporting(facts, filed_on=local_day(day_end(due) + timedelta(minutes=m)), today=due)
        for m in (-1, 0)
    ]
    assert found == [Reporting.ON_TIME, Reporting.LATE]
