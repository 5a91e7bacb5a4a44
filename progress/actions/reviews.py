"""Actions of the supervisor on submitted reports: returning, assessing and agreeing."""

from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from common.errors import Refused
from departments.models import User
from departments.roles import Role
from ledger.actions import append
from progress.actions.locks import locked_report, report_event
from progress.choices import Confidence
from progress.definitions import VERSION
from progress.models import AssessedFinding, Assessment, ProgressReport
from progress.requirements.flags import review_flags
from progress.requirements.loading import requirements_for
from progress.transitions import TRANSITIONS
from tasks.recusal import check_not_recused


@dataclass(frozen=True)
class Verdict:
    """The supervisor's assessment of a report.

    `how`: the way it was checked (`Method`); nobody fills it in for them. `findings`: commitment
    id -> (pace, note), only where it differs from the unit's.
    """

    pace: str
    how: str
    confidence: str = Confidence.MEDIUM
    note: str = ""
    findings: dict[int, tuple[str, str]] = field(default_factory=dict)


@transaction.atomic
def return_report(*, report: ProgressReport, reason: str, by: User, at: datetime) -> ProgressReport:
    """Returns a submitted report to the unit, with a reason it can read.

    The day of its first filing is kept. `at`: the moment of the return.

    Raises Refused if the report is not submitted, the reason is empty, or the person must recuse
    themselves.
    """
    report = locked_report(report, "return")
    check_not_recused(report.task, by, "核查")
    if not reason.strip():
        raise Refused("退回修改请写明理由，填报单位会看到。")
    report.status = TRANSITIONS["return"].target
    report.returned_at, report.return_reason = at, reason.strip()
    report.returns += 1
    report.save()
    facts = {"version": report.version}
    append([report_event("return", report, facts)], by=by.actor(Role.SUPERVISOR), at=at)
    return report


@transaction.atomic
def verify_report(
    *, report: ProgressReport, verdict: Verdict, by: User, at: datetime
) -> Assessment:
    """Assesses a submitted report: the supervisor's verdict is kept beside the unit's own.

    `at`: the moment of the assessment.

    Raises Refused if the report is not submitted, if the verdict differs from the unit's, as a
    whole or on one commitment, without a note, or if the person must recuse themselves.
    """
    report = locked_report(report, "verify")
    check_not_recused(report.task, by, "核查")
    if verdict.pace != report.pace and not verdict.note.strip():
        raise Refused("督查核定与单位自评不一致，请写明核查意见。")
    report.assessments.filter(is_current=True).update(is_current=False)
    unit = by.acting_department(Role.SUPERVISOR)
    assert unit is not None, "reports are assessed in the role of a supervisor"
    assessment = Assessment.objects.create(
        report=report,
        pace=verdict.pace,
        how=verdict.how,
        confidence=verdict.confidence,
        note=verdict.note.strip(),
        assessed_by=by,
        unit=unit,
        assessed_at=at,
        definitions=VERSION,
    )
    _save_differences(assessment, verdict)
    report.status = TRANSITIONS["verify"].target
    report.save()
    facts = {"pace": verdict.pace, "how": verdict.how, "version": report.version}
    append([report_event("verify", report, facts)], by=by.actor(Role.SUPERVISOR), at=at)
    return assessment


@transaction.atomic
def agree_with_report(
    *, report: ProgressReport, how: str, confidence: str, by: User, at: datetime
) -> Assessment:
    """Assesses a submitted report with the unit's own self-assessment.

    `how`: the way it was checked (`Method`). `confidence`: how sure the supervisor is
    (`Confidence`). `at`: the moment of the assessment.

    Raises Refused as `verify_report` does, or if the report needs a closer look (`review_flags`).
    """
    report = locked_report(report, "verify")
    if flags := review_flags(requirements_for(report.task, report.period)):
        raise Refused("这份填报要细看，不能一键通过。", *flags)
    verdict = Verdict(report.pace, how, confidence)
    return verify_report(report=report, verdict=verdict, by=by, at=at)


def _save_differences(assessment: Assessment, verdict: Verdict) -> None:
    rows = _differing_findings(assessment, verdict)
    if not all(row.note for row in rows):
        raise Refused("逐条核定与单位自评不一致的，请逐条写明核查意见。")
    AssessedFinding.objects.bulk_create(rows)


def _differing_findings(assessment: Assessment, verdict: Verdict) -> list[AssessedFinding]:
    filed = {finding.commitment_id: finding for finding in assessment.report.findings.all()}
    return [
        AssessedFinding(assessment=assessment, finding=filed[pk], pace=pace, note=note.strip())
        for pk, (pace, note) in verdict.findings.items()
        if pk in filed and pace != filed[pk].pace
    ]
