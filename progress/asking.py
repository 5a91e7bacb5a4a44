"""What a period asks of a task: which commitments one by one, which in one go, which numbers.

A quarter passes through three forms: a Sheet (filing) is asked and answered, a Line (publishing) is what would be
published of it, a Publication (models) is frozen.
"""

from dataclasses import dataclass
from datetime import date

from progress import verdicts
from progress.models import Pace, ReportingPeriod
from progress.models.axes import BEFORE_DUE, FLAGGED, WHEN_DUE
from tasks.models import Commitment, Indicator, Target, Task
from yantian_portal.lib.days import quarter_end


@dataclass(frozen=True)
class Question:
    """One commitment asked one by one; `due` says which words fit."""

    commitment: Commitment
    due: bool
    flagged: bool

    @property
    def words(self) -> list[Pace]:
        return WHEN_DUE if self.due else BEFORE_DUE


@dataclass(frozen=True)
class Number:
    """One indicator asked for; `target` is the value printed for this quarter, or none."""

    indicator: Indicator
    target: Target | None
    required: bool

    @property
    def aim(self) -> verdicts.Aim | None:
        target = self.target
        return verdicts.Aim(target.value, target.direction, target.value_max) if target else None


def target_for(indicator: Indicator, period: ReportingPeriod) -> Target | None:
    """The value this quarter is held against: its own, or in the last quarter the year's."""
    targets = [t for t in indicator.targets.all() if t.valid_to is None and t.year == period.year]
    own = next((target for target in targets if target.quarter == period.index), None)
    if own or not period.is_last_of_plan or indicator.mode == Indicator.Mode.PER_QUARTER:
        return own
    return next((target for target in targets if target.quarter is None), None)


def annual_target(indicator: Indicator, year: int) -> Target | None:
    """The year's value in force; a quarter is not held against it, people want it beside the number."""
    return next((t for t in indicator.targets.all() if (t.valid_to, t.year, t.quarter) == (None, year, None)), None)


def numbers_of(task: Task, period: ReportingPeriod) -> list[Number]:
    """Indicators to be read this quarter; one without a value printed for it may be left empty."""
    found = [(indicator, target_for(indicator, period)) for indicator in task.indicators.all()]
    return [
        Number(indicator, target, required=target is not None)
        for indicator, target in found
        if target or not _has_quarters(indicator)
    ]


def _has_quarters(indicator: Indicator) -> bool:
    return any(target.quarter for target in indicator.targets.all() if target.valid_to is None)


def due_day(commitment: Commitment, period: ReportingPeriod) -> date:
    """Its printed day, the end of its quarter, or the end of the plan."""
    if commitment.due_on:
        return commitment.due_on
    return quarter_end(commitment.year, commitment.quarter) if commitment.quarter else period.plan.ends_on


def questions_of(task: Task, period: ReportingPeriod, flagged: set[int]) -> tuple[list[Question], list[Commitment]]:
    """(asked one by one, the rest). Whole-year promises are asked every quarter where no milestone is printed."""
    commitments = list(task.commitments.all())
    has_milestones = any(commitment.quarter for commitment in commitments)
    questions, rest = [], []
    for commitment in commitments:
        due = due_day(commitment, period) <= period.last_day
        if commitment.quarter and (commitment.year, commitment.quarter) != (period.year, period.index):
            if commitment.pk in flagged and due:
                questions.append(Question(commitment, due=True, flagged=True))
        elif due or commitment.quarter or not has_milestones or commitment.pk in flagged:
            questions.append(Question(commitment, due=due, flagged=commitment.pk in flagged))
        else:
            rest.append(commitment)
    return questions, rest


def flagged_before(period: ReportingPeriod, said: list[tuple[tuple[int, int], int, str]]) -> set[int]:
    """Commitments whose latest earlier verdict asks for another look."""
    earlier = {commitment: pace for when, commitment, pace in said if when < (period.year, period.index)}
    return {commitment for commitment, pace in earlier.items() if pace in FLAGGED}
