"""What a period asks of a task: which commitments one by one, which in one go, which numbers.

A quarter passes through three forms: a Sheet (filing) is asked and answered, a Line (publishing) is what would be
published of it, a Publication (models) is frozen.
"""

from dataclasses import dataclass
from datetime import date

from progress.choices import BEFORE_DUE, WHEN_DUE, BreakdownState, Pace, TargetBasis
from progress.models import Breakdown, ReportingPeriod
from progress.rules import verdicts
from tasks.choices import IndicatorMode
from tasks.models import Commitment, Indicator, Target, Task


@dataclass(frozen=True)
class RequiredCommitment:
    """One commitment asked one by one; `due` says which words fit."""

    commitment: Commitment
    due: bool
    flagged: bool

    @property
    def words(self) -> list[Pace]:
        return WHEN_DUE if self.due else BEFORE_DUE


@dataclass(frozen=True)
class RequiredNumber:
    """One indicator asked for; `target` is the value printed for this quarter, `node` the unit's own where none is."""

    indicator: Indicator
    target: Target | None
    node: Breakdown | None = None

    @property
    def aim(self) -> verdicts.Aim | None:
        if self.target:
            return aim_of(self.target)
        return verdicts.Aim(self.node.value, self.indicator.direction) if self.node else None

    @property
    def basis(self) -> str:
        """Whose word `aim` is; empty where nothing is expected."""
        if self.target:
            return TargetBasis.CHANGED if self.target.change_request_id else TargetBasis.PRINTED
        return TargetBasis.BREAKDOWN if self.node else ""

    @property
    def may_be_negative(self) -> bool:
        """Shares may fall below nothing; counts may not."""
        return "%" in self.indicator.unit

    @property
    def required(self) -> bool:
        """Without a value expected of this quarter the number may be left empty."""
        return self.aim is not None


def aim_of(target: Target) -> verdicts.Aim:
    return verdicts.Aim(target.value, target.direction, target.value_max)


def target_for(indicator: Indicator, period: ReportingPeriod) -> Target | None:
    """The printed value this quarter is held against."""
    return printed_for(indicator, period.year, period.index, last=period.is_last_of_plan)


def printed_for(indicator: Indicator, year: int, quarter: int, *, last: bool) -> Target | None:
    """The quarter's own value, or in the `last` quarter of the plan the year's."""
    targets = [t for t in indicator.targets.all() if t.valid_to is None and t.year == year]
    own = next((target for target in targets if target.quarter == quarter), None)
    if own or not last or indicator.mode == IndicatorMode.PER_QUARTER:
        return own
    return next((target for target in targets if target.quarter is None), None)


def node_for(nodes: list[Breakdown], indicator: Indicator, period: ReportingPeriod) -> Breakdown | None:
    """Of the confirmed ones that of this quarter, where the document prints no value for it."""
    if target_for(indicator, period) or has_quarters(indicator):
        return None
    place = (indicator.pk, period.year, period.index)
    return next((node for node in nodes if (node.place, node.state) == (place, BreakdownState.CONFIRMED)), None)


def annual_target(indicator: Indicator, year: int) -> Target | None:
    """The year's value in force; a quarter is not held against it, people want it beside the number."""
    return next((t for t in indicator.targets.all() if (t.valid_to, t.year, t.quarter) == (None, year, None)), None)


def numbers_of(task: Task, period: ReportingPeriod) -> list[RequiredNumber]:
    """Indicators to be read this quarter, each with what it is held against, if anything.

    `task.nodes` holds its confirmed breakdowns.
    """
    found = [(indicator, target_for(indicator, period)) for indicator in task.indicators.all()]
    return [
        RequiredNumber(indicator, target, node_for(task.nodes, indicator, period))
        for indicator, target in found
        if target or not has_quarters(indicator)
    ]


def has_quarters(indicator: Indicator) -> bool:
    """Whether the document prints interim values."""
    return any(target.quarter for target in indicator.targets.all() if target.valid_to is None)


def due_day(commitment: Commitment, period: ReportingPeriod) -> date:
    """Its printed day, the end of its quarter, or the end of the plan; if it was moved, the day it was moved to."""
    return commitment.due_day(period.plan)


def required_commitments(
    task: Task, period: ReportingPeriod, flagged: set[int]
) -> tuple[list[RequiredCommitment], list[Commitment]]:
    """(asked one by one, the rest). Whole-year promises are asked every quarter where no milestone is printed."""
    commitments = list(task.commitments.all())
    has_milestones = any(commitment.quarter for commitment in commitments)
    questions, rest = [], []
    for commitment in commitments:
        due = due_day(commitment, period) <= period.last_day
        if commitment.quarter and (commitment.year, commitment.quarter) != (period.year, period.index):
            if due and (commitment.pk in flagged or _moved_into(commitment, period)):
                questions.append(RequiredCommitment(commitment, due=True, flagged=commitment.pk in flagged))
        elif due or commitment.quarter or not has_milestones or commitment.pk in flagged:
            questions.append(RequiredCommitment(commitment, due=due, flagged=commitment.pk in flagged))
        else:
            rest.append(commitment)
    return questions, rest


def _moved_into(commitment: Commitment, period: ReportingPeriod) -> bool:
    """Its day was moved from its own quarter into this one."""
    change = commitment.last_due_change
    return change is not None and change.due_on >= period.first_day
