"""The workbook a unit fills in offline: all reports it may still write, on three sheets."""

from collections.abc import Iterator
from datetime import datetime

from django.conf import settings
from django.http import FileResponse
from django.utils.timezone import localtime

from common.office.worksheets import InputCell, Worksheet, download
from common.text.wording import cn_date, stamp
from departments.models import Department
from progress.forms.report import ReportForm
from progress.requirements.report import ReportRequirements
from progress.workbook.rows import (
    ANSWERS,
    COLUMNS,
    NUMBERS,
    SUMMARY,
    WorkbookCell,
    WorkbookRow,
    rows_of,
)

DEMO_NOTE = "标有“演示”的季度和内容是样例，不是真实情况。"
INSTRUCTIONS = [
    "只填浅黄色的格，其他格已锁定。改动锁定的格不会读入。",
    f"“{ANSWERS}”：每行一条承诺，“自评”从下拉列表中选择。前置条件未具备、本季无进展的，请写说明。",
    f"“{NUMBERS}”：只填数字，不写单位，不用公式。没有公布目标的可以不填。",
    f"“{SUMMARY}”：每项任务一行。其余事项都正常推进的，“其余事项确认”选“是”。总体进展空着的，按逐条自评得出。",
    "现在保存的内容已经填在格里。清空一格，就是清空这一项。",
    "可以先填一部分。填好后在下载这张表的网页上传，核对每一处改动，确认以后才保存。",
    "下载以后别人保存过的任务不会被覆盖，请重新下载再填。",
    "佐证材料不在表里，请在网页上传。",
]
# Lines of text that a row has room for: a narrative needs more than a choice.
LINES = {ANSWERS: 2, NUMBERS: 2, SUMMARY: 6}


def workbook_response(
    department: Department, requirements_list: list[ReportRequirements], *, at: datetime
) -> FileResponse:
    """The workbook of one unit, with what is stored now. `at`: the moment of the download."""
    reports = [rows_of(ReportForm(requirements, department)) for requirements in requirements_list]
    sheets = [
        _build_sheet(title, [row for rows in reports for row in rows[title]]) for title in COLUMNS
    ]
    lines = list(_instruction_lines(department, requirements_list, at))
    instructions = Worksheet("填写说明", [("项目", 12), ("内容", 110)], lines)
    mark = "演示-" if _is_demonstration(requirements_list) else ""
    return download(
        [instructions, *sheets],
        f"{mark}{department.short_name}-季度填报-{localtime(at):%Y%m%d}.xlsx",
    )


def _build_sheet(title: str, rows: list[WorkbookRow]) -> Worksheet:
    return Worksheet(
        title, COLUMNS[title], map(_cell_values, rows), is_form=True, lines=LINES[title]
    )


def _cell_values(row: WorkbookRow) -> list:
    cells = [
        InputCell(cell.value, tuple(cell.choices)) if isinstance(cell, WorkbookCell) else cell
        for cell in row.cells
    ]
    return [row.key.as_text(row.version), *cells]


def _is_demonstration(requirements_list: list[ReportRequirements]) -> bool:
    return settings.DEMO or any(
        requirements.period.demonstration for requirements in requirements_list
    )


def _instruction_lines(
    department: Department, requirements_list: list[ReportRequirements], at: datetime
) -> Iterator[tuple[str, str]]:
    yield "单位", department.short_name
    for period in dict.fromkeys(requirements.period for requirements in requirements_list):
        count = sum(requirements.period == period for requirements in requirements_list)
        yield (
            "填报期",
            f"{period.plan.name} {period.label}：{count} 项任务，{cn_date(period.due_on)}前报送",
        )
    yield "下载时间", stamp(at)
    if _is_demonstration(requirements_list):
        yield "演示", DEMO_NOTE
    yield from (("怎样填", sentence) for sentence in INSTRUCTIONS)
