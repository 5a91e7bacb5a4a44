"""Arithmetic on dates and numbers, for any day. No database, no clock, no opinion."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from progress.choices import Pace, Reporting, State, Timing, Trajectory
from tasks.choices import TargetDirection

CLOSE_DAYS = 14
ON_PATH_FROM, WATCH_FROM, AHEAD_OVER = Decimal("0.95"), Decimal("0.85"), Decimal("1.05")

# First rule that holds gives the overall word that the form is filled with; printed on the method page as it stands.
OVERALL_RULE = [
    ("全部已完成", Pace.DONE, lambda paces: paces == {Pace.DONE}),
    ("全部未启动", Pace.NOT_STARTED, lambda paces: paces == {Pace.NOT_STARTED}),
    ("全部本季无进展", Pace.NO_PROGRESS, lambda paces: paces == {Pace.NO_PROGRESS}),
    ("有未完成、推进缓慢或本季无进展", Pace.SLOW, lambda paces: paces & {Pace.NOT_DONE, Pace.SLOW, Pace.NO_PROGRESS}),
    ("有部分完成", Pace.PARTLY, lambda paces: Pace.PARTLY in paces),
    ("其余完成，只有前置条件未具备的", Pace.BLOCKED, lambda paces: paces <= {Pace.BLOCKED, Pace.DONE}),
    ("其他情形", Pace.ON_COURSE, lambda paces: True),
]


@dataclass(frozen=True)
class Aim:
    """A printed value: at least / at most / range … of `value` (up to `value_max`)."""

    value: Decimal
    direction: str
    value_max: Decimal | None = None


def overall(paces: Iterable[str]) -> str:
    """The overall pace that follows from the single ones; empty when there are none."""
    found = {Pace(pace) for pace in paces}
    return next((pace for _, pace, holds in OVERALL_RULE if holds(found)), "") if found else ""


def ratio(actual: Decimal, aim: Aim) -> Decimal | None:
    """Actual to expected, 1 meaning exactly as printed; None where it cannot be computed."""
    if aim.value == 0 and aim.direction != TargetDirection.AT_MOST:
        return None
    if aim.direction == TargetDirection.AT_MOST:
        return aim.value / actual if actual > 0 else Decimal("Infinity")
    if aim.direction == TargetDirection.RANGE and aim.value_max is not None and actual >= aim.value:
        return max(Decimal(1), actual / aim.value_max)
    return actual / aim.value


def deviation(actual: Decimal | None, low: Decimal | None, high: Decimal | None = None) -> Decimal | None:
    """Above the plan positive, below it negative, inside a range nothing; unknown where either is unknown."""
    if actual is None or low is None:
        return None
    if high is not None and actual >= low:
        return max(actual - high, Decimal(0))
    return actual - low


def trajectory(actual: Decimal | None, aim: Aim | None) -> Trajectory:
    """Where a number stands against the value printed for its quarter; unknown where none is printed."""
    reached = ratio(actual, aim) if actual is not None and aim else None
    if reached is None:
        return Trajectory.UNKNOWN
    if reached > AHEAD_OVER:
        return Trajectory.AHEAD
    if reached >= ON_PATH_FROM:
        return Trajectory.ON_PATH
    return Trajectory.WATCH if reached >= WATCH_FROM else Trajectory.BEHIND


def worst(trajectories: Iterable[str]) -> Trajectory:
    """A task stands where its slowest known number stands; unlike numbers are never averaged."""
    order = [Trajectory.BEHIND, Trajectory.WATCH, Trajectory.ON_PATH, Trajectory.AHEAD]
    found = set(trajectories)
    return next((word for word in order if word in found), Trajectory.UNKNOWN)


def timing(due_on: date, *, done: bool, today: date) -> str:
    """One promise against its day; empty once it was kept and its day has come."""
    if done:
        return Timing.EARLY if today < due_on else ""
    if today > due_on:
        return Timing.OVERDUE
    return Timing.CLOSE if today > due_on - timedelta(days=CLOSE_DAYS) else Timing.NOT_DUE


def task_timing(timings: Iterable[str]) -> str:
    """The most pressing of its promises."""
    order = [Timing.OVERDUE, Timing.CLOSE, Timing.NOT_DUE, Timing.EARLY]
    found = set(timings)
    return next((word for word in order if word in found), "")


@dataclass(frozen=True)
class PeriodFacts:
    """What the clock needs to know of a period, and the day that holds for one task in it."""

    collected: bool
    opened: bool
    closed: bool
    retroactive: bool
    due_on: date


def reporting(period: PeriodFacts, *, filed_on: date | None, today: date) -> Reporting:
    """How a report stands against its due day. Late opening is the office's doing, never the unit's lateness."""
    if not period.collected:
        return Reporting.NOT_COLLECTED
    if filed_on is not None:
        if filed_on > period.due_on:
            return Reporting.LATE
        return Reporting.RETROACTIVE if period.retroactive else Reporting.ON_TIME
    if period.closed or today > period.due_on:
        return Reporting.MISSING
    return Reporting.AWAITED if period.opened else Reporting.NOT_DUE


def headline(
    *,
    self_pace: str,
    assessment_pace: str,
    returned: bool = False,
    withheld: bool = False,
    extended: bool = False,
) -> State:
    """The public's one word: the supervisor's if there is one, else the unit's, else why there is none.

    `extended`: a later day was granted, and it has not passed.
    """
    if withheld:
        return State.WITHHELD
    if assessment_pace:
        return State(assessment_pace)
    if returned:
        return State.RETURNED
    if self_pace:
        return State(self_pace)
    return State.EXTENDED if extended else State.NOT_REPORTED


def contradictions(*, pace: str, findings: Iterable[tuple[str, str, Decimal | None]], slowest: str) -> list[str]:
    """Where words and numbers part; findings are (wording, pace, ratio of its number to its target)."""
    found = [
        f"“{wording}”填为已完成，但数据只达到目标的 {float(reached):.0%}"
        for wording, said, reached in findings
        if said == Pace.DONE and reached is not None and reached < ON_PATH_FROM
    ]
    if slowest == Trajectory.BEHIND and pace in {Pace.ON_COURSE, Pace.DONE}:
        found.append(f"总体填为{Pace(pace).label}，但数据落后于本季的阶段目标")
    return found
