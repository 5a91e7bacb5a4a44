from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from progress.choices import Pace, Reporting, State, Timing, Trajectory
from progress.rules.verdicts import (
    Aim,
    PeriodFacts,
    contradictions,
    headline,
    overall,
    ratio,
    reporting,
    task_timing,
    timing,
    trajectory,
    worst,
)

paces = st.lists(st.sampled_from(Pace.values), min_size=1)
amounts = st.decimals(min_value=1, max_value=10**6, places=2)
DUE = date(2013, 6, 30)


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (["done", "done"], Pace.DONE),
        (["done", "not_done"], Pace.SLOW),
        (["done", "partly"], Pace.PARTLY),
        (["done", "blocked"], Pace.BLOCKED),
        (["on_course", "blocked"], Pace.ON_COURSE),
        (["on_course", "done"], Pace.ON_COURSE),
        (["not_started"], Pace.NOT_STARTED),
        (["no_progress", "no_progress"], Pace.NO_PROGRESS),
        (["on_course", "no_progress"], Pace.SLOW),
        ([], ""),
    ],
)
def test_the_overall_word_follows_the_printed_rule(found, expected):
    assert overall(found) == expected


@given(paces)
def test_done_is_never_said_of_a_task_with_anything_undone(found):
    assert (overall(found) == Pace.DONE) == (set(found) == {Pace.DONE})


@given(paces)
def test_the_order_of_the_verdicts_does_not_matter(found):
    assert overall(found) == overall(reversed(found))


@pytest.mark.parametrize(
    ("actual", "aim", "expected"),
    [
        ("4000", Aim(Decimal(4000), "at_least"), Trajectory.ON_PATH),
        ("3800", Aim(Decimal(4000), "at_least"), Trajectory.ON_PATH),
        ("3799", Aim(Decimal(4000), "at_least"), Trajectory.WATCH),
        ("3400", Aim(Decimal(4000), "at_least"), Trajectory.WATCH),
        ("3399", Aim(Decimal(4000), "at_least"), Trajectory.BEHIND),
        ("4201", Aim(Decimal(4000), "at_least"), Trajectory.AHEAD),
        ("22", Aim(Decimal(22), "at_most"), Trajectory.ON_PATH),
        ("30", Aim(Decimal(22), "at_most"), Trajectory.BEHIND),
        ("0", Aim(Decimal(22), "at_most"), Trajectory.AHEAD),
        ("2", Aim(Decimal(2), "range", Decimal(5)), Trajectory.ON_PATH),
        ("5", Aim(Decimal(2), "range", Decimal(5)), Trajectory.ON_PATH),
        ("1", Aim(Decimal(2), "range", Decimal(5)), Trajectory.BEHIND),
        ("6", Aim(Decimal(2), "range", Decimal(5)), Trajectory.AHEAD),
        ("98", Aim(Decimal(98), "maintain"), Trajectory.ON_PATH),
        ("0", Aim(Decimal(0), "at_least"), Trajectory.UNKNOWN),
    ],
)
def test_a_number_stands_where_the_thresholds_say(actual, aim, expected):
    assert trajectory(Decimal(actual), aim) == expected


def test_nothing_is_expected_where_nothing_was_printed():
    assert trajectory(Decimal(5), None) == Trajectory.UNKNOWN


def test_an_unknown_number_is_not_zero():
    assert trajectory(None, Aim(Decimal(5), "at_least")) == Trajectory.UNKNOWN
    assert trajectory(Decimal(0), Aim(Decimal(5), "at_least")) == Trajectory.BEHIND


@given(amounts, amounts)
def test_the_ratio_against_a_ceiling_is_that_of_a_floor_inverted(actual, value):
    assert ratio(actual, Aim(value, "at_most")) == ratio(value, Aim(actual, "at_least"))


@given(st.lists(st.sampled_from(Trajectory.values)))
def test_unknown_numbers_never_make_a_task_better_or_worse(found):
    assert worst(found) == worst([word for word in found if word != Trajectory.UNKNOWN])


@pytest.mark.parametrize(
    ("today", "done", "expected"),
    [
        (DUE - timedelta(days=15), False, Timing.NOT_DUE),
        (DUE - timedelta(days=14), False, Timing.NOT_DUE),
        (DUE - timedelta(days=13), False, Timing.CLOSE),
        (DUE, False, Timing.CLOSE),
        (DUE + timedelta(days=1), False, Timing.OVERDUE),
        (DUE - timedelta(days=1), True, Timing.EARLY),
        (DUE, True, ""),
        (DUE + timedelta(days=1), True, ""),
    ],
)
def test_a_promise_is_timed_by_its_own_day(today, done, expected):
    assert timing(DUE, done=done, today=today) == expected


def test_a_task_shows_its_most_pressing_promise():
    assert task_timing([Timing.EARLY, Timing.OVERDUE, Timing.NOT_DUE]) == Timing.OVERDUE
    assert task_timing(["", ""]) == ""


FACTS = PeriodFacts(collected=True, opened=True, closed_early=False, retroactive=False, due_on=DUE)


@pytest.mark.parametrize(
    ("facts", "filed", "today", "expected"),
    [
        (FACTS, DUE, DUE, Reporting.ON_TIME),
        (FACTS, DUE + timedelta(days=1), DUE, Reporting.LATE),
        (FACTS, None, DUE, Reporting.AWAITED),
        (FACTS, None, DUE + timedelta(days=1), Reporting.MISSING),
        (PeriodFacts(True, False, False, False, DUE), None, DUE, Reporting.NOT_DUE),
        (
            PeriodFacts(True, True, True, False, DUE),
            None,
            DUE - timedelta(days=5),
            Reporting.CLOSED_EARLY,
        ),
        (
            PeriodFacts(True, True, True, False, DUE),
            None,
            DUE + timedelta(days=5),
            Reporting.CLOSED_EARLY,
        ),
        (PeriodFacts(True, True, True, False, DUE), DUE, DUE, Reporting.ON_TIME),
        (PeriodFacts(True, True, False, True, DUE), DUE, DUE, Reporting.RETROACTIVE),
        (
            PeriodFacts(False, True, False, False, DUE),
            None,
            DUE + timedelta(days=99),
            Reporting.NOT_COLLECTED,
        ),
        (
            PeriodFacts(False, True, False, False, DUE),
            DUE + timedelta(days=9),
            DUE,
            Reporting.NOT_COLLECTED,
        ),
    ],
)
def test_whether_a_report_is_on_time_depends_on_the_clock_alone(facts, filed, today, expected):
    assert reporting(facts, filed_on=filed, today=today) == expected


@pytest.mark.parametrize("filed", [DUE, DUE + timedelta(days=1)])
def test_a_report_that_was_sent_back_is_neither_on_time_nor_late_nor_missing(filed):
    said = reporting(FACTS, filed_on=filed, today=DUE + timedelta(days=9), returned=True)
    assert said == Reporting.RETURNED


@pytest.mark.parametrize(
    ("told", "state"),
    [
        (Reporting.NOT_DUE, State.AWAITED),
        (Reporting.AWAITED, State.AWAITED),
        (Reporting.CLOSED_EARLY, State.CLOSED_EARLY),
        (Reporting.MISSING, State.NOT_REPORTED),
    ],
)
def test_the_headline_tells_apart_the_ways_in_which_nothing_has_come(told, state):
    assert headline(self_pace="", assessment_pace="", reporting=told) == state
    granted = headline(self_pace="", assessment_pace="", reporting=told, extended=True)
    assert granted == State.EXTENDED


def test_the_headline_is_the_supervisors_word_if_there_is_one():
    assert headline(self_pace="done", assessment_pace="partly") == State.PARTLY
    assert headline(self_pace="done", assessment_pace="") == State.DONE
    assert headline(self_pace="", assessment_pace="", returned=True) == State.RETURNED
    assert headline(self_pace="", assessment_pace="") == State.NOT_REPORTED
    assert headline(self_pace="done", assessment_pace="done", withheld=True) == State.WITHHELD


def test_done_with_sixty_percent_is_a_contradiction():
    found = contradictions(
        pace="on_course", findings=[("培训", "done", Decimal("0.6"))], slowest="watch"
    )
    assert found == ["“培训”填为已完成，但数据只达到目标的 60%"]


def test_on_course_while_the_numbers_fall_behind_is_a_contradiction():
    assert len(contradictions(pace="on_course", findings=[], slowest="behind")) == 1
    assert contradictions(pace="slow", findings=[], slowest="behind") == []


def test_done_while_the_numbers_fall_behind_is_a_contradiction():
    assert contradictions(pace="done", findings=[], slowest="behind") == [
        "总体填为已完成，但数据落后于本季的阶段目标"
    ]


@pytest.mark.parametrize(
    ("reached", "contradicted"), [("0.9499", True), ("0.95", False), ("1", False)]
)
def test_done_contradicts_a_number_below_95_percent_and_none_from_there_on(reached, contradicted):
    found = contradictions(
        pace="on_course", findings=[("培训", "done", Decimal(reached))], slowest="on_path"
    )
    assert bool(found) == contradicted
