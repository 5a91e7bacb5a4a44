"""One quarter of a trajectory, and the series the portal computes: running sums and differences.

A number is only computed where every quarter it needs is known.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import groupby, pairwise

from common.text.wording import cn_quarter, number
from common.time.quarters import Quarter
from common.ui.chips import Chip, Tone
from progress.rules import verdicts

INCOMPLETE = "缺数"


@dataclass(frozen=True)
class TrajectoryStep:
    """One quarter of one series.

    `missing` says why there is no actual number; `basis` is empty where the plan is printed.
    """

    quarter: Quarter
    plan: Decimal | None
    plan_max: Decimal | None
    actual: Decimal | None
    missing: str
    chip: Chip | None = None
    tone: Tone = Tone.QUIET
    url: str = ""
    basis: str = ""

    @property
    def label(self) -> str:
        return cn_quarter(*self.quarter)

    @property
    def deviation(self) -> Decimal | None:
        return verdicts.deviation(self.actual, self.plan, self.plan_max)

    @property
    def deviation_label(self) -> str:
        return "" if self.deviation is None else deviation_in_words(self.deviation)

    @property
    def is_known(self) -> bool:
        """Whether there is any number, planned or actual."""
        return self.plan is not None or self.actual is not None

    @property
    def is_range(self) -> bool:
        """Whether a range is planned and not one value."""
        return self.plan_max is not None

    @property
    def highest_plan(self) -> Decimal | None:
        return self.plan if self.plan_max is None else self.plan_max

    @property
    def planned(self) -> str:
        """The planned value or range in words; empty where there is none."""
        if self.plan is None:
            return ""
        return number(self.plan) + (
            f"至{number(self.plan_max)}" if self.plan_max is not None else ""
        )


def deviation_in_words(value: Decimal) -> str:
    """How far the actual number is above or below the plan."""
    if value == 0:
        return "相符"
    return f"{'多' if value > 0 else '少'} {number(abs(value))}"


def totals_of(
    steps: list[TrajectoryStep], is_tracked: Callable[[Quarter], bool]
) -> list[TrajectoryStep]:
    """The running sums within each year.

    One unknown quarter that was to be reported leaves every later sum of its year unknown.
    `is_tracked` says of a quarter whether its progress is collected at all.
    """
    in_order = sorted(steps, key=_year_of)
    return [
        total
        for _, of_year in groupby(in_order, key=_year_of)
        for total in _totals_of_year(of_year, is_tracked)
    ]


def _year_of(step: TrajectoryStep) -> int:
    return step.quarter.year


@dataclass
class _Sums:
    """The sums of one year up to a quarter.

    `is_range`: a quarter planned a range. `is_incomplete`: an earlier quarter is lacking.
    """

    plan: Decimal = Decimal(0)
    highest: Decimal = Decimal(0)
    actual: Decimal = Decimal(0)
    is_range: bool = False
    is_incomplete: bool = False

    def add(self, step: TrajectoryStep) -> None:
        self.plan += step.plan or 0
        self.highest += step.highest_plan or 0
        self.actual += step.actual or 0
        self.is_range |= step.is_range

    def total(self, step: TrajectoryStep) -> TrajectoryStep:
        """The step with the sums in place of its own numbers, where it has them."""
        is_unknown = step.actual is None or self.is_incomplete
        actual = None if is_unknown else self.actual
        if step.plan is None:
            return _computed(step, plan=None, plan_max=None, actual=actual)
        highest = self.highest if self.is_range else None
        return _computed(step, plan=self.plan, plan_max=highest, actual=actual)


def _totals_of_year(
    steps: Iterable[TrajectoryStep], is_tracked: Callable[[Quarter], bool]
) -> Iterator[TrajectoryStep]:
    sums = _Sums()
    for step in steps:
        sums.add(step)
        yield sums.total(step)
        sums.is_incomplete |= is_lacking(step, is_tracked)


def is_lacking(step: TrajectoryStep, is_tracked: Callable[[Quarter], bool]) -> bool:
    """Whether a quarter the sum needs is unknown: it had a plan, or was not tracked yet."""
    return step.actual is None and (step.plan is not None or not is_tracked(step.quarter))


def _computed(
    step: TrajectoryStep, *, plan: Decimal | None, plan_max: Decimal | None, actual: Decimal | None
) -> TrajectoryStep:
    """The step with computed numbers, which carry no verdict: nobody assessed them."""
    return replace(
        step,
        plan=plan,
        plan_max=plan_max,
        actual=actual,
        missing=step.missing or (INCOMPLETE if actual is None else ""),
        chip=None,
        tone=Tone.QUIET if actual is None else Tone.COURSE,
    )


def increments_of(steps: list[TrajectoryStep], baseline: Decimal | None) -> list[TrajectoryStep]:
    """The differences between neighbouring quarters; the first is taken from `baseline`, if any."""
    start = TrajectoryStep(Quarter(0, 0), baseline, None, baseline, "")
    return [
        _computed(
            step,
            plan=None if step.is_range or before.is_range else _difference(step.plan, before.plan),
            plan_max=None,
            actual=_difference(step.actual, before.actual),
        )
        for before, step in pairwise([start, *steps])
    ]


def _difference(value: Decimal | None, before: Decimal | None) -> Decimal | None:
    return None if value is None or before is None else value - before
