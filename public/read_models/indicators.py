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
        if row := self.publications.get((year, quarter)):
            return str(State(row.headline).label) if row.headline in WITHOUT_WORDS else "未填数据"
        return STATE_WORDS[missing_word(self.plan, year, quarter)]

    def missing_so_far(self) -> str:
        """The word for an indicator of which no number was published."""
        latest = max(self.publications, default=None)
        return self.missing(*latest) if latest else STATE_WORDS[missing_word(self.plan)]

    def demonstration(self, quarter: Quarter) -> bool:
        return self.publications[quarter].demonstration


def _view(
    reported: Reported, indicator: Indicator, nodes: dict[Quarter, Breakdown]
) -> IndicatorView:
    targets = list(indicator.targets.all())
    in_force = [target for target in targets if target.valid_to is None]
    stages = {(target.year, target.quarter): target for target in in_force if target.quarter}
    last, summed = reported.last, indicator.mode == IndicatorMode.PER_QUARTER
    stages_so_far = [
        stages[quarter].value for quarter in sorted(stages) if last and quarter <= last
    ]
    return IndicatorView(
        indicator=indicator,
        target=yearly_target(indicator),
        value=_sum_or_latest([row.value for row in reported.readings.values()], summed),
        plan=_sum_or_latest(stages_so_far, summed) if last in stages else None,
        tone=tone_of(reported.readings[last].trajectory) if last and stages else Tone.COURSE,
        note=_note(summed, len(reported.readings), bool(stages)),
        missing=reported.missing_so_far(),
        rows=_rows(in_force, nodes, reported),
        former=[
            (cn_quarter(target.year, target.quarter), target)
            for target in targets
            if target.valid_to is not None
        ],
    )


def _sum_or_latest(values: list[Decimal], summed: bool) -> Decimal | None:
    if not values:
        return None
    return sum(values) if summed else values[-1]


def _note(summed: bool, quarters: int, has_stages: bool) -> str:
    """Says which sums are computed by the portal, and why no interim value is shown."""
    notes = [f"{quarters}个季度的填报数由本平台合计"] if summed and quarters > 1 else []
    return "，".join(notes if has_stages else [*notes, NO_PATH])


def _rows(targets: list[Target], nodes: dict, reported: Reported) -> list[IndicatorRow]:
    by_quarter = {(target.year, target.quarter): target for target in targets}
    keys = sorted({*by_quarter, *nodes, *reported.readings}, key=lambda key: (key[0], key[1] or 5))
    return [_row(key, by_quarter.get(key), nodes.get(key), reported) for key in keys]


def _row(
    key: tuple[int, int | None], target: Target | None, node: Breakdown | None, reported: Reported
) -> IndicatorRow:
    reading = reported.readings.get(key)
    chip = (
        trajectory_chip(reading.trajectory, demo=reported.demonstration(key)) if reading else None
    )
    return IndicatorRow(cn_quarter(*key), target, node, reading, chip, reported.missing(*key))
