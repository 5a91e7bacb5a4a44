"""Actions that take back what was said of a report, as long as the public was told nothing of it.

They stand in this room because only this room knows what was prepared and published.
"""

from datetime import datetime

from django.db import transaction

from common.errors import Refused
from common.time.days import local_day
from departments.models import User
from departments.roles import Role
from ledger.actions import append
from progress.actions.locks import locked_in_quarter, report_event
from progress.actions.reports import check_open, reporting_lead
from progress.actions.reviews import return_report
from progress.choices import ReportStatus
from progress.models import ProgressReport
from progress.requirements.report import lead_of
from progress.transitions import TRANSITIONS
from publishing.choices import ReleaseState
from publishing.models import Publication
from tasks.recusal import check_not_recused


@transaction.atomic
def withdraw_report(*, report: ProgressReport, by: User, at: datetime) -> ProgressReport:
    """Takes a submitted report back to its unit, to be changed and submitted again.

    The day of its first filing is kept. `at`: the moment it is taken back.

    Raises Refused if it is not submitted, as after a supervisor has acted on it, if it is public,
    if nothing can be filed now, so that it could not be submitted again, or if the person is no
    reporter of the lead unit.
    """
    report = locked_in_quarter(report, "withdraw")
    if refusal := withdrawal_refusal_reason(report):
        raise Refused(refusal)
    check_open(report, local_day(at))
    lead = reporting_lead(lead_of(report.task), by, "由牵头单位的填报员收回报送。")
    report.status, report.withdrawn_at = TRANSITIONS["withdraw"].target, at
    report.save()
    facts = {"version": report.version, "pace": report.pace}
    actor = by.actor(Role.REPORTER, of=lead.department_id)
    append([report_event("withdraw", report, facts)], by=actor, at=at)
    return report


def withdrawal_refusal_reason(report: ProgressReport) -> str:
    """Why a submitted report cannot be taken back any more, for page and action; empty if it can.

    Whether the quarter still takes reports is asked apart (`can_be_filed`).
    """
    public = _public_line(report)
    if public and (public.self_pace or public.withheld_basis):
        return "这份填报已经公布，不能收回；内容有误的，请提出更正。"
    return ""


@transaction.atomic
def reassess_report(*, report: ProgressReport, by: User, at: datetime) -> ProgressReport:
    """Takes the verdict on a report back, so that it waits for one again.

    The verdict stays among the assessments of the report, but no longer holds. `at`: the moment it
    is taken back.

    Raises Refused if the report has no verdict, if a release with the verdict was prepared or the
    verdict is public, or if the person must recuse themselves.
    """
    report = locked_in_quarter(report, "reassess")
    check_not_recused(report.task, by, "核查")
    if refusal := reassessment_refusal_reason(report):
        raise Refused(refusal)
    verdict = report.assessments.get(is_current=True)
    report.assessments.filter(pk=verdict.pk).update(is_current=False)
    report.status = TRANSITIONS["reassess"].target
    report.save()
    facts = {"version": report.version, "pace": verdict.pace, "how": verdict.how}
    append([report_event("reassess", report, facts)], by=by.actor(Role.SUPERVISOR), at=at)
    return report


def reassessment_refusal_reason(report: ProgressReport) -> str:
    """Why the verdict on a report cannot be taken back any more; empty if it can."""
    if report.period.releases.filter(state=ReleaseState.PREPARED).exists():
        return "报审稿已经准备好，核定不能再改。要改的，请先撤回报审稿。"
    public = _public_line(report)
    if public and (public.assessment_pace or public.withheld_basis):
        return "督查核定已经公布，不能再改；有误的，请提出更正。"
    return ""


@transaction.atomic
def send_back_report(
    *, report: ProgressReport, reason: str, by: User, at: datetime
) -> ProgressReport:
    """Returns a report to its unit, with a reason it can read; a verdict is taken back first.

    `at`: the moment of the return.

    Raises Refused as `return_report` does, and where there is a verdict as `reassess_report` does.
    """
    if report.status == ReportStatus.VERIFIED:
        report = reassess_report(report=report, by=by, at=at)
    return return_report(report=report, reason=reason, by=by, at=at)


def _public_line(report: ProgressReport) -> Publication | None:
    """What the public reads of the task in this period now; None before the release."""
    return (
        Publication.objects.current().filter(task=report.task_id, period=report.period_id).first()
    )
