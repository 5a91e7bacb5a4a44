"""The title, rows and notes below a chart: the same in the Word file and in the workbook."""

from collections.abc import Iterator

from common.text.wording import number
from common.time.quarters import Quarter
from public.choices import SeriesKind
from public.read_models.trajectories import Series, TrajectoryPath
from public.read_models.trajectory_steps import TrajectoryStep

LEGEND = "横线是计划，柱或点是实际，虚线是没有数；箭头是太大或太小，画不下。"
UP_TO_THE_QUARTER = "只画到本季度，以后的季度只列计划。"
CHART_RULES = [
    f"{LEGEND}{UP_TO_THE_QUARTER}",
    "差距是实际减计划，计划是范围的，在范围内为相符。",
]


def chart_title(path: TrajectoryPath) -> str:
    """The title above the chart, marked where it shows demonstration figures."""
    mark = "【演示】" if path.demonstration else ""
    return (
        f"{mark}第{path.task.number}项"
        f" {path.indicator.name}（{path.indicator.unit}），{path.series[0].title}"
    )


def chart_rows(path: TrajectoryPath) -> list[list[str]]:
    """The head with the quarters, then the rows plan, actual and deviation, as drawn."""
    filed = path.series[0]
    return [
        ["季度", *(point.label for point in filed.chart.points)],
        ["计划", *(step.planned or "未公布" for step in filed.steps)],
        ["实际", *map(_actual, filed.steps)],
        ["差距", *(step.deviation_label or "无法计算" for step in filed.steps)],
    ]


def _actual(step: TrajectoryStep) -> str:
    return step.missing if step.actual is None else number(step.actual)


def chart_notes(path: TrajectoryPath, quarter: Quarter) -> str:
    """What the computed series come to in `quarter`, and whose plan it is if not the document's."""
    notes = list(_sums(path, quarter))
    notes += [f"{step.label}的计划是{step.basis}" for step in path.series[0].steps if step.basis]
    return f"{'；'.join(notes)}。" if notes else ""


def _sums(path: TrajectoryPath, quarter: Quarter) -> Iterator[str]:
    for series in path.series[1:]:
        for step in series.steps:
            if step.quarter == quarter:
                yield _sum(series, step)


def _sum(series: Series, step: TrajectoryStep) -> str:
    planned = f"计划{step.planned}" if step.plan is not None else "计划未公布"
    deviation = f"，{step.deviation_label}" if step.deviation_label else ""
    head = f"到{step.label}累计" if series.kind == SeriesKind.TOTAL else f"{step.label}新增"
    return f"{head}：{planned}，实际{_actual(step)}{deviation}（{series.note}）"
