"""What a period requires of a task: which commitments one by one, which together, which numbers.

A quarter of a task passes through three classes: ReportRequirements is what must be filed and what
has been, PublicationDraft (in publishing) is what would be published, Publication is what was.
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
    """A commitment that needs an answer of its own; `due` decides which answers are offered.

    `flagged`: its last finding asks for follow-up.
    """

    commitment: Commitment
    due: bool
    flagged: bool

    @property
    def choices(self) -> list[Pace]:
        return WHEN_DUE if self.due else BEFORE_DUE


@dataclass(frozen=True)
class RequiredNumber:
    """An indicator to be reported this quarter.

    `target` is the value the document prints for the quarter; `node` the value of the unit's
    confirmed breakdown, where the document prints none.
    """

    indicator: Indicator
    target: Target | None
    node: Breakdown | None = None

    @property
    def aim(self) -> verdicts.Aim | None:
        """The value expected of this quarter; None where nothing is."""
        if self.target:
            return aim_of(self.target)
        return verdicts.Aim(self.node.value, self.indicator.direction) if self.node else None

    @property
    def basis(self) -> str:
        """On whose authority the value is expected; empty where none is."""
        if self.target:
            return TargetBasis.CHANGED if self.target.change_request_id else TargetBasis.PRINTED
        return TargetBasis.BREAKDOWN if self.node else ""

    @property
    def may_be_negative(self) -> bool:
        """A percentage may fall below zero; a count may not."""
        return "%" in self.indicator.unit

    @property
    def required(self) -> bool:
        """Whether the number must be filed: only where a value is expected of this quarter."""
        return self.aim is not None


def aim_of(target: Target) -> verdicts.Aim:
    """A target as the rules on trajectories take it."""
    return verdicts.Aim(target.value, target.direction, target.value_max)


def target_for(indicator: Indicator, period: ReportingPeriod) -> Target | None:
    """The printed value that the period is measured against."""
    return printed_for(indicator, period.year, period.index, last=period.is_last_of_plan)


def printed_for(indicator: Indicator, year: int, quarter: int, *, last: bool) -> Target | None:
    """The printed value of a quarter (1-4), or in the plan's `last` quarter that of the year."""
    targets = [t for t in indicator.targets.all() if t.valid_to is None and t.year == year]
    own = next((target for target in targets if target.quarter == quarter), None)
    if own or not last or indicator.mode == IndicatorMode.PER_QUARTER:
        return own
    return next((target for target in targets if target.quarter is None), None)


def node_for(
    nodes: list[Breakdown], indicator: Indicator, period: ReportingPeriod
) -> Breakdown | None:
    """The confirmed breakdown value of this quarter, where the document prints no value for it."""
    if target_for(indicator, period) or has_quarters(indicator):
        return None
    key = (indicator.pk, period.year, period.index)
    return next(
        (node for node in nodes if (node.slot_key, node.state) == (key, BreakdownState.CONFIRMED)),
        None,
    )


def annual_target(indicator: Indicator, year: int) -> Target | None:
    """The year's value in force; shown beside a number, but no quarter is measured against it."""
    return next(
        (
            t
            for t in indicator.targets.all()
            if (t.valid_to, t.year, t.quarter) == (None, year, None)
        ),
        None,
    )


def numbers_of(task: Task, period: ReportingPeriod) -> list[RequiredNumber]:
    """The indicators to be reported this quarter, each with the value expected, if any.

    `task.nodes` must hold the confirmed breakdowns of the task.
    """
    targets = [(indicator, target_for(indicator, period)) for indicator in task.indicators.all()]
    return [
        RequiredNumber(indicator, target, node_for(task.nodes, indicator, period))
        for indicator, target in targets
        if target or not has_quarters(indicator)
    ]


def has_quarters(indicator: Indicator) -> bool:
    """Whether the document prints values of single quarters for the indicator."""
    return any(target.quarter for target in indicator.targets.all() if target.valid_to is None)


def due_day(commitment: Commitment, period: ReportingPeriod) -> date:
    """The day a commitment is due: as printed, else the end of its quarter or of the plan.

    If an approved change moved the day, the new one.
    """
    return commitment.due_day(period.plan)


def split_commitments(
    task: Task, period: ReportingPeriod, flagged: set[int]
) -> tuple[list[RequiredCommitment], list[Commitment]]:
    """The commitments that need an answer of their own this period, and the remaining ones.

    Commitments of the whole year are asked every quarter where the task has no milestones.
    `flagged`: ids of the commitments to be followed up.
    """
    commitments = list(task.commitments.all())
    has_milestones = any(commitment.quarter for commitment in commitments)
    required, remaining = [], []
    for commitment in commitments:
        due = due_day(commitment, period) <= period.last_day
        if commitment.quarter and (commitment.year, commitment.quarter) != (
            period.year,
            period.index,
        ):
            if due and (commitment.pk in flagged or _was_moved_into(commitment, period)):
                required.append(
                    RequiredCommitment(commitment, due=True, flagged=commitment.pk in flagged)
                )
        elif due or commitment.quarter or not has_milestones or commitment.pk in flagged:
            required.append(
                RequiredCommitment(commitment, due=due, flagged=commitment.pk in flagged)
            )
        else:
            remaining.append(commitment)
    return required, remaining


def _was_moved_into(commitment: Commitment, period: ReportingPeriod) -> bool:
    """Its day was moved from its own quarter into this one."""
    change = commitment.last_due_change
    return change is not None and change.due_on >= period.first_day
