"""The list of tasks as a workbook: the rows and words of the page, with days and authors."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.http import FileResponse
from django.utils.timezone import localtime

from common.office.worksheets import Worksheet, download
from common.text.wording import cn_date, cn_quarter, number, stamp
from progress.choices import PUBLIC_TRAJECTORY, Trajectory
from progress.models import Breakdown
from public.filters import TaskFilter
from public.read_models.data_dates import data_date
from public.read_models.task_records import headline_of_record, with_public_facts
from publishing.models import Publication, YearEnd
from publishing.read_models.headlines import Headline
from publishing.read_models.public_status import extended_until
from tasks.choices import ResponsibilityKind
from tasks.models import Indicator, Responsibility, Target, Task
from tasks.read_models.changes import ChangeLine, change_lines

if TYPE_CHECKING:
    from publishing.read_models.headlines import TaskWithState

COLUMNS = [
    ("编号", 12),
    ("文件", 24),
    ("行动 / 总体目标", 22),
    ("序号", 6),
    ("任务", 36),
    ("任务正文 / 目标", 60),
    ("责任单位（依据）", 30),
    ("目标值", 36),
    ("调整（原定和现在）", 48),
    ("单位分解（非文件原文）", 36),
    ("状态", 14),
    ("状态出处", 16),
    ("季度", 16),
    ("季度状态", 14),
    ("单位自评", 12),
    ("督查核定", 12),
    ("时限", 10),
    ("数字进度", 22),
    ("报送", 18),
    ("公布的数字", 36),
    ("数据截至", 14),
    ("年终结论", 24),
    ("演示", 8),
]
DEMO_NOTE = "演示：标有“演示”的进展和数字是编写的样例，不是真实情况。"
NOTES = [
    "承诺和任务正文照录文件原文。",
    "责任单位后面括号里是依据；文件没有载明、又没有指定的，写“待确认”。",
    "年终结论公布以后就是这一项的状态；那以前最后一个季度的状态另列“季度状态”一栏。",
    "单位自评和督查核定是两个单位各自的判断，分列两栏。空格表示没有，不是零。",
]


def task_workbook(task_filter: TaskFilter, *, at: datetime) -> FileResponse:
    """The workbook of all tasks that a valid filter selects, exported at the moment `at`."""
    day, tasks = task_filter.day, list(with_public_facts(task_filter.qs, task_filter.day))
    year, quarter = task_filter.selected("year"), task_filter.selected("quarter")
    rows = [_cells(task, year, quarter, day) for task in tasks]
    dates = data_date(task_filter.plans_found, year=year, quarter=quarter, day=day)
    notes = [
        ("网站", settings.SITE["name"]),
        ("数据截至", cn_date(dates.as_of) if dates.as_of else "尚未公布"),
        ("导出时间", stamp(at)),
        *_past_day(day),
        ("筛选条件", "；".join(_filters_in_words(task_filter)) or "全部"),
        ("共计", f"{len(tasks)} 项"),
        *(("说明", note) for note in notes_on_columns()),
    ]
    sheets = [
        Worksheet("承诺清单", COLUMNS, rows),
        Worksheet("说明", [("项目", 14), ("内容", 80)], notes),
    ]
    mark = "演示-" if settings.DEMO else ""
    return download(sheets, f"{mark}承诺清单-{day or localtime(at):%Y%m%d}.xlsx")


def _past_day(day: date | None) -> list[tuple[str, str]]:
    if day is None:
        return []
    return [("过去的情况", f"{cn_date(day)}结束时公布的内容和当时的目标、责任单位")]


def notes_on_columns() -> list[str]:
    """What the sheet of notes says of the columns."""
    return [DEMO_NOTE, *NOTES] if settings.DEMO else NOTES


def _cells(
    task: "TaskWithState", year: int | None, quarter: int | None, day: date | None
) -> list[object]:
    changes = change_lines(task.change_requests.all(), day)
    headline = headline_of_record(task, year, quarter)
    return [
        task.code,
        task.plan.name,
        task.section.title,
        task.number,
        task.title,
        task.text or task.goal,
        "、".join(map(_unit, task.responsibilities.all())) or "待确认",
        "；".join(_targets(task)),
        "".join(line.sentence for line in changes),
        "；".join(map(_node, task.breakdowns.all())),
        *_headline_cells(headline),
        *(_publication_cells(headline.publication) if headline.publication else [None] * 9),
        "；".join(_year_end(row) for row in task.year_ends.all()),
        "演示" if _has_demonstration(task, changes, headline) else "",
    ]


def _targets(task: Task) -> Iterator[str]:
    for indicator in task.indicators.all():
        for target in indicator.targets.all():
            yield _target(indicator, target)


def _year_end(row: YearEnd) -> str:
    return f"{row.year}年{row.get_verdict_display()}"


def _has_demonstration(task: Task, changes: list[ChangeLine], headline: Headline) -> bool:
    """Whether anything in the row of the task is a sample."""
    changed = any(line.request.demonstration for line in changes)
    broken_down = any(node.demonstration for node in task.breakdowns.all())
    concluded = any(row.demonstration for row in task.year_ends.all())
    return any([changed, broken_down, concluded, headline.demonstration])


def _unit(row: Responsibility) -> str:
    kind = "" if row.kind == ResponsibilityKind.LISTED else row.get_kind_display() + "，"
    return f"{row.department}（{kind}{row.get_basis_display()}）"


def _target(indicator: Indicator, target: Target) -> str:
    source = "本平台合计" if target.derived else "调整后"
    words = target.quote or f"{target.amount}{indicator.unit}（{source}）"
    return f"{cn_quarter(target.year, target.quarter)}{indicator.name}：{words}"


def _node(row: Breakdown) -> str:
    indicator = row.indicator.name if row.indicator else ""
    return f"{cn_quarter(row.year, row.quarter)}{indicator}：{row.content}"


def _headline_cells(headline: Headline) -> Iterator[object]:
    """The public state and whose word it is, or why there is none."""
    row = headline.publication
    reason = (row.withheld_basis or extended_until(row)) if row and not headline.voice else ""
    yield from (headline.chip(quarter=False).label, headline.voice or reason or None)


def _publication_cells(row: Publication) -> Iterator[object]:
    yield from (row.period.label, row.get_headline_display())
    yield from (
        row.get_self_pace_display(),
        row.get_assessment_pace_display(),
        row.get_timing_display(),
    )
    yield from (PUBLIC_TRAJECTORY[Trajectory(row.trajectory)], row.get_reporting_display())
    yield "；".join(
        f"{r.indicator.name}{number(r.value)}{r.indicator.unit}" for r in row.readings.all()
    )
    yield cn_date(row.data_date)


def _filters_in_words(task_filter: TaskFilter) -> Iterator[str]:
    for name, value in task_filter.form.cleaned_data.items():
        if value not in (None, ""):
            field = task_filter.form.fields[name]
            yield f"{field.label}：{dict(getattr(field, 'choices', ())).get(value, value)}"
