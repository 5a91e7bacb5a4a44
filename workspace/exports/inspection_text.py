"""One report as plain text: what was promised, reported, checked and published."""

from collections.abc import Iterator

from common.text.wording import cn_date, number, stamp
from progress.models import Assessment, ProgressReport
from workspace.exports.register import responsible
from workspace.read_models.inspection import InspectionRow

DEMO = "【演示】本件内容是样例，不是真实情况。"


def report_text(row: InspectionRow, report: ProgressReport, numbers: dict[int, int]) -> str:
    """The text of a row and its report; `numbers`: evidence id -> its number in the package."""
    parts = [
        _head(row, report),
        _narratives(row),
        _findings(report),
        _readings(report),
        _checks(row),
        _papers(row, numbers),
        _published(row),
    ]
    return "\n".join(line for part in parts for line in [*part, ""])


def _head(row: InspectionRow, report: ProgressReport) -> Iterator[str]:
    if row.demonstration:
        yield DEMO
    yield f"{row.task.title}（{row.task.code}）"
    yield f"{row.task.plan.title}　{row.period.label}"
    yield f"责任单位：{responsible(row)}"
    yield f"填报状态：{report.get_status_display()}"
    yield f"报送截止{cn_date(row.period.due_on)}"
    yield f"首次报送{stamp(report.first_submitted_at)}，最近报送{stamp(report.submitted_at)}"
    yield f"总体进展（单位自评）：{report.get_pace_display()}"
    reasons = {
        "与逐条自评不一致的说明": report.pace_reason,
        "无进展的原因": report.no_progress_reason,
        "数字与自评不一致的说明": report.contradiction_reason,
        "需协调事项": report.help_needed,
        "退回理由": report.return_reason,
    }
    yield from (f"{head}：{words}" for head, words in reasons.items() if words)


def _narratives(row: InspectionRow) -> Iterator[str]:
    yield "一、进展情况、存在问题及下一步打算"
    narratives = [
        f"{part.department.short_name}：{part.narrative}"
        for part in row.contributions
        if part.narrative
    ]
    yield from narratives or ["没有填写。"]


def _findings(report: ProgressReport) -> Iterator[str]:
    yield "二、逐条自评"
    findings = list(report.findings.all())
    for position, finding in enumerate(findings, 1):
        note = f"。说明：{finding.note}" if finding.note else ""
        yield f"{position}. “{finding.wording_as_filed}”：{finding.get_pace_display()}{note}"
    if not findings:
        yield "没有。"


def _readings(report: ProgressReport) -> Iterator[str]:
    yield "三、指标数据"
    readings = list(report.readings.all())
    for reading in readings:
        note = f"。说明：{reading.note}" if reading.note else ""
        yield f"{reading.indicator.name}：{number(reading.value)}{reading.indicator.unit}{note}"
    if not readings:
        yield "没有。"


def _checks(row: InspectionRow) -> Iterator[str]:
    yield "四、怎样核查"
    for assessment in row.assessments:
        yield from _check(assessment)
    if not row.assessments:
        yield "还没有核查。"


def _check(assessment: Assessment) -> Iterator[str]:
    how, confidence = assessment.get_how_display(), assessment.get_confidence_display()
    result = f"{how}，核定{assessment.get_pace_display()}，{confidence}"
    replaced = "" if assessment.is_current else "（已由后一次代替）"
    yield f"{stamp(assessment.assessed_at)} {assessment.unit.short_name}：{result}{replaced}"
    if assessment.note:
        yield f"核查意见：{assessment.note}"
    for row in assessment.findings.all():
        yield f"另行核定“{row.finding.wording_as_filed}”：{row.get_pace_display()}。{row.note}"


def _papers(row: InspectionRow, numbers: dict[int, int]) -> Iterator[str]:
    yield "五、佐证材料"
    for paper in row.evidence:
        caption = f"（{paper.caption}）" if paper.caption else ""
        yield f"{numbers[paper.pk]:04} {paper.name}{caption} SHA-256 {paper.sha256}"
    if not row.evidence:
        yield "没有。"


def _published(row: InspectionRow) -> Iterator[str]:
    yield "六、公布"
    publication = row.publication
    if publication is None:
        yield "还没有公布。"
        return
    reason = publication.get_reason_class_display()
    if publication.reason:
        reason += f"，{publication.reason}"
    revision = f"{stamp(publication.published_at)}第{publication.revision}版（{reason}）"
    yield f"{revision}：{publication.get_headline_display()}"
    yield f"公布内容的校验值 SHA-256 {publication.sha256}"
