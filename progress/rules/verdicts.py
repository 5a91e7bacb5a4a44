"""The rules on progress, trajectories and timing: pure arithmetic on dates and numbers."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from progress.choices import Pace, Reporting, State, Timing, Trajectory
from tasks.choices import TargetDirection

# Calendar days before the due day from which a commitment counts as close.
CLOSE_DAYS = 14
# Ratios of actual to target.
ON_PATH_FROM, WATCH_FROM, AHEAD_OVER = Decimal("0.95"), Decimal("0.85"), Decimal("1.05")

# (condition in words, result, condition): the first that holds gives the overall progress.
# The method page prints the conditions as they stand here.
OVERALL_RULE = [
    ("全部已完成", Pace.DONE, lambda paces: paces == {Pace.DONE}),
    ("全部未启动", Pace.NOT_STARTED, lambda paces: paces == {Pace.NOT_STARTED}),
    ("全部本季无进展", Pace.NO_PROGRESS, lambda paces: paces == {Pace.NO_PROGRESS}),
    (
        "有未完成、推进缓慢或本季无进展",
        Pace.SLOW,
        lambda paces: paces & {Pace.NOT_DONE, Pace.SLOW, Pace.NO_PROGRESS},
    ),
    ("有部分完成", Pace.PARTLY, lambda paces: Pace.PARTLY in paces),
    (
        "其余完成，只有前置条件未具备的",
        Pace.BLOCKED,
        lambda paces: paces <= {Pace.BLOCKED, Pace.DONE},
    ),
    ("其他情形", Pace.ON_COURSE, lambda _paces: True),
]


@dataclass(frozen=True)
class Aim:
    """An expected value: `direction` (at least, at most, range ...) of `value`,
    up to `value_max`.
    """

    value: Decimal
    direction: str
    value_max: Decimal | None = None


def overall(paces: Iterable[str]) -> str:
    """The overall progress that follows from those of single commitments; empty without any."""
    distinct = {Pace(pace) for pace in paces}
    return (
        next((pace for _, pace, holds in OVERALL_RULE if holds(distinct)), "") if distinct else ""
    )


def ratio(actual: Decimal, aim: Aim) -> Decimal | None:
    """The ratio of actual to expected value, 1 meaning as expected; None where it is undefined."""
    if aim.direction == TargetDirection.AT_MOST:
        return aim.value / actual if actual > 0 else Decimal("Infinity")
    if aim.value == 0:
        return None
    if aim.direction == TargetDirection.RANGE and aim.value_max is not None and actual >= aim.value:
        return max(Decimal(1), actual / aim.value_max)
    return actual / aim.value


def deviation(
    actual: Decimal | None, low: Decimal | None, high: Decimal | None = None
) -> Decimal | None:
    """How far a number is from its target: positive above, negative below, zero inside a range.

    None where the number or the target is unknown. `high`: the upper end of a range.
    """
    if actual is None or low is None:
        return None
    if high is not None and actual >= low:
        return max(actual - high, Decimal(0))
    return actual - low


def trajectory(actual: Decimal | None, aim: Aim | None) -> Trajectory:
    """Where a number stands against the value expected of its quarter; unknown without either."""
    reached = ratio(actual, aim) if actual is not None and aim else None
    if reached is None:
        return Trajectory.UNKNOWN
    if reached > AHEAD_OVER:
        return Trajectory.AHEAD
    if reached >= ON_PATH_FROM:
        return Trajectory.ON_PATH
    return Trajectory.WATCH if reached >= WATCH_FROM else Trajectory.BEHIND


def worst(trajectories: Iterable[str]) -> Trajectory:
    """The trajectory of a task: that of its slowest known number.

    Never an average, as the numbers of a task measure different things.
    """
    order = [Trajectory.BEHIND, Trajectory.WATCH, Trajectory.ON_PATH, Trajectory.AHEAD]
    distinct = set(trajectories)
    return next((item for item in order if item in distinct), Trajectory.UNKNOWN)


def timing(due_on: date, *, done: bool, today: date) -> str:
    """The timing of one commitment on a day; empty if it is done and its due day has come."""
    if done:
        return Timing.EARLY if today < due_on else ""
    if today > due_on:
        return Timing.OVERDUE
    return Timing.CLOSE if today > due_on - timedelta(days=CLOSE_DAYS) else Timing.NOT_DUE


def task_timing(timings: Iterable[str]) -> str:
    """The timing of a task: that of its most urgent commitment; empty without any."""
    order = [Timing.OVERDUE, Timing.CLOSE, Timing.NOT_DUE, Timing.EARLY]
    distinct = set(timings)
    return next((item for item in order if item in distinct), "")


@dataclass(frozen=True)
class PeriodFacts:
    """What `reporting` needs to know of a period, with the due day of one task in it.

    `closed_early`: it was closed before that day was over.
    """

    collected: bool
    opened: bool
    closed_early: bool
    retroactive: bool
    due_on: date


def reporting(
    period: PeriodFacts, *, filed_on: date | None, today: date, returned: bool = False
) -> Reporting:
    """How a report stands against its due day on a day; `filed_on`: the day of its first filing.

    `returned`: it came and was sent back, so that it is neither on time nor late until it comes
    again. In a period opened late a report on time is retroactive, never late.
    """
    if not period.collected:
        return Reporting.NOT_COLLECTED
    if returned:
        return Reporting.RETURNED
    if filed_on is not None:
        if filed_on > period.due_on:
            return Reporting.LATE
        return Reporting.RETROACTIVE if period.retroactive else Reporting.ON_TIME
    if period.closed_early:
        return Reporting.CLOSED_EARLY
    if today > period.due_on:
        return Reporting.MISSING
    return Reporting.AWAITED if period.opened else Reporting.NOT_DUE


# Why there is no report, by how the reporting stands; of any other kind it is 未报送.
SILENT_STATES = {
    Reporting.NOT_DUE: State.AWAITED,
    Reporting.AWAITED: State.AWAITED,
    Reporting.CLOSED_EARLY: State.CLOSED_EARLY,
}


def headline(
    *,
    self_pace: str,
    assessment_pace: str,
    returned: bool = False,
    withheld: bool = False,
    extended: bool = False,
    reporting: Reporting = Reporting.MISSING,
) -> State:
    """The public headline of a task: the supervisor's assessment, else the unit's, else why none.

    `extended`: an extension was granted whose day has not passed. `reporting` tells the ways apart
    in which nothing has come.
    """
    if withheld:
        return State.WITHHELD
    if assessment_pace:
        return State(assessment_pace)
    if returned:
        return State.RETURNED
    if self_pace:
        return State(self_pace)
    return State.EXTENDED if extended else SILENT_STATES.get(reporting, State.NOT_REPORTED)


def contradictions(
    *, pace: str, findings: Iterable[tuple[str, str, Decimal | None]], slowest: str
) -> list[str]:
    """Sentences where self-assessments disagree with the numbers; empty if nowhere.

    `pace`: the overall self-assessment. `findings`: (wording of the commitment, its
    self-assessment, ratio of its number to its target). `slowest`: the trajectory of the task.
    """
    sentences = [
        f"“{wording}”填为已完成，但数据只达到目标的 {float(reached):.0%}"
        for wording, self_assessment, reached in findings
        if self_assessment == Pace.DONE and reached is not None and reached < ON_PATH_FROM
    ]
    if slowest == Trajectory.BEHIND and pace in {Pace.ON_COURSE, Pace.DONE}:
        sentences.append(f"总体填为{Pace(pace).label}，但数据落后于本季的阶段目标")
    return sentences
