"""序时图: the planned and the reported number of each quarter, as filed and as added up.

Only what the document prints, or a supervisor confirmed, is a plan; nothing is drawn between two
printed values.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import accumulate

from common.text.wording import QUARTERS, cn_quarter, number
from common.time.days import quarter_end
from common.time.quarters import Quarter
from common.ui.charts import Chart, Point
from common.ui.chips import Chip, Tone
from progress.choices import TargetBasis, tone_of
from progress.models import Breakdown
from progress.rules import verdicts
from public.choices import SeriesKind
from public.read_models.indicators import IndicatorView, Reported, indicator_views
from publishing.models import Publication, PublishedReading
from publishing.read_models.public_status import NO_PATH, publication_url, trajectory_chip
from tasks.choices import IndicatorMode
from tasks.models import Indicator, Plan, Target, Task

# Words short enough for a chart on a phone; the table beside it has the whole word.
SHORT_WORDS = {
    "平台启用前，未采集": "未采集",
    "尚未公布": "未公布",
    "未填数据": "未填",
    "经批准延期报送": "延期",
    "退回修改中": "退回",
    "依法暂不公开": "不公开",
    "由其他任务承接": "已承接",
}
SUMMED_BY_US, SUBTRACTED_BY_US, INCOMPLETE = "由本平台合计", "由本平台相减", "缺数"


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


@dataclass(frozen=True)
class Series:
    """One line of a chart. `note` says which sums are computed by the portal."""

    kind: SeriesKind
    title: str
    note: str
    steps: list[TrajectoryStep]
    chart: Chart

    @property
    def is_filed(self) -> bool:
        return self.kind == SeriesKind.FILED


@dataclass(frozen=True)
class TrajectoryPath:
    """An indicator with interim values; the first of its series is the one as filed."""

    task: Task
    indicator: Indicator
    view: IndicatorView
    series: list[Series]
    demonstration: bool

    @property
    def key(self) -> str:
        return f"{self.task.code}.{self.indicator.pk}"

    @property
    def latest(self) -> TrajectoryStep | None:
        """The newest published quarter with a plan or an actual number."""
        known = [
            step
            for step in self.series[0].steps
            if step.url and (step.plan, step.actual) != (None, None)
        ]
        return known[-1] if known else None

    @property
    def latest_in_words(self) -> str:
        """The newest published quarter in a sentence."""
        return step_in_words(self.latest, self.indicator.unit) if self.latest else "还没有公布的数"


@dataclass(frozen=True)
class IndicatorWithoutInterim:
    """An indicator without interim values: only its promise and its latest number are shown."""

    task: Task
    view: IndicatorView
    demonstration: bool


def trajectories(
    plan: Plan,
    tasks: list[Task],
    published: dict[int, list[Publication]],
    nodes: list[Breakdown],
    missing: dict[Quarter, str],
) -> tuple[list[TrajectoryPath], list[IndicatorWithoutInterim]]:
    """The indicators with interim values and those without, each in printed order.

    The tasks come with `indicators` and their `targets` fetched. `missing` has every quarter of the
    plan in order, with the word for one that has no publication.
    """
    with_interim: list[TrajectoryPath] = []
    without_interim: list[IndicatorWithoutInterim] = []
    for task in tasks:
        rows = published.get(task.pk, [])
        demo = any(row.demonstration for row in rows)
        for view in indicator_views(plan, list(task.indicators.all()), rows, nodes):
            if has_interim(view, list(missing)):
                with_interim.append(_trajectory(plan, task, view, rows, missing, demo))
            else:
                without_interim.append(
                    IndicatorWithoutInterim(task, view, demo and view.value is not None)
                )
    return with_interim, without_interim


def has_interim(view: IndicatorView, quarters: list[Quarter]) -> bool:
    """Whether anything is to be reached before the last quarter."""
    return any((row.target or row.node) and row_quarter(row) in quarters[:-1] for row in view.rows)


def row_quarter(row) -> Quarter | None:
    """The quarter of a row's target, else of its breakdown; None for a row without either."""
    source = row.target or row.node
    return Quarter(source.year, source.quarter) if source else None


def _trajectory(
    plan: Plan, task: Task, view: IndicatorView, rows, missing: dict[Quarter, str], demo: bool
) -> TrajectoryPath:
    indicator = view.indicator
    reported = Reported(plan, indicator, rows)
    planned = {row_quarter(row): row for row in view.rows if row_quarter(row)}
    filed = [
        _step(quarter, planned.get(quarter), reported, word) for quarter, word in missing.items()
    ]
    as_filed = _series(SeriesKind.FILED, _title(indicator), "", filed, task, indicator)
    series = [as_filed, *_computed_series(plan, task, indicator, filed)]
    return TrajectoryPath(task, indicator, view, series, demo)


def _computed_series(
    plan: Plan, task: Task, indicator: Indicator, filed: list[TrajectoryStep]
) -> list[Series]:
    """The series computed by the portal; none where nothing of it is known."""
    if indicator.mode == IndicatorMode.PER_QUARTER and not is_share(indicator):
        totals = totals_of(filed, lambda quarter: plan.tracks(quarter_end(*quarter)))
        return [_series(SeriesKind.TOTAL, "累计", SUMMED_BY_US, totals, task, indicator)]
    steps = increments_of(filed, indicator.baseline)
    known = any(value is not None for step in steps for value in (step.plan, step.actual))
    if indicator.mode == IndicatorMode.CUMULATIVE and known:
        return [_series(SeriesKind.STEP, "每季新增", SUBTRACTED_BY_US, steps, task, indicator)]
    return []


def is_share(indicator: Indicator) -> bool:
    """Whether the indicator is a share; shares of different quarters have no sum."""
    return indicator.unit in ("%", "％", "‰")


def _title(indicator: Indicator) -> str:
    titles = {
        IndicatorMode.PER_QUARTER: "每季",
        IndicatorMode.CUMULATIVE: "累计",
        IndicatorMode.AT_END: "期末值",
    }
    return titles[IndicatorMode(indicator.mode)]


def _step(quarter: Quarter, row, reported: Reported, unpublished: str) -> TrajectoryStep:
    """One quarter as filed, with the plan frozen at its publication, else with today's plan."""
    reading = reported.readings.get(quarter)
    publication = reported.publications.get(quarter)
    frozen = reading if reading and reading.target is not None else None
    plan, plan_max = _planned_range(frozen, row)
    demo = publication.demonstration if publication else False
    return TrajectoryStep(
        quarter=quarter,
        plan=plan,
        plan_max=plan_max,
        actual=reading.value if reading else None,
        missing="" if reading else reported.missing(*quarter) if publication else unpublished,
        chip=trajectory_chip(reading.trajectory, demo=demo) if reading else None,
        tone=tone_of(reading.trajectory) if reading else Tone.QUIET,
        url=publication_url(publication) if publication else "",
        basis="" if plan is None else _basis(frozen, row),
    )


def _planned_range(frozen: PublishedReading | None, row) -> tuple[Decimal | None, Decimal | None]:
    if frozen:
        return frozen.target, frozen.target_max
    source: Target | Breakdown | None = (row.target or row.node) if row else None
    return (source.value, getattr(source, "value_max", None)) if source else (None, None)


def _basis(frozen: PublishedReading | None, row) -> str:
    if frozen:
        return (
            "" if frozen.target_basis == TargetBasis.PRINTED else frozen.get_target_basis_display()
        )
    if row.target is None:
        return "单位分解，非文件原文"
    return "经批准调整" if row.target.change_request_id else ""


def totals_of(steps: list[TrajectoryStep], is_tracked) -> list[TrajectoryStep]:
    """The running sums within each year.

    One unknown quarter that was to be reported leaves every later sum of its year unknown.
    `is_tracked` says of a quarter whether its progress is collected at all.
    """
    totals = []
    for year in sorted({step.quarter.year for step in steps}):
        of_year = [step for step in steps if step.quarter.year == year]
        plans = _running_sums([step.plan for step in of_year])
        upper = _running_sums(
            [step.plan if step.plan_max is None else step.plan_max for step in of_year]
        )
        actuals = _running_sums([step.actual for step in of_year])
        for index, step in enumerate(of_year):
            is_range = step.plan is not None and any(
                earlier.plan_max is not None for earlier in of_year[: index + 1]
            )
            is_incomplete = any(is_lacking(earlier, is_tracked) for earlier in of_year[:index])
            actual = None if step.actual is None or is_incomplete else actuals[index]
            missing = step.missing or (INCOMPLETE if actual is None else "")
            total = {
                "plan": plans[index] if step.plan is not None else None,
                "plan_max": upper[index] if is_range else None,
            }
            totals.append(
                replace(step, **total, actual=actual, missing=missing, **_without_verdict(actual))
            )
    return totals


def is_lacking(step: TrajectoryStep, is_tracked) -> bool:
    """Whether a quarter the sum needs is unknown: it had a plan, or was not tracked yet."""
    return step.actual is None and (step.plan is not None or not is_tracked(step.quarter))


def _running_sums(values: Iterable[Decimal | None]) -> list[Decimal]:
    return list(accumulate(value or Decimal(0) for value in values))


def _without_verdict(actual: Decimal | None) -> dict:
    """A computed number carries no verdict: nobody assessed it."""
    return {"chip": None, "tone": Tone.COURSE if actual is not None else Tone.QUIET}


def increments_of(steps: list[TrajectoryStep], baseline: Decimal | None) -> list[TrajectoryStep]:
    """The differences between neighbouring quarters; the first is taken from `baseline`, if any."""
    increments, before = [], TrajectoryStep(Quarter(0, 0), baseline, None, baseline, "")
    for step in steps:
        actual = _difference(step.actual, before.actual)
        missing = step.missing or (INCOMPLETE if actual is None else "")
        plan = (
            _difference(step.plan, before.plan)
            if step.plan_max is None and before.plan_max is None
            else None
        )
        increments.append(
            replace(
                step,
                plan=plan,
                plan_max=None,
                actual=actual,
                missing=missing,
                **_without_verdict(actual),
            )
        )
        before = step
    return increments


def _difference(value: Decimal | None, before: Decimal | None) -> Decimal | None:
    return None if value is None or before is None else value - before


def _series(
    kind: SeriesKind,
    title: str,
    note: str,
    steps: list[TrajectoryStep],
    task: Task,
    indicator: Indicator,
) -> Series:
    unit, key = indicator.unit, f"{task.code}-{indicator.pk}"
    points = [
        Point(
            label=_short_label(step, steps),
            plan=step.plan,
            plan_max=step.plan_max,
            actual=step.actual,
            missing=SHORT_WORDS.get(step.missing, step.missing),
            tone=step.tone,
            summary=step_in_words(step, unit),
            url=step.url,
        )
        for step in steps
    ]
    full = f"{task.number} {indicator.name}（{unit}），{title}"
    desc = "；".join(point.summary for point in points)
    is_per_quarter = indicator.mode == IndicatorMode.PER_QUARTER
    joined = kind == SeriesKind.TOTAL or (kind == SeriesKind.FILED and not is_per_quarter)
    return Series(
        kind, title, note, steps, Chart(f"{key}-{kind}", full, desc, points, joined=joined)
    )


def _short_label(step: TrajectoryStep, steps: list[TrajectoryStep]) -> str:
    year, number_of_quarter = step.quarter
    name = QUARTERS[number_of_quarter].removeprefix("第")
    return name if len({other.quarter.year for other in steps}) == 1 else f"{year % 100:02}年{name}"


def step_in_words(step: TrajectoryStep, unit: str) -> str:
    """One quarter in a sentence: plan, actual number and deviation."""
    planned = f"计划 {step.planned} {unit}" if step.plan is not None else NO_PATH
    actual = (
        f"实际 {number(step.actual)} {unit}" if step.actual is not None else f"实际{step.missing}"
    )
    words = [planned, actual, *([step.deviation_label] if step.deviation_label else [])]
    return f"{step.label}：{'，'.join(words)}"
