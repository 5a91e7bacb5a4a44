"""The year-end conclusions of a plan as a workbook: the rows of the page."""

from django.http import FileResponse

from common.office.worksheets import Worksheet, download
from common.text.wording import stamp
from publishing.read_models.year_ends import YearEndPage

COLUMNS = [
    ("编号", 12),
    ("行动 / 总体目标", 22),
    ("序号", 6),
    ("任务", 36),
    ("年终结论", 14),
    ("说明", 60),
]
COLUMNS += [("依据文件", 36), ("演示", 8)]


def year_end_workbook(page: YearEndPage) -> FileResponse:
    """The workbook of one year of a plan, its conclusions and their digest."""
    rows = [
        [
            *(
                row.task.code,
                row.task.section.title,
                row.task.number,
                row.task.title,
                row.get_verdict_display(),
            ),
            *(row.reason, row.document, "演示" if row.demonstration else ""),
        ]
        for row in page.rows
    ]
    notes = [
        ("文件", page.plan.title),
        ("公布时间", stamp(page.published_at)),
        ("校验值 SHA-256", page.sha256),
    ]
    notes += [
        ("共计", f"{len(page.rows)} 项"),
        *((part.label, f"{part.count} 项") for part in page.segments),
    ]
    notes += [("说明", "演示数据，不是真实情况。")] if page.demonstration else []
    mark = "演示-" if page.demonstration else ""
    sheets = [
        Worksheet("年终结论", COLUMNS, rows),
        Worksheet("说明", [("项目", 20), ("内容", 80)], notes),
    ]
    return download(sheets, f"{mark}{page.plan.slug}-{page.year}年度完成情况.xlsx")
