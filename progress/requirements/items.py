"""What a period requires of a task: which commitments one by one, which together, which numbers.

A quarter of a task passes through three classes: ReportRequirements is what must be filed and what
has been, PublicationDraft (in publishing) is what would be published, Publication is what was.
"""

from collections.abc import Container
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

    @property
    def needs_attention(self) -> bool:
        """Whether it is due or to be followed up."""
        return self.due or self.flagged


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
        # A breakdown without an indicator is a step in words; this one always has a value.
        value = self.node.value if self.node else None
        return None if value is None else verdicts.Aim(value, self.indicator.direction)

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

    def is_asked(self, typed: Container[str]) -> bool:
        """Whether the number has to be filed, where these names as in `MissingItem.about` hold
        text that is no number.

        An optional number is asked for as well, once something else was typed in its place.
        """
        return self.required or f"r{self.indicator.pk}" in typed or f"t{self.indicator.pk}" in typed


def aim_of(target: Target) -> verdicts.Aim:
    """A target as the rules on trajectories take it."""
    return verdicts.Aim(target.value, target.direction, target.value_max)


def target_for(indicator: Indicator, period: ReportingPeriod) -> Target | None:
    """The printed value that the period is measured against."""
    return printed_for(indicator, period.year, period.index, last=period.is_last_of_plan)


def printed_for(indicator: Indicator, year: int, quarter: int, *, last: bool) -> Target | None:
    """The printed value of a quarter (1-4), or in the plan's `last` quarter that of the year."""
    own = _target_in_force(indicator, year, quarter)
    if own or not last or indicator.mode == IndicatorMode.PER_QUARTER:
        return own
    return annual_target(indicator, year)


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
    return _target_in_force(indicator, year, None)


def _target_in_force(indicator: Indicator, year: int, quarter: int | None) -> Target | None:
    in_force = (target for target in indicator.targets.all() if target.valid_to is None)
    return next((row for row in in_force if (row.year, row.quarter) == (year, quarter)), None)


def numbers_of(task: Task, period: ReportingPeriod, nodes: list[Breakdown]) -> list[RequiredNumber]:
    """The indicators to be reported this quarter, each with the value expected, if any.

    `nodes`: the confirmed breakdowns of the task.
    """
    targets = [(indicator, target_for(indicator, period)) for indicator in task.indicators.all()]
    return [
        RequiredNumber(indicator, target, node_for(nodes, indicator, period))
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
    for answer in _possible_answers(commitments, period, flagged):
        if answer.needs_attention or answer.commitment.quarter or not has_milestones:
            required.append(answer)
        else:
            remaining.append(answer.commitment)
    return required, remaining


def _possible_answers(
    commitments: list[Commitment], period: ReportingPeriod, flagged: set[int]
) -> list[RequiredCommitment]:
    """Those of this quarter and of the whole year, and those of other quarters still to follow."""
    answers = [
        RequiredCommitment(
            commitment,
            due=due_day(commitment, period) <= period.last_day,
            flagged=commitment.pk in flagged,
        )
        for commitment in commitments
    ]
    return [
        answer
        for answer in answers
        if not _is_of_another_quarter(answer.commitment, period) or _is_followed_up(answer, period)
    ]


def _is_of_another_quarter(commitment: Commitment, period: ReportingPeriod) -> bool:
    quarter = (commitment.year, commitment.quarter)
    return bool(commitment.quarter) and quarter != (period.year, period.index)


def _is_followed_up(answer: RequiredCommitment, period: ReportingPeriod) -> bool:
    """Whether a commitment of another quarter is asked about in this one."""
    return answer.due and (answer.flagged or _was_moved_into(answer.commitment, period))


def _was_moved_into(commitment: Commitment, period: ReportingPeriod) -> bool:
    """Its day was moved from its own quarter into this one."""
    change = commitment.last_due_change
    return change is not None and change.due_on >= period.first_day
