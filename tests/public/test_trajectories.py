"""Plan and actual by quarters: sums of ours say so,
and what is unknown stays unknown in every later sum.
"""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.time.quarters import Quarter
from progress.rules.verdicts import deviation
from public.read_models.comparisons import is_share
from public.read_models.trajectories import step_in_words
from public.read_models.trajectory_steps import (
    TrajectoryStep,
    deviation_in_words,
    increments_of,
    totals_of,
)
from tasks.models import Indicator

pytestmark = pytest.mark.both

numbers = st.decimals(0, 10_000, places=2)
maybe = st.none() | numbers


def steps_of(actuals, plans=None, upper=None) -> list[TrajectoryStep]:
    plans, upper = plans or [None] * 4, upper or [None] * 4
    return [
        TrajectoryStep(
            Quarter(2013, at + 1),
            plans[at],
            upper[at],
            actuals[at],
            "未报送" if actuals[at] is None else "",
        )
        for at in range(4)
    ]


def tracked(quarter) -> bool:
    return True


@given(st.lists(maybe, min_size=4, max_size=4), st.lists(numbers, min_size=4, max_size=4))
def test_a_sum_is_known_only_while_every_quarter_before_it_is(actuals, plans):
    found = totals_of(steps_of(actuals, plans), tracked)
    for at, total in enumerate(found):
        known = None not in actuals[: at + 1]
        assert total.actual == (sum(actuals[: at + 1]) if known else None)
        assert total.plan == sum(plans[: at + 1])


@given(st.lists(maybe, min_size=4, max_size=4))
def test_nothing_is_expected_where_nothing_was_printed(actuals):
    steps = steps_of(actuals)
    for found in (steps, totals_of(steps, tracked), increments_of(steps, None)):
        assert {(step.plan, step.plan_max, step.deviation) for step in found} == {
            (None, None, None)
        }


def test_a_quarter_in_which_nothing_was_asked_breaks_no_sum():
    steps = steps_of([None, Decimal(8), Decimal(10), None], [None, Decimal(8), Decimal(10), None])
    found = totals_of(steps, tracked)
    assert [(step.plan, step.actual) for step in found] == [
        (None, None),
        (8, 8),
        (18, 18),
        (None, None),
    ]


def test_a_quarter_before_the_tracking_began_leaves_the_sum_unknown():
    found = totals_of(steps_of([None, Decimal(8), None, None]), lambda quarter: quarter.number > 1)
    assert [(step.actual, step.missing) for step in found][1] == (None, "缺数")


def test_sums_begin_anew_each_year():
    steps = [
        TrajectoryStep(Quarter(year, 1), Decimal(5), None, Decimal(4), "") for year in (2016, 2017)
    ]
    assert [(step.plan, step.actual) for step in totals_of(steps, tracked)] == [(5, 4), (5, 4)]


def test_of_ranges_both_ends_are_added():
    two, five = Decimal(2), Decimal(5)
    found = totals_of(steps_of([two] * 4, [two] * 4, [five, None, five, five]), tracked)
    assert [(step.plan, step.plan_max) for step in found] == [(2, 5), (4, 7), (6, 12), (8, 17)]


@given(st.lists(maybe, min_size=4, max_size=4), maybe)
def test_a_difference_needs_both_neighbours_and_the_first_a_printed_baseline(actuals, baseline):
    before = [baseline, *actuals]
    expected = [
        None if None in (new, old) else new - old for old, new in zip(before, actuals, strict=False)
    ]
    assert [step.actual for step in increments_of(steps_of(actuals), baseline)] == expected


@given(numbers, numbers, numbers)
def test_inside_a_range_there_is_no_gap_and_outside_it_reaches_to_the_nearer_end(
    actual, low, width
):
    found = deviation(actual, low, low + width)
    assert found == min(max(actual, low), low + width) * -1 + actual
    assert deviation(actual, low) == actual - low


@pytest.mark.parametrize("unknown", [(None, Decimal(1)), (Decimal(1), None), (None, None)])
def test_there_is_no_gap_to_or_from_the_unknown(unknown):
    assert deviation(*unknown) is None


@pytest.mark.parametrize(
    ("value", "said"), [("-60.00", "少 60"), ("650", "多 650"), ("0", "相符"), ("0.50", "多 0.5")]
)
def test_a_gap_is_said_in_words(value, said):
    assert deviation_in_words(Decimal(value)) == said


@pytest.mark.parametrize(("unit", "share"), [("%", True), ("‰", True), ("场", False)])
def test_shares_are_never_added(unit, share):
    assert is_share(Indicator(unit=unit)) is share


def test_a_point_is_told_in_one_sentence():
    known = TrajectoryStep(Quarter(2013, 2), Decimal(4000), None, Decimal(3700), "")
    assert step_in_words(known, "人次") == "2013年第二季度：计划 4000 人次，实际 3700 人次，少 300"
    assert (
        step_in_words(TrajectoryStep(Quarter(2013, 3), None, None, None, "未报送"), "座")
        == "2013年第三季度：文件未公布阶段目标，实际未报送"
    )
