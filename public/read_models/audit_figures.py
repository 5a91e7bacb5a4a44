"""重算: the published rows behind 总览, and every figure of the page with its formula.

The formula is data that a program can follow (static/js/recount.js does), with words beside it. The
value is the one the page shows: it is taken from the dashboard, not computed by the formula.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from common.text.canonical import canonical
from common.text.wording import number
from common.time.days import local_day
from common.time.quarters import Quarter
from progress.choices import Reporting
from public.choices import SeriesKind
from public.read_models.dashboard import Dashboard
from public.read_models.dashboard_counts import GroupRow
from public.read_models.dashboard_cross import FURTHER
from public.read_models.matrix import matrix_columns
from public.read_models.plan_snapshot import WITHOUT_REPORT, PlanSnapshot, TaskResult
from public.read_models.stage_durations import DAY_FIELDS, StageDuration, stage_facts
from public.read_models.trajectories import Series, TrajectoryPath
from public.read_models.trajectory_steps import TrajectoryStep
from publishing.read_models.public_status import (
    DELIVERY,
    NOT_COLLECTED,
    NOT_PUBLISHED,
    STATE_WORDS,
    in_words,
)
from tasks.models import Task

Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Figure:
    """One figure of the page.

    `part` is the section of the page, `rule` the formula in words, `recipe` the same for a program.
    """

    part: str
    label: str
    rule: str
    value: str
    recipe: dict[str, Any]


def audit_data(page: Dashboard) -> dict[str, Any]:
    """Everything a reader needs to compute the figures again, as one JSON object."""
    return {
        "plan": page.plan.slug,
        "title": page.plan.title,
        "quarter": page.period.address if page.period else None,
        "concluded": page.snapshot.is_concluded,
        "previous": page.snapshot.previous.address if page.snapshot.previous else None,
        "today": page.snapshot.today,
        "demonstration": page.demonstration,
        "rows": task_rows(page.snapshot),
        "cells": matrix_cells(page.snapshot),
        "readings": reading_rows(page),
        "figures": [vars(figure) for figure in audit_figures(page)],
    }


def task_rows(snapshot: PlanSnapshot) -> Rows:
    """One row for each task in the chosen quarter; unknown values are null, unused words empty."""
    return [_row(snapshot, result) for result in snapshot.results] if snapshot.period else []


def _row(snapshot: PlanSnapshot, result: TaskResult) -> dict[str, Any]:
    row = result.publication
    axes = ("self_pace", "assessment_pace", "reporting", "timing", "trajectory")
    return {
        "task": result.task.code,
        "title": result.task.title,
        "section": f"{snapshot.plan.slug}-{result.task.section.number}",
        "units": result.units,
        "state": result.state,
        "quarter_state": str(result.headline.own_state),
        "previous": str(result.previous.headline) if result.previous else "",
        **{name: getattr(row, name) if row else "" for name in axes},
        "revision": row.revision if row else None,
        "published_on": local_day(row.published_at) if row else None,
        **stage_facts(result),
    }


def matrix_cells(snapshot: PlanSnapshot) -> Rows:
    """The cells of the matrix, one for each task and quarter, or year with its conclusion."""
    return [
        {"task": task.code}
        | (
            _quarter_cell(snapshot, task, column)
            if isinstance(column, Quarter)
            else _year_end_cell(snapshot, task, column)
        )
        for task in snapshot.tasks
        for column in matrix_columns(snapshot)
    ]


def _quarter_cell(snapshot: PlanSnapshot, task: Task, quarter: Quarter) -> dict[str, Any]:
    row = snapshot.publication(task, quarter)
    return {
        "quarter": f"{quarter.year}-{quarter.number}",
        "state": str(row.headline) if row else None,
        "word": row.get_headline_display() if row else snapshot.unpublished(*quarter),
    }


def _year_end_cell(snapshot: PlanSnapshot, task: Task, year: int) -> dict[str, Any]:
    row = snapshot.conclusions.get((task.pk, year))
    return {
        "quarter": f"{year}-year-end",
        "state": row.verdict if row else None,
        "word": row.get_verdict_display() if row else "没有结论",
    }


def reading_rows(page: Dashboard) -> Rows:
    """One row for each quarter of each indicator with interim values."""
    return [
        {
            "indicator": path.key,
            "name": path.indicator.name,
            "unit": path.indicator.unit,
            "mode": path.indicator.mode,
            "baseline": _decimal(path.indicator.baseline),
            "quarter": f"{step.quarter.year}-{step.quarter.number}",
            "plan": _decimal(step.plan),
            "plan_max": _decimal(step.plan_max),
            "value": _decimal(step.actual),
            "basis": step.basis,
        }
        for path in page.trajectories
        for step in path.series[0].steps
    ]


def _decimal(value: Decimal | int | None) -> str | None:
    return None if value is None else number(value)


def audit_figures(page: Dashboard) -> list[Figure]:
    """Every figure of the page in its order; none where nothing was released."""
    if page.period is None:
        return []
    figures = [
        *_totals(page),
        *_cross(page),
        *_groups("单位", "units", page.units),
        *_disagreement(page),
    ]
    figures += [*_groups("各部分", "section", page.sections), *_stage_durations(page)]
    return figures + [figure for path in page.trajectories for figure in _trajectory(path)]


def _count_figure(part: str, label: str, rule: str, value: int, **recipe: object) -> Figure:
    return Figure(part, label, rule, str(value), {"op": "count", **recipe})


def states_in_words(key: str) -> str:
    """The states of one group of DELIVERY, as the rules name them."""
    return in_words(DELIVERY[key][1])


def _totals(page: Dashboard) -> Iterator[Figure]:
    for key, (words, states) in DELIVERY.items():
        rule = f"公开状态是{states_in_words(key)}的项数"
        yield _count_figure("总数", words, rule, page.totals[key].value, where={"state": states})
    for part in page.segments:
        state = next(key for key, word in page.snapshot.words.items() if word == part.label)
        yield _count_figure(
            "总数",
            f"状态 {part.label}",
            f"公开状态是{part.label}的项数",
            part.count,
            where={"state": [state]},
        )


def _cross(page: Dashboard) -> Iterator[Figure]:
    for row in page.cross.rows:
        for (column, word), cell in zip(page.cross.columns, row.cells, strict=True):
            where = {"state": _states(row.key, column)}
            where |= {} if has_own_column(column) else {"reporting": [column]}
            if column in (NOT_PUBLISHED, NOT_COLLECTED):
                # Nothing is published of the task; it may be concluded all the same.
                where["reporting"] = [""]
            rule = f"公开状态属于“{row.label}”，报送是“{word}”的项数"
            yield _count_figure(
                "做与报", f"{row.label} × {word}", rule, cell.count.value, where=where
            )


def has_own_column(state: str) -> bool:
    """Whether the cross table counts the state apart, where it occurs."""
    return state in STATE_WORDS and state in FURTHER


def _states(row: str, column: str) -> list[str]:
    """The states of a row that a column counts: a state with a column of its own is in no other."""
    own_column = has_own_column(column)
    if row != "unknown" and column in (NOT_PUBLISHED, NOT_COLLECTED):
        return [str(state) for state in DELIVERY[row][1]]
    return [
        str(state)
        for state in DELIVERY[row][1]
        if (state == column if own_column else state not in WITHOUT_REPORT)
    ]


def _groups(part: str, field: str, groups: list[GroupRow]) -> Iterator[Figure]:
    for group in groups:
        for name, words in (
            ("asked", "要求报送"),
            ("reported", "公布了进展"),
            ("behind", "落后"),
            ("done", "已完成"),
        ):
            where = {field: [group.key], "state": DELIVERY[name][1]}
            rule = f"{group.name}的任务中，公开状态是{states_in_words(name)}的项数"
            yield _count_figure(
                part, f"{group.name} {words}", rule, getattr(group, name).value, where=where
            )
        where = {field: [group.key], "reporting": [Reporting.LATE]}
        yield _count_figure(
            part,
            f"{group.name} 逾期报送",
            f"{group.name}的任务中，报送是逾期报送的项数",
            group.late.value,
            where=where,
        )


def _disagreement(page: Dashboard) -> Iterator[Figure]:
    rule = "单位自评和督查核定都有，而且用词不同的项数"
    differs = ["self_pace", "assessment_pace"]
    yield _count_figure("两种声音", "不一致", rule, len(page.disagreements), differs=differs)
    rule = "有督查核定的项数"
    yield _count_figure("两种声音", "有督查核定", rule, page.assessed, filled=["assessment_pace"])
    rule = "上一次公布的季度和这个季度都有公布，而且季度的状态不同的项数"
    yield _count_figure(
        "变化",
        "状态有变化",
        rule,
        len(page.state_changes),
        differs=["quarter_state", "previous"],
        filled=["published_on"],
    )
    rule = "公布的不是第 1 版的项数"
    yield _count_figure("变化", "公布后又有新版", rule, len(page.corrections), later=True)


def _stage_durations(page: Dashboard) -> Iterator[Figure]:
    for stage in page.stage_durations:
        yield from _figures_of_stage(stage)


def _figures_of_stage(stage: StageDuration) -> Iterator[Figure]:
    part, days = "等了几天", f"{stage.span}的天数"
    recipe: dict[str, object] = {"days": DAY_FIELDS[stage.key]}
    if stage.key == "waiting":
        recipe["where"] = {"unchecked": [True]}
    rule = f"能算出{days}的项数"
    yield _count_figure(part, f"{stage.name} 项数", rule, stage.count, **recipe)
    rule, over = f"{days}大于 0 的项数", len(stage.waited)
    yield _count_figure(part, f"{stage.name} 超过 0 天", rule, over, over=0, **recipe)
    for op, words, value, remark in (
        ("longest", "最长", stage.longest, ""),
        ("middle", "居中", stage.middle, "（从短到长排在中间，偶数个取较短的）"),
    ):
        rule, label = f"{days}里{words}的一个{remark}", f"{stage.name} {words}"
        yield Figure(part, label, rule, _decimal(value) or "", {"op": op, **recipe})


def _trajectory(path: TrajectoryPath) -> Iterator[Figure]:
    for series in path.series:
        for index, step in enumerate(series.steps):
            yield from _step(path, series, index, step)


RULES_OF_SERIES = {
    SeriesKind.FILED: "这个季度的数",
    SeriesKind.TOTAL: "年初到这个季度的数相加",
    SeriesKind.STEP: "这个季度减去上个季度",
}


def _step(
    path: TrajectoryPath, series: Series, index: int, step: TrajectoryStep
) -> Iterator[Figure]:
    """Only the computed figures: what was filed or printed stands in the rows as it is."""
    quarters = _quarters_until(path, index)
    recipe: dict[str, object] = {
        "indicator": path.key,
        "series": series.kind,
        "quarters": quarters,
    }
    label = f"{path.task.number} {path.indicator.name} {step.label} {series.title}"
    if not series.is_filed:
        yield from _computed_numbers(step, label, RULES_OF_SERIES[series.kind], recipe)
    if step.deviation is not None:
        rule = f"{RULES_OF_SERIES[series.kind]}，实际减去计划；计划是范围的，在范围内为 0"
        yield Figure("序时", f"{label} 差距", rule, number(step.deviation), {"op": "gap", **recipe})


def _quarters_until(path: TrajectoryPath, index: int) -> list[str]:
    """The quarters of the same year up to that of the step, as the rows name them."""
    steps = path.series[0].steps[: index + 1]
    return [
        f"{step.quarter.year}-{step.quarter.number}"
        for step in steps
        if step.quarter.year == steps[-1].quarter.year
    ]


def _computed_numbers(
    step: TrajectoryStep, label: str, rule: str, recipe: dict[str, object]
) -> Iterator[Figure]:
    if step.actual is not None:
        actual = number(step.actual)
        yield Figure("序时", f"{label} 实际", rule, actual, {"op": "actual", **recipe})
    if step.plan is not None:
        yield Figure("序时", f"{label} 计划", rule, step.planned, {"op": "plan", **recipe})


def audit_json(page: Dashboard) -> str:
    """The rows, figures and formulas as canonical JSON."""
    return canonical(audit_data(page))
