"""Promised numbers beside published ones; nothing is expected that the document does not print."""

from dataclasses import dataclass
from decimal import Decimal

from common.text.wording import cn_quarter
from common.time.quarters import Quarter
from common.ui.chips import Chip, Tone
from progress.choices import tone_of
from progress.models import Breakdown
from public.read_models.comparisons import (
    Comparison,
    Reported,
    compare,
    has_sum,
    stages_of,
)
from publishing.models import Publication, PublishedReading
from publishing.read_models.public_status import NO_PATH
from tasks.choices import IndicatorMode
from tasks.models import Indicator, Plan, Target

NOT_OF_A_KIND = "一个季度的比例不和全年的比"


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

    `plan` is what was to be reached of the year's value by the time of the number. `former` are
    the targets no longer in force.
    """

    comparison: Comparison
    plan: Decimal | None
    tone: Tone
    note: str
    rows: list[IndicatorRow]
    former: list[tuple[str, Target]]

    @property
    def indicator(self) -> Indicator:
        return self.comparison.indicator

    @property
    def target(self) -> Target | None:
        return self.comparison.target

    @property
    def value(self) -> Decimal | None:
        return self.comparison.value

    @property
    def drawn_target(self) -> Target | None:
        """The target beside the bar of the number; None where the two measure different things."""
        return None if self.comparison.is_of_unlike else self.comparison.target


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


def _view(
    reported: Reported, indicator: Indicator, nodes: dict[Quarter, Breakdown]
) -> IndicatorView:
    targets = list(indicator.targets.all())
    in_force = [target for target in targets if target.valid_to is None]
    comparison = compare(reported, indicator, in_force)
    stages = stages_of(in_force)
    return IndicatorView(
        comparison=comparison,
        plan=_plan_so_far(comparison, stages),
        tone=_tone(reported, comparison, stages),
        note=_note(comparison, stages),
        rows=_rows(in_force, nodes, reported),
        former=_former_targets(targets),
    )


def _former_targets(targets: list[Target]) -> list[tuple[str, Target]]:
    return [
        (cn_quarter(target.year, target.quarter), target)
        for target in targets
        if target.valid_to is not None
    ]


def _plan_so_far(comparison: Comparison, stages: dict[Quarter, Target]) -> Decimal | None:
    """What was to be reached of the year's value by the last quarter with a number, if printed."""
    last = next(reversed(comparison.quarters), None)
    if last is None or last not in stages or not comparison.is_of_the_year:
        return None
    due = [
        target.value
        for quarter, target in stages.items()
        if quarter.year == last.year and quarter <= last
    ]
    return sum(due, Decimal(0)) if has_sum(comparison.indicator) else due[-1]


def _tone(reported: Reported, comparison: Comparison, stages: dict[Quarter, Target]) -> Tone:
    """The trajectory of the number; a sum has none, as nobody assessed it.

    That of an earlier quarter does not speak of a commitment that was done since.
    """
    last = next(reversed(comparison.quarters), None)
    if last is None or not stages or comparison.is_sum or comparison.done_since:
        return Tone.COURSE
    return tone_of(reported.readings[last].trajectory)


def _when(comparison: Comparison) -> str:
    """The quarters of the number, unless the target says the same."""
    if comparison.value is None or comparison.is_of_that_quarter:
        return ""
    if comparison.is_sum:
        return f"{comparison.when}的填报数由本平台合计"
    is_level = comparison.indicator.mode != IndicatorMode.PER_QUARTER
    return f"到{comparison.when}" if is_level else f"{comparison.when}的填报数"


def _note(comparison: Comparison, stages: dict[Quarter, Target]) -> str:
    """Says which sums are computed by the portal, what they lack, and why no stage is shown."""
    notes = [
        _when(comparison),
        NOT_OF_A_KIND if comparison.is_of_unlike else "",
        comparison.lacks_in_words,
        comparison.done_since_in_words,
        comparison.later_in_words,
        "" if stages else NO_PATH,
    ]
    return "，".join(filter(None, notes))


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
