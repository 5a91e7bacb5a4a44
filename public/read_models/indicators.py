"""Promised numbers beside published ones; nothing is expected that the document does not print."""

from dataclasses import dataclass
from decimal import Decimal

from common.text.wording import cn_quarter
from common.time.quarters import Quarter
from common.ui.chips import Chip, Tone
from progress.choices import State, tone_of
from progress.models import Breakdown
from public.read_models.answers import yearly_target
from publishing.models import Publication, PublishedReading
from publishing.read_models.public_status import (
    NO_PATH,
    STATE_WORDS,
    WITHOUT_WORDS,
    missing_word,
    trajectory_chip,
)
from tasks.choices import IndicatorMode, TargetDirection
from tasks.models import Indicator, Plan, Target


@dataclass(frozen=True)
class IndicatorRow:
    """One quarter or the whole year: the printed target, else the unit's own, and the reading."""

    label: str
    target: Target | None
    node: Breakdown | None
    reading: PublishedReading | None
    chip: Chip | None
    missing: str


@dataclass(frozen=True)
class IndicatorView:
    """One indicator as a bar and its rows.

    `value` is the latest number, or the sum of the quarters where each is counted by itself; `plan`
    is what was to be reached by then. `former` are the targets no longer in force.
    """

    indicator: Indicator
    target: Target | None
    value: Decimal | None
    plan: Decimal | None
    tone: Tone
    note: str
    missing: str
    rows: list[IndicatorRow]
    former: list[tuple[str, Target]]

    @property
    def direction_label(self) -> str:
        """不少于 and the like; empty where the number itself says it."""
        bound = self.target or self.indicator
        if bound.direction in (TargetDirection.EXACTLY, TargetDirection.RANGE):
            return ""
        return bound.get_direction_display()


def indicator_views(
    plan: Plan, indicators: list[Indicator], published: list[Publication], nodes: list[Breakdown]
) -> list[IndicatorView]:
    """Each indicator with its targets, breakdown and published numbers."""
    return [
        _view(Reported(plan, indicator, published), indicator, _nodes_by_quarter(indicator, nodes))
        for indicator in indicators
    ]


def _nodes_by_quarter(indicator: Indicator, nodes: list[Breakdown]) -> dict[Quarter, Breakdown]:
    return {
        Quarter(node.year, node.quarter): node
        for node in nodes
        if node.indicator_id == indicator.pk
    }


class Reported:
    """The published numbers of one indicator by quarter, and why a quarter has none."""

    def __init__(self, plan: Plan, indicator: Indicator, published: list[Publication]):
        self.plan = plan
        self.publications = {Quarter(row.period.year, row.period.index): row for row in published}
        self.readings = {
            quarter: reading
            for quarter, row in sorted(self.publications.items())
            for reading in row.numbers
            if reading.indicator_id == indicator.pk
        }
        self.last = max(self.readings, default=None)

    def missing(self, year: int, quarter: int | None) -> str:
        """The word for a quarter without a number; empty for a whole year, which never has one."""
        if quarter is None:
            return ""
        if row := self.publications.get(Quarter(year, quarter)):
            return str(State(row.headline).label) if row.headline in WITHOUT_WORDS else "未填数据"
        return STATE_WORDS[missing_word(self.plan, year, quarter)]

    def missing_so_far(self) -> str:
        """The word for an indicator of which no number was published."""
        latest = max(self.publications, default=None)
        return self.missing(*latest) if latest else STATE_WORDS[missing_word(self.plan)]

    def total(self, *, summed: bool) -> Decimal | None:
        """The sum of the numbers where each is counted by itself, else the latest."""
        return _total([row.value for row in self.readings.values()], summed=summed)

    def reading(self, year: int, quarter: int | None) -> PublishedReading | None:
        """The number of a quarter; a whole year never has one."""
        return self.readings.get(Quarter(year, quarter)) if quarter else None

    def chip(self, year: int, quarter: int | None) -> Chip | None:
        """The trajectory of the number of a quarter, if there is one."""
        reading = self.reading(year, quarter)
        if reading is None or quarter is None:
            return None
        demo = self.publications[Quarter(year, quarter)].demonstration
        return trajectory_chip(reading.trajectory, demo=demo)


def _total(values: list[Decimal], *, summed: bool) -> Decimal | None:
    if not values:
        return None
    return sum(values, Decimal(0)) if summed else values[-1]


def _view(
    reported: Reported, indicator: Indicator, nodes: dict[Quarter, Breakdown]
) -> IndicatorView:
    targets = list(indicator.targets.all())
    in_force = [target for target in targets if target.valid_to is None]
    stages = _stages(in_force)
    summed = indicator.mode == IndicatorMode.PER_QUARTER
    return IndicatorView(
        indicator=indicator,
        target=yearly_target(indicator),
        value=reported.total(summed=summed),
        plan=_plan_so_far(stages, reported.last, summed=summed),
        tone=_tone(reported, stages),
        note=_note(len(reported.readings), summed=summed, has_stages=bool(stages)),
        missing=reported.missing_so_far(),
        rows=_rows(in_force, nodes, reported),
        former=_former_targets(targets),
    )


def _stages(targets: list[Target]) -> dict[Quarter, Target]:
    """The targets of single quarters, in the order of time."""
    stages = {Quarter(target.year, target.quarter): target for target in targets if target.quarter}
    return dict(sorted(stages.items()))


def _former_targets(targets: list[Target]) -> list[tuple[str, Target]]:
    return [
        (cn_quarter(target.year, target.quarter), target)
        for target in targets
        if target.valid_to is not None
    ]


def _plan_so_far(
    stages: dict[Quarter, Target], last: Quarter | None, *, summed: bool
) -> Decimal | None:
    """What was to be reached by the last quarter reported; None where it has no target."""
    if last is None or last not in stages:
        return None
    until = [target.value for quarter, target in stages.items() if quarter <= last]
    return _total(until, summed=summed)


def _tone(reported: Reported, stages: dict[Quarter, Target]) -> Tone:
    if reported.last is None or not stages:
        return Tone.COURSE
    return tone_of(reported.readings[reported.last].trajectory)


def _note(quarters: int, *, summed: bool, has_stages: bool) -> str:
    """Says which sums are computed by the portal, and why no interim value is shown."""
    notes = [f"{quarters}个季度的填报数由本平台合计"] if summed and quarters > 1 else []
    return "，".join(notes if has_stages else [*notes, NO_PATH])


# A quarter, or the whole year where it has None.
QuarterOrYear = tuple[int, int | None]


def _rows(
    targets: list[Target], nodes: dict[Quarter, Breakdown], reported: Reported
) -> list[IndicatorRow]:
    by_quarter = {(target.year, target.quarter): target for target in targets}
    keys: set[QuarterOrYear] = {*by_quarter, *nodes, *reported.readings}
    return [
        IndicatorRow(
            label=cn_quarter(year, quarter),
            target=by_quarter.get((year, quarter)),
            node=nodes.get(Quarter(year, quarter)) if quarter else None,
            reading=reported.reading(year, quarter),
            chip=reported.chip(year, quarter),
            missing=reported.missing(year, quarter),
        )
        for year, quarter in sorted(keys, key=lambda key: (key[0], key[1] or 5))
    ]
