"""Actions of signing (审签): in units that require it, a second person signs before submission."""

from datetime import datetime

from django.db import transaction

from common.errors import Refused
from common.time.days import local_day
from departments.models import Membership, User
from departments.roles import UNIT_ROLES, Role
from ledger.actions import append
from progress.actions.locks import locked_in_quarter, locked_report, report_event
from progress.actions.reports import (
    check_open,
    complete_requirements,
    record_submission,
    reporting_lead,
)
from progress.choices import ReportStatus
from progress.models import ProgressReport
from progress.requirements.loading import requirements_for
from progress.requirements.report import ReportRequirements
from progress.transitions import TRANSITIONS


def author_ids(report: ProgressReport, lead: int) -> set[int]:
    """Ids of the people who filed the lead unit's part. `lead`: the id of that unit."""
    return {part.filed_by_id for part in report.contributions.all() if part.department_id == lead}


def authored_by(report: ProgressReport, lead: int, user: User) -> bool:
    """Whether the person sent the report to be signed, or filed the lead unit's part of it.

    `lead`: the id of the lead unit.
    """
    return user.pk == report.sent_by_id or user.pk in author_ids(report, lead)


@transaction.atomic
def send_to_sign(*, report: ProgressReport, by: User, at: datetime) -> ProgressReport:
    """Sends a complete report to the lead unit's signers; it cannot be edited meanwhile.

    `at`: the moment it is sent.

    Raises Refused if it is no draft, if nothing can be filed now, if the person is not of the lead
    unit, with the list of what is missing, if the unit's reports are not signed, or if it has no
    signer other than the authors.
    """
    report = locked_in_quarter(report, "send_to_sign")
    requirements = complete_requirements(report, by=by, at=at)
    lead = requirements.lead_unit
    if not lead.signs_reports:
        raise Refused(f"{lead.short_name}的填报不用审签，请直接报送。")
    signers = Membership.objects.current().of_role(Role.SIGNER).filter(department=lead)
    authors = author_ids(requirements.begun_report, lead.pk)
    if not signers.exclude(user__in=authors | {by.pk}).exists():
        raise Refused(
            f"{lead.short_name}还没有另一位审签人，请系统管理员先登记。审签人不能是填报人本人。"
        )
    report.status, report.pace = TRANSITIONS["send_to_sign"].target, requirements.pace
    report.sent_by, report.sent_at = by, at
    report.signed_by = report.signed_at = None
    report.hand_back_reason = ""
    report.save()
    actor = by.actor(*UNIT_ROLES, of=lead.pk)
    append([report_event("send_to_sign", report, _facts(report))], by=actor, at=at)
    return report


@transaction.atomic
def sign_report(*, report: ProgressReport, by: User, at: datetime) -> ProgressReport:
    """Signs a report and thereby submits it to the supervisor. `at`: the moment it counts as filed.

    Raises Refused if it was not sent to be signed, if nothing can be filed now, with the list of
    what is missing, if the person is no signer of the lead unit, or is an author of the report.
    """
    report = locked_in_quarter(report, "sign")
    requirements = complete_requirements(report, by=by, at=at)
    _check_signs_for_lead(requirements, by)
    if authored_by(requirements.begun_report, requirements.lead_unit.pk, by):
        raise Refused("您填报或送审过这份填报，请由另一位审签人审签。")
    report.signed_by, report.signed_at = by, at
    return record_submission(report, requirements, "sign", by=by, at=at)


@transaction.atomic
def hand_back_report(
    *, report: ProgressReport, reason: str, by: User, at: datetime
) -> ProgressReport:
    """Returns a report from the signers to its authors, with a reason they can read.

    Its status is again that before it was sent. `at`: the moment of the return.

    Raises Refused if it was not sent to be signed, the person is no signer of the lead unit, or the
    reason is empty.
    """
    report = locked_report(report, "hand_back")
    requirements = requirements_for(report.task, report.period)
    _check_signs_for_lead(requirements, by)
    if not reason.strip():
        raise Refused("退回填报员请写明理由，填报员会看到。")
    report.status = _status_before_sending(report)
    report.hand_back_reason = reason.strip()
    report.save()
    actor = by.actor(Role.SIGNER, of=requirements.lead_unit.pk)
    append([report_event("hand_back", report, _facts(report))], by=actor, at=at)
    return report


@transaction.atomic
def recall_report(*, report: ProgressReport, by: User, at: datetime) -> ProgressReport:
    """Takes a report back from the signers, to be changed and sent again.

    Its status is again that before it was sent. `at`: the moment of the recall.

    Raises Refused if it was not sent to be signed, if nothing can be filed now, so that it could
    not be sent again, or if the person is no reporter of the lead unit.
    """
    report = locked_in_quarter(report, "recall")
    check_open(report, local_day(at))
    requirements = requirements_for(report.task, report.period)
    lead = reporting_lead(requirements.lead, by, "由牵头单位的填报员收回修改。")
    report.status = _status_before_sending(report)
    report.save()
    actor = by.actor(Role.REPORTER, of=lead.department_id)
    append([report_event("recall", report, _facts(report))], by=actor, at=at)
    return report


def _status_before_sending(report: ProgressReport) -> ReportStatus:
    return ReportStatus.RETURNED if report.answers_a_return else ReportStatus.DRAFT


def _check_signs_for_lead(requirements: ReportRequirements, by: User) -> None:
    """Raises Refused if the person is no signer of the lead, which may have changed since."""
    if requirements.lead is None or requirements.lead.department_id not in by.department_ids(
        Role.SIGNER
    ):
        raise Refused("由牵头单位的审签人审签。")


def _facts(report: ProgressReport) -> dict[str, object]:
    return {"version": report.version, "pace": report.pace}
