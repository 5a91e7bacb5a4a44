"""The way of a number as a picture with its rows: the same for the paper and for the table."""

from common.text.wording import number
from common.time.quarters import Quarter
from public.choices import SeriesKind
from public.read_models.trajectories import Series, TrajectoryPath, TrajectoryStep

KEY = "横线是计划，柱或点是实际，虚线是没有数；箭头是太大或太小，画不下。"
UNTIL = "只画到本季度，以后的季度只列计划。"
RULES_OF_PICTURES = [
    f"{KEY}{UNTIL}",
    "差距是实际减计划，计划是范围的，在范围内为相符。",
]


def title_of(each: TrajectoryPath) -> str:
    mark = "【演示】" if each.demonstration else ""
    return f"{mark}第{each.task.number}项 {each.indicator.name}（{each.indicator.unit}），{each.series[0].title}"


def rows_of(each: TrajectoryPath) -> list[list[str]]:
    """The heads with the quarters, then plan, actual and gap, as drawn."""
    filed = each.series[0]
    return [
        ["季度", *(point.label for point in filed.chart.points)],
        ["计划", *(step.planned or "未公布" for step in filed.steps)],
        ["实际", *(number(step.actual) if step.actual is not None else step.missing for step in filed.steps)],
        ["差距", *(step.gap_words or "无法计算" for step in filed.steps)],
    ]


def notes_of(each: TrajectoryPath, quarter: Quarter) -> str:
    """What it comes to by the quarter, where that is a sum of ours; and who set a plan that the document has not."""
    said = [_sum(series, step) for series in each.series[1:] for step in series.steps if step.quarter == quarter]
    said += [f"{step.label}的计划是{step.basis}" for step in each.series[0].steps if step.basis]
    return f"{'；'.join(said)}。" if said else ""


def _sum(series: Series, step: TrajectoryStep) -> str:
    planned = f"计划{step.planned}" if step.plan is not None else "计划未公布"
    actual = f"实际{number(step.actual)}" if step.actual is not None else f"实际{step.missing}"
    gap = f"，{step.gap_words}" if step.gap_words else ""
    head = f"到{step.label}累计" if series.kind == SeriesKind.TOTAL else f"{step.label}新增"
    return f"{head}：{planned}，{actual}{gap}（{series.note}）"
