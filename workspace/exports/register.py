"""台账: one row for each task in each quarter, in the columns that were chosen."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from common.office.worksheets import Worksheet
from common.text.wording import cn_date, number, stamp
from progress.models import Assessment, ProgressReport
from publishing.models import Publication
from tasks.choices import ResponsibilityKind
from tasks.models import Responsibility
from workspace.read_models.inspection import InspectionRow

# Written even where nothing exists: whether there is a draft is not for everybody to know.
NOT_IN_SIGHT = "没有可以查看的填报"


@dataclass(frozen=True)
class Column:
    """A column of the register: its key in the form, its head, width and the value of a row."""

    key: str
    head: str
    width: int
    value: Callable[[InspectionRow], Any]


def responsible(row: InspectionRow) -> str:
    """The responsible units with kind and basis, or 待确认."""
    return "、".join(map(_unit, row.responsibilities)) or "待确认"


def _unit(responsibility: Responsibility) -> str:
    kind = (
        ""
        if responsibility.kind == ResponsibilityKind.LISTED
        else f"{responsibility.get_kind_display()}，"
    )
    return f"{responsibility.department.short_name}（{kind}{responsibility.get_basis_display()}）"


def _of_report(value: Callable[[ProgressReport], Any]) -> Callable[[InspectionRow], Any]:
    return lambda row: value(row.report) if row.report else ""


def _of_assessment(value: Callable[[Assessment], Any]) -> Callable[[InspectionRow], Any]:
    return lambda row: value(row.assessment) if row.assessment else ""


def _of_publication(value: Callable[[Publication], Any]) -> Callable[[InspectionRow], Any]:
    return lambda row: value(row.publication) if row.publication else ""


def _narratives(row: InspectionRow) -> str:
    return "\n".join(
        f"{part.department.short_name}：{part.narrative}"
        for part in row.contributions
        if part.narrative
    )


def _numbers(report: ProgressReport) -> str:
    return "；".join(
        f"{r.indicator.name}{number(r.value)}{r.indicator.unit}" for r in report.readings.all()
    )


ALWAYS = [
    Column("number", "序号", 6, lambda row: row.number),
    Column("code", "任务编号", 12, lambda row: row.task.code),
    Column("title", "任务", 36, lambda row: row.task.title),
    Column("period", "季度", 16, lambda row: row.period.label),
]
COLUMNS = [
    Column("plan", "文件", 24, lambda row: row.task.plan.name),
    Column("wording", "承诺原文", 60, lambda row: row.task.text or row.task.goal),
    Column("units", "责任单位（依据）", 30, responsible),
    Column("due", "报送截止", 14, lambda row: cn_date(row.period.due_on)),
    Column(
        "status",
        "填报状态",
        14,
        lambda row: row.report.get_status_display() if row.report else NOT_IN_SIGHT,
    ),
    Column("first", "首次报送", 18, _of_report(lambda report: stamp(report.first_submitted_at))),
    Column("last", "最近报送", 18, _of_report(lambda report: stamp(report.submitted_at))),
    Column("self", "单位自评", 12, _of_report(lambda report: report.get_pace_display())),
    Column("said", "进展情况", 60, _narratives),
    Column("numbers", "指标数据", 36, _of_report(_numbers)),
    Column(
        "assessed", "督查核定", 12, _of_assessment(lambda assessment: assessment.get_pace_display())
    ),
    Column("how", "核查方式", 12, _of_assessment(lambda assessment: assessment.get_how_display())),
    Column(
        "sure",
        "把握程度",
        12,
        _of_assessment(lambda assessment: assessment.get_confidence_display()),
    ),
    Column("note", "核查意见", 40, _of_assessment(lambda assessment: assessment.note)),
    Column("judge", "核查单位", 14, _of_assessment(lambda assessment: assessment.unit.short_name)),
    Column(
        "judged", "核查时间", 18, _of_assessment(lambda assessment: stamp(assessment.assessed_at))
    ),
    Column(
        "headline",
        "公开状态",
        14,
        _of_publication(lambda publication: publication.get_headline_display()),
    ),
    Column(
        "reporting",
        "报送（公开）",
        16,
        _of_publication(lambda publication: publication.get_reporting_display()),
    ),
    Column(
        "published",
        "公布时间",
        18,
        _of_publication(lambda publication: stamp(publication.published_at)),
    ),
    Column("revision", "版次", 6, _of_publication(lambda publication: publication.revision)),
    Column("sha256", "公布内容校验值", 66, _of_publication(lambda publication: publication.sha256)),
    Column("papers", "佐证份数", 10, lambda row: len(row.evidence) if row.report else None),
]


def register(rows: Iterable[InspectionRow], chosen: Iterable[str]) -> Worksheet:
    """The register of these rows; `chosen`: keys of its columns, none means all."""
    keys = set(chosen) or {column.key for column in COLUMNS}
    columns = [*ALWAYS, *(column for column in COLUMNS if column.key in keys)]
    heads = [(column.head, column.width) for column in columns]
    return Worksheet("台账", [*heads, ("演示", 8)], [_line(row, columns) for row in rows])


def _line(row: InspectionRow, columns: list[Column]) -> list[Any]:
    return [column.value(row) for column in columns] + ["演示" if row.demonstration else ""]
