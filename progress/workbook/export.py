"""The file a unit fills in offline: everything it may still write, in all open quarters, on three pages."""

from collections.abc import Iterator
from datetime import datetime

from django.conf import settings
from django.http import FileResponse
from django.utils.timezone import localtime

from common.office.worksheets import InputCell, Worksheet, download
from common.text.wording import cn_date, stamp
from departments.models import Department
from progress.forms.report import ReportForm
from progress.requirements.report import ReportRequirements as Filing
from progress.workbook.rows import ANSWERS, COLUMNS, NUMBERS, SUMMARY, WorkbookCell, WorkbookRow, rows_of

DEMO_NOTE = "标有“演示”的季度和内容是样例，不是真实情况。"
HOW = [
    "只填浅黄色的格，其他格已锁定。改动锁定的格不会读入。",
    f"“{ANSWERS}”：每行一条承诺，“自评”从下拉列表中选择。前置条件未具备、本季无进展的，请写说明。",
    f"“{NUMBERS}”：只填数字，不写单位，不用公式。没有公布目标的可以不填。",
    f"“{SUMMARY}”：每项任务一行。其余事项都正常推进的，“其余事项确认”选“是”。总体进展空着的，按逐条自评得出。",
    "现在保存的内容已经填在格里。清空一格，就是清空这一项。",
    "可以先填一部分。填好后在下载这张表的网页上传，核对每一处改动，确认以后才保存。",
    "下载以后别人保存过的任务不会被覆盖，请重新下载再填。",
    "佐证材料不在表里，请在网页上传。",
]
# Room to write: a narrative takes more than a word from a list.
LINES = {ANSWERS: 2, NUMBERS: 2, SUMMARY: 6}


def fill_in_sheet(department: Department, filings: list[Filing], *, at: datetime) -> FileResponse:
    found = [rows_of(ReportForm(filing, department)) for filing in filings]
    pages = [_page(title, [row for rows in found for row in rows[title]]) for title in COLUMNS]
    told = Worksheet("填写说明", [("项目", 12), ("内容", 110)], list(_told(department, filings, at)))
    mark = "演示-" if _is_demonstration(filings) else ""
    return download([told, *pages], f"{mark}{department.short_name}-季度填报-{localtime(at):%Y%m%d}.xlsx")


def _page(title: str, rows: list[WorkbookRow]) -> Worksheet:
    return Worksheet(title, COLUMNS[title], map(_printed, rows), is_form=True, lines=LINES[title])


def _printed(row: WorkbookRow) -> list:
    return [row.key.written(row.version), *(_open(c) if isinstance(c, WorkbookCell) else c for c in row.cells)]


def _open(cell: WorkbookCell) -> InputCell:
    return InputCell(cell.value, tuple(cell.words))


def _is_demonstration(filings: list[Filing]) -> bool:
    return settings.DEMO or any(filing.period.demonstration for filing in filings)


def _told(department: Department, filings: list[Filing], at: datetime) -> Iterator[tuple[str, str]]:
    yield "单位", department.short_name
    for period in dict.fromkeys(filing.period for filing in filings):
        count = sum(filing.period == period for filing in filings)
        yield "填报期", f"{period.plan.name} {period.label}：{count} 项任务，{cn_date(period.due_on)}前报送"
    yield "下载时间", stamp(at)
    if _is_demonstration(filings):
        yield "演示", DEMO_NOTE
    yield from (("怎样填", sentence) for sentence in HOW)
