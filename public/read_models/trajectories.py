"""序时图: the planned and the reported number of each quarter, as filed and as added up.

Only what the document prints, or a supervisor confirmed, is a plan; nothing is drawn between two
printed values.
"""

from dataclasses import dataclass, replace

from common.text.wording import QUARTERS, number
from common.time.days import quarter_end
from common.time.quarters import Quarter
from common.ui.charts import Chart, Point
from common.ui.chips import Chip
from progress.choices import TargetBasis, tone_of
from progress.models import Breakdown
from public.choices import SeriesKind
from public.read_models.answers import compared_without_name
from public.read_models.comparisons import Reported, has_sum
from public.read_models.indicators import IndicatorRow, IndicatorView, indicator_views
from public.read_models.trajectory_steps import TrajectoryStep, increments_of, totals_of
from publishing.models import Publication, PublishedReading
from publishing.read_models.public_status import NO_PATH, publication_url, trajectory_chip
from tasks.choices import IndicatorMode
from tasks.models import Indicator, Plan, Task

# Words short enough for a chart on a phone; the table beside it has the whole word.
SHORT_WORDS = {
    "平台启用前，未采集": "未采集",
    "尚未公布": "未公布",
    "未填数据": "未填",
    "经批准延期报送": "延期",
    "提前截止时未报送": "提前截止",
    "退回修改中": "退回",
    "依法暂不公开": "不公开",
    "由其他任务承接": "已承接",
}
SUMMED_BY_US, SUBTRACTED_BY_US = "由本平台合计", "由本平台相减"


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
    def is_added_up(self) -> bool:
        """Whether the promise is for the year, and what its quarters add up to stands beside it."""
        return self.view.comparison.is_added_up and self.view.value is not None

    @property
    def chip(self) -> Chip | None:
        """The verdict on the newest quarter; a sum has none, as nobody assessed it."""
        return None if self.is_added_up or self.latest is None else self.latest.chip

    @property
    def summary(self) -> str:
        """What the task's page says of the year, else the newest quarter."""
        if self.is_added_up:
            note = f"（{SUMMED_BY_US}）" if self.view.comparison.holds_a_sum else ""
            return f"{compared_without_name(self.view.comparison)}{note}"
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
                reported = Reported(plan, view.indicator, rows)
                with_interim.append(_trajectory(task, view, reported, missing, demo=demo))
            else:
                without_interim.append(_without_interim(task, view, demo=demo))
    return with_interim, without_interim


def _without_interim(task: Task, view: IndicatorView, *, demo: bool) -> IndicatorWithoutInterim:
    return IndicatorWithoutInterim(task, view, demo and view.value is not None)


def has_interim(view: IndicatorView, quarters: list[Quarter]) -> bool:
    """Whether anything is to be reached before the last quarter."""
    return any((row.target or row.node) and row_quarter(row) in quarters[:-1] for row in view.rows)


def row_quarter(row: IndicatorRow) -> Quarter | None:
    """The quarter of a row's target, else of its breakdown; None for a row without either."""
    source = row.target or row.node
    return Quarter(source.year, source.quarter) if source and source.quarter else None


def _trajectory(
    task: Task,
    view: IndicatorView,
    reported: Reported,
    missing: dict[Quarter, str],
    *,
    demo: bool,
) -> TrajectoryPath:
    indicator = view.indicator
    planned = {quarter: row for row in view.rows if (quarter := row_quarter(row))}
    filed = [
        _step(quarter, planned.get(quarter), reported, word) for quarter, word in missing.items()
    ]
    as_filed = _series(SeriesKind.FILED, "", filed, task, indicator)
    series = [as_filed, *_computed_series(reported.plan, task, indicator, filed)]
    return TrajectoryPath(task, indicator, view, series, demo)


def _computed_series(
    plan: Plan, task: Task, indicator: Indicator, filed: list[TrajectoryStep]
) -> list[Series]:
    """The series computed by the portal; none where nothing of it is known."""
    if has_sum(indicator):
        totals = totals_of(filed, lambda quarter: plan.tracks(quarter_end(*quarter)))
        return [_series(SeriesKind.TOTAL, SUMMED_BY_US, totals, task, indicator)]
    steps = increments_of(filed, indicator.baseline)
    if indicator.mode == IndicatorMode.CUMULATIVE and any(step.is_known for step in steps):
        return [_series(SeriesKind.STEP, SUBTRACTED_BY_US, steps, task, indicator)]
    return []


def _title(kind: SeriesKind, indicator: Indicator) -> str:
    if kind != SeriesKind.FILED:
        return "累计" if kind == SeriesKind.TOTAL else "每季新增"
    titles = {
        IndicatorMode.PER_QUARTER: "每季",
        IndicatorMode.CUMULATIVE: "累计",
        IndicatorMode.AT_END: "期末值",
    }
    return titles[IndicatorMode(indicator.mode)]


def _step(
    quarter: Quarter, row: IndicatorRow | None, reported: Reported, unpublished: str
) -> TrajectoryStep:
    """One quarter as filed, with the plan frozen at its publication, else with today's plan."""
    reading = reported.readings.get(quarter)
    publication = reported.publications.get(quarter)
    if publication is None:
        return replace(_unfiled_step(quarter, row), missing=unpublished)
    url = publication_url(publication)
    if reading is None:
        return replace(_unfiled_step(quarter, row), missing=reported.missing(*quarter), url=url)
    step = _unfiled_step(quarter, row) if reading.target is None else _frozen_step(quarter, reading)
    return replace(
        step,
        actual=reading.value,
        chip=trajectory_chip(reading.trajectory, demo=publication.demonstration),
        tone=tone_of(reading.trajectory),
        url=url,
    )


def _frozen_step(quarter: Quarter, reading: PublishedReading) -> TrajectoryStep:
    """A quarter with the plan as it was when its number was published."""
    is_printed = reading.target_basis == TargetBasis.PRINTED
    basis = "" if is_printed else reading.get_target_basis_display()
    return TrajectoryStep(quarter, reading.target, reading.target_max, None, "", basis=basis)


def _unfiled_step(quarter: Quarter, row: IndicatorRow | None) -> TrajectoryStep:
    """A quarter with today's plan and no number."""
    if row is None:
        return TrajectoryStep(quarter, None, None, None, "")
    if target := row.target:
        basis = "经批准调整" if target.change_request_id else ""
        return TrajectoryStep(quarter, target.value, target.value_max, None, "", basis=basis)
    value = row.node.value if row.node else None
    basis = "" if value is None else "单位分解，非文件原文"
    return TrajectoryStep(quarter, value, None, None, "", basis=basis)


def _series(
    kind: SeriesKind, note: str, steps: list[TrajectoryStep], task: Task, indicator: Indicator
) -> Series:
    unit, key, title = indicator.unit, f"{task.code}-{indicator.pk}", _title(kind, indicator)
    points = [_point(step, _short_label(step, steps), unit) for step in steps]
    full = f"{task.number} {indicator.name}（{unit}），{title}"
    desc = "；".join(point.summary for point in points)
    joined = kind == SeriesKind.TOTAL or (
        kind == SeriesKind.FILED and indicator.mode != IndicatorMode.PER_QUARTER
    )
    return Series(
        kind, title, note, steps, Chart(f"{key}-{kind}", full, desc, points, joined=joined)
    )


def _point(step: TrajectoryStep, label: str, unit: str) -> Point:
    return Point(
        label=label,
        plan=step.plan,
        plan_max=step.plan_max,
        actual=step.actual,
        missing=SHORT_WORDS.get(step.missing, step.missing),
        tone=step.tone,
        summary=step_in_words(step, unit),
        url=step.url,
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
