"""What was reached of an indicator, beside the one promised value it can be compared with.

A year's value stands beside what was reached since the start of that year, a quarter's beside the
number of that quarter. The sentence and the bars of a task read the same comparison.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from common.text.wording import QUARTERS, cn_quarter, number
from common.time.quarters import Quarter
from common.ui.chips import Chip
from progress.choices import Pace, State
from public.read_models.plans import plan_quarters
from publishing.models import Publication, PublishedFinding, PublishedReading
from publishing.read_models.public_status import (
    STATE_WORDS,
    WITHOUT_WORDS,
    missing_word,
    trajectory_chip,
)
from tasks.choices import IndicatorMode, TargetDirection
from tasks.models import Indicator, Plan, Target

# A report came, without this number.
UNFILLED = "未填数据"
COUNTED = {2: "两个季度", 3: "三个季度", 4: "四个季度"}
# Before a number that is one quarter's, these directions need a verb of their own.
# The document strives for a number and does not promise it.
STRIVING, CLAUSE_ENDS = re.compile("力争|争取|努力"), re.compile("[,，;；。]")
NEEDS_A_VERB = [TargetDirection.EXACTLY, TargetDirection.ABOUT, TargetDirection.RANGE]


class Reported:
    """The published numbers of one indicator by quarter, and why a quarter has none."""

    def __init__(self, plan: Plan, indicator: Indicator, published: Iterable[Publication]):
        self.plan = plan
        self.publications = {Quarter(row.period.year, row.period.index): row for row in published}
        self.readings = {
            quarter: reading
            for quarter, row in sorted(self.publications.items())
            for reading in row.numbers
            if reading.indicator_id == indicator.pk
        }
        # The newest quarter with a number, and the newest that was published at all.
        self.last = max(self.readings, default=None)
        self.latest = max(self.publications, default=None)

    def missing(self, year: int, quarter: int | None) -> str:
        """The word for a quarter without a number; empty for a whole year, which never has one."""
        if quarter is None:
            return ""
        if row := self.publications.get(Quarter(year, quarter)):
            return str(State(row.headline).label) if row.headline in WITHOUT_WORDS else UNFILLED
        return STATE_WORDS[missing_word(self.plan, year, quarter)]

    def missing_so_far(self) -> str:
        """The word for an indicator of which no number was published."""
        return self.missing(*self.latest) if self.latest else STATE_WORDS[missing_word(self.plan)]

    def is_over(self, target: Target) -> bool:
        """Whether the quarter or year of the target has been published to its end."""
        end = Quarter(target.year, target.quarter or 4)
        return self.latest is not None and self.latest >= end

    def done_since(self, target: Target, last: Quarter) -> tuple[Quarter, str] | None:
        """The newest word on the target's own commitment, published for a quarter after `last`.

        The quarter and whose word it is, if it says that the commitment is done; else None.
        """
        if target.commitment_id is None:
            return None
        found = next(self._findings_on(target.commitment_id, last), None)
        if found is None or found[1].pace != Pace.DONE:
            return None
        quarter, finding = found
        return quarter, "核定" if finding.assessment_pace else "自评"

    def _findings_on(
        self, commitment: int, last: Quarter
    ) -> Iterator[tuple[Quarter, PublishedFinding]]:
        """Those on a commitment for the quarters after `last`, the newest first."""
        for quarter in sorted(self.publications, reverse=True):
            rows = self.publications[quarter].verdicts if quarter > last else []
            yield from ((quarter, row) for row in rows if row.commitment_id == commitment)

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


@dataclass(frozen=True)
class Comparison:
    """A promised value and what was reached of it.

    `target` is the year's value, or where the document prints none a quarter's. `value` was
    published for `quarters`: the sum of several, else that of one; `missing` says why there is
    none. `lacks` are the quarters whose number the sum should hold, each with the word why it has
    none; `later` is a newer stage that was due and has no number, with that word. `is_over`: the
    time of the target has passed. `has_report`: something was published of the task. `done_since`:
    the number is short, but a later quarter has the target's own commitment as done, in that voice.
    """

    plan: Plan
    indicator: Indicator
    target: Target | None
    value: Decimal | None
    quarters: list[Quarter]
    missing: str
    lacks: list[tuple[Quarter, str]]
    later: tuple[Target, str] | None
    is_over: bool
    has_report: bool
    done_since: tuple[Quarter, str] | None = None

    @property
    def is_sum(self) -> bool:
        """Whether the value is a sum of the portal's."""
        return len(self.quarters) > 1

    @property
    def holds_a_sum(self) -> bool:
        """Whether the value or the target is a sum of the portal's."""
        return self.is_sum or (self.target is not None and self.target.derived)

    @property
    def is_short(self) -> bool:
        """Whether the number is below what was promised of the same thing."""
        target = self.target
        if self.value is None or target is None or self.is_of_unlike:
            return False
        return target.direction != TargetDirection.AT_MOST and self.value < target.value

    @property
    def says_anything(self) -> bool:
        return self.target is not None or self.value is not None

    @property
    def is_of_the_year(self) -> bool:
        return self.target is not None and self.target.quarter is None

    @property
    def is_printed_for_the_year(self) -> bool:
        return self.target is not None and self.is_of_the_year and not self.target.derived

    @property
    def is_added_up(self) -> bool:
        """Whether the value is for the year, and the quarters are added up beside it."""
        return self.is_of_the_year and has_sum(self.indicator)

    @property
    def is_of_unlike(self) -> bool:
        """Whether value and target measure different things: a quarter's share and the year's."""
        is_year_of_quarters = (
            self.indicator.mode == IndicatorMode.PER_QUARTER and self.is_of_the_year
        )
        return is_year_of_quarters and self.value is not None and not has_sum(self.indicator)

    @property
    def is_of_that_quarter(self) -> bool:
        """Whether the number is that of the very quarter the target is for."""
        target = self.target
        return target is not None and self.quarters == [(target.year, target.quarter)]

    @property
    def promised_word(self) -> str:
        """What stands before the promised value: 不少于, 各季目标合计, 第二季度应到."""
        return promised_word(self.plan, self.indicator, self.target) if self.target else ""

    @property
    def striving(self) -> str:
        """力争 before a value of the whole year; in that of a quarter `promised_word` has it."""
        target = self.target
        return striving_word(self.indicator, target) if target and self.is_of_the_year else ""

    @property
    def words_before(self) -> str:
        """All that stands before the value without the name: 力争不高于."""
        return f"{self.striving}{self.promised_word}"

    @property
    def when(self) -> str:
        """The quarters the value is made of: 第二季度, 前三个季度, 四个季度."""
        if len(self.quarters) < 2:
            return "、".join(quarter_name(self.plan, quarter) for quarter in self.quarters)
        numbers = [quarter.number for quarter in self.quarters]
        return f"{'前' if numbers in ([1, 2], [1, 2, 3]) else ''}{COUNTED[len(numbers)]}"

    @property
    def lacks_in_words(self) -> str:
        """第二季度未报送、第三季度依法暂不公开; empty where the sum is complete."""
        return "、".join(
            quarter_name(self.plan, quarter) + (f"（{word}）" if "，" in word else word)
            for quarter, word in self.lacks
        )

    @property
    def later_in_words(self) -> str:
        """第三季度应到100%，依法暂不公开; empty where the newest stage has its number."""
        if self.later is None:
            return ""
        target, word = self.later
        stage = promised_word(self.plan, self.indicator, target)
        return f"{stage}{target.amount}{self.indicator.unit}，{word}"

    @property
    def done_since_in_words(self) -> str:
        """这一条第三季度核定已完成; empty where no later quarter says so."""
        if self.done_since is None:
            return ""
        quarter, voice = self.done_since
        return f"这一条{quarter_name(self.plan, quarter)}{voice}{Pace.DONE.label}"


def striving_word(indicator: Indicator, target: Target, otherwise: str = "") -> str:
    """力争, 争取 or 努力, where the document only strives for the number.

    A changed value keeps the word of the one it replaced.
    """
    time = target.year, target.quarter
    alike = [row for row in indicator.targets.all() if (row.year, row.quarter) == time]
    words = STRIVING.findall(" ".join(map(_before_value, alike)))
    return words[0] if words else otherwise


def _before_value(target: Target) -> str:
    """The printed words up to the value, of its own clause."""
    return CLAUSE_ENDS.split(target.quote.partition(number(target.value))[0])[-1]


def promised_word(plan: Plan, indicator: Indicator, target: Target) -> str:
    """What stands before a promised value, so that a quarter's is not taken for the year's."""
    direction = TargetDirection(target.direction)
    before = direction.before(target.value, indicator.unit)
    if target.quarter is None:
        return f"{'各季目标合计' if target.derived else ''}{before}"
    is_level = indicator.mode != IndicatorMode.PER_QUARTER
    verb = ("到" if is_level else "有") if direction in NEEDS_A_VERB else ""
    quarter = quarter_name(plan, Quarter(target.year, target.quarter))
    return f"{quarter}{striving_word(indicator, target, '应')}{verb}{before}"


def quarter_name(plan: Plan, quarter: Quarter) -> str:
    """第三季度, with its year where the plan spans several."""
    is_one_year = plan.starts_on.year == plan.ends_on.year
    return QUARTERS[quarter.number] if is_one_year else cn_quarter(*quarter)


def has_sum(indicator: Indicator) -> bool:
    """Whether the numbers of the quarters can be added up."""
    return indicator.mode == IndicatorMode.PER_QUARTER and not is_share(indicator)


def is_share(indicator: Indicator) -> bool:
    """Whether the indicator is a share; shares of different quarters have no sum."""
    return indicator.unit in ("%", "％", "‰")


def stages_of(targets: Iterable[Target]) -> dict[Quarter, Target]:
    """The targets of single quarters, in the order of time."""
    stages = {Quarter(target.year, target.quarter): target for target in targets if target.quarter}
    return dict(sorted(stages.items()))


def compare(reported: Reported, indicator: Indicator, in_force: list[Target]) -> Comparison:
    """The comparison of an indicator, from its targets in force. No query."""
    year = reported.latest.year if reported.latest else reported.plan.year
    target, stages = _target_of_year(in_force, year), stages_of(in_force)
    found = (
        _with_year(reported, indicator, target, stages)
        if target
        else _with_quarter(reported, indicator, stages)
    )
    return replace(found, done_since=_done_since(reported, found))


def _done_since(reported: Reported, found: Comparison) -> tuple[Quarter, str] | None:
    # What the quarters of a year add up to stays as short as it is.
    if found.target is None or found.is_added_up or not found.is_short:
        return None
    return reported.done_since(found.target, found.quarters[-1])


def _target_of_year(in_force: list[Target], year: int) -> Target | None:
    """The value for the whole year, else for the next year that has one, else for the last."""
    whole = sorted((row for row in in_force if row.quarter is None), key=lambda row: row.year)
    return next((row for row in whole if row.year >= year), next(reversed(whole), None))


def _with_year(
    reported: Reported, indicator: Indicator, target: Target, stages: dict[Quarter, Target]
) -> Comparison:
    filed = [quarter for quarter in reported.readings if quarter.year == target.year]
    counted = filed if has_sum(indicator) else filed[-1:]
    values = [reported.readings[quarter].value for quarter in counted]
    expected = _asked_quarters(reported, target.year, stages) if has_sum(indicator) else []
    return Comparison(
        plan=reported.plan,
        indicator=indicator,
        target=target,
        value=sum(values, Decimal(0)) if values else None,
        quarters=counted,
        missing=reported.missing_so_far(),
        lacks=[
            (quarter, reported.missing(*quarter))
            for quarter in expected
            if values and quarter not in reported.readings
        ],
        later=None,
        is_over=reported.is_over(target),
        has_report=reported.latest is not None,
    )


def _asked_quarters(
    reported: Reported, year: int, stages: dict[Quarter, Target]
) -> Iterable[Quarter]:
    """The quarters of a year, as far as published, whose numbers its sum needs.

    Those for which the document prints a value, or all where it prints none.
    """
    printed = [quarter for quarter in stages if quarter.year == year]
    quarters = printed or [Quarter(*pair) for pair in plan_quarters(reported.plan)]
    return [
        quarter
        for quarter in quarters
        if quarter.year == year and reported.latest and quarter <= reported.latest
    ]


def _with_quarter(
    reported: Reported, indicator: Indicator, stages: dict[Quarter, Target]
) -> Comparison:
    filed = _comparable_quarter(reported, indicator, stages)
    target = _stage_beside(filed, stages, reported.latest)
    reading, so_far = reported.readings[filed] if filed else None, reported.missing_so_far()
    return Comparison(
        plan=reported.plan,
        indicator=indicator,
        target=target,
        value=reading.value if reading else None,
        quarters=[filed] if filed else [],
        missing=reported.missing(target.year, target.quarter) if target else so_far,
        lacks=[],
        later=_later_stage(reported, stages, after=filed) if filed else None,
        is_over=target is not None and reported.is_over(target),
        has_report=reported.latest is not None,
    )


def _comparable_quarter(
    reported: Reported, indicator: Indicator, stages: dict[Quarter, Target]
) -> Quarter | None:
    """The newest quarter with a number; where each counts by itself, one with a value to reach."""
    if indicator.mode != IndicatorMode.PER_QUARTER:
        return reported.last
    both = [quarter for quarter in stages if quarter in reported.readings]
    return both[-1] if both else None if stages else reported.last


def _stage_beside(
    filed: Quarter | None, stages: dict[Quarter, Target], latest: Quarter | None
) -> Target | None:
    """The stage to compare with: the newest due by the quarter of the number, else the next.

    Without a number, the newest that was due by the latest publication, else the last printed.
    """
    day = filed or latest
    due = [target for quarter, target in stages.items() if day and quarter <= day]
    if due:
        return due[-1]
    in_order = list(stages.values())
    return next(iter(in_order if filed else reversed(in_order)), None)


def _later_stage(
    reported: Reported, stages: dict[Quarter, Target], *, after: Quarter
) -> tuple[Target, str] | None:
    """The newest stage after a quarter that was due since and has no number, with the word why."""
    latest = reported.latest
    due = [quarter for quarter in stages if latest and after < quarter <= latest]
    return (stages[due[-1]], reported.missing(*due[-1])) if due else None
