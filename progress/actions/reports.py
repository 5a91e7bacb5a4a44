"""Actions on progress reports: saving a draft and submitting it."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from common.errors import Refused, Stale
from common.text.canonical import canonical
from common.time.days import local_day
from departments.models import Department, User
from departments.roles import UNIT_ROLES, Role
from ledger.actions import append
from progress.actions.locks import locked_in_quarter, report_event
from progress.choices import Pace
from progress.models import Contribution, Finding, ProgressReport, Reading, ReportingPeriod
from progress.requirements.deadlines import can_be_filed, deadline_for
from progress.requirements.loading import requirements_for
from progress.requirements.report import ReportRequirements
from progress.transitions import MOVES, TRANSITIONS
from tasks.models import Commitment, Responsibility, Task


@dataclass(frozen=True)
class Filing:
    """What one unit typed into its part of a report.

    Commitments and indicators that are left out of `findings` and `readings` stay as they were.
    """

    narrative: str = ""
    pace: str = ""
    pace_reason: str = ""
    no_progress_reason: str = ""
    contradiction_reason: str = ""
    help_needed: str = ""
    # commitment id -> (pace, note)
    findings: dict[int, tuple[str, str]] = field(default_factory=dict)
    # All remaining commitments without an answer of their own are confirmed as on course.
    remaining_on_course: bool = False
    # indicator id -> (value or None to clear it, note)
    readings: dict[int, tuple[Decimal | None, str]] = field(default_factory=dict)
    # n<commitment>, r<indicator> or t<indicator> -> text that is no answer yet; for the form only
    unparsed: dict[str, str] = field(default_factory=dict)

    @property
    def cleared(self) -> set[int]:
        """Ids of the commitments whose self-assessment was taken back."""
        return {pk for pk, (pace, _) in self.findings.items() if not pace}


# The fields of the report itself, which only the lead unit fills in.
OVERALL_FIELDS = (
    "pace",
    "pace_reason",
    "no_progress_reason",
    "contradiction_reason",
    "help_needed",
)


@transaction.atomic
def save_draft(
    *,
    task: Task,
    period: ReportingPeriod,
    department: Department,
    filing: Filing,
    expected_version: int,
    by: User,
    at: datetime,
) -> ProgressReport:
    """Saves what one unit typed in the draft, which is begun if there is none; no ledger entry.

    The overall fields are saved only for the lead unit. `expected_version`: the version of the
    report the form was built from. `at`: the moment of saving.

    Raises Refused if the unit cannot write now (`check_may_write`), Stale if somebody saved the
    report since `expected_version`.
    """
    report, _ = ProgressReport.objects.select_for_update().get_or_create(task=task, period=period)
    check_may_write(report, department, local_day(at))
    if report.version != expected_version:
        raise Stale(
            "您打开之后，这份填报已被另一个窗口或同事保存过。下面保留了您填写的内容，请核对后再保存。"
        )
    requirements = requirements_for(task, period)
    unparsed = canonical(filing.unparsed) if filing.unparsed else ""
    contribution, _ = Contribution.objects.update_or_create(
        report=report,
        department=department,
        defaults={
            "narrative": filing.narrative,
            "unparsed_answers": unparsed,
            "filed_by": by,
            "filed_at": at,
        },
    )
    # Supporting units write their own part only.
    if requirements.is_led_by(department):
        for name in OVERALL_FIELDS:
            setattr(report, name, getattr(filing, name))
    report.version += 1
    report.save()
    _save_findings(requirements, contribution, filing)
    _save_readings(requirements, contribution, filing)
    return report


def check_may_write(report: ProgressReport, department: Department, today: date) -> None:
    """Raises Refused if the unit cannot write the report on this day.

    By the report's status, by the period and its deadlines, or because it is not responsible.
    """
    if report.status not in MOVES["save_draft"]:
        raise Refused(
            f"这份填报现在是“{report.get_status_display()}”，不能再改。需要修改请联系督查室退回。"
        )
    check_open(report, today)
    check_answers_for(report.task, department)


def check_answers_for(task: Task, department: Department) -> None:
    """Raises Refused if the unit is not responsible for the task."""
    if not task.responsibilities.in_force().filter(department=department).exists():
        raise Refused(f"{department.short_name}不是这项任务的责任单位。")


def reporting_lead(lead: Responsibility | None, by: User, refusal: str) -> Responsibility:
    """The lead of an item, for a person who reports for its unit; the lead may have changed since
    the page was shown. Raises Refused with the given sentence for everybody else.
    """
    if lead is None or lead.department_id not in by.department_ids(Role.REPORTER):
        raise Refused(refusal)
    return lead


def check_open(report: ProgressReport, today: date) -> None:
    """Raises Refused if the task ended before the period,
    or if nothing can be filed on this day.
    """
    period = report.period
    if not Task.objects.not_closed_before(period.first_day).filter(pk=report.task_id).exists():
        raise Refused("这项任务已经终止、合并或拆分，这一期不再要求报送。")
    if not can_be_filed(deadline_for(report.task, period), report, today=today):
        raise Refused(f"{period.label}现在不能填报（{period.get_state_display()}）。")


def _save_findings(
    requirements: ReportRequirements, contribution: Contribution, filing: Filing
) -> None:
    rows = _chosen_findings(requirements, contribution, filing)
    if filing.remaining_on_course:
        # A remaining commitment that is not on course has an answer of its own.
        chosen = {row.commitment_id for row in rows}
        rows += [
            _build_finding(contribution, commitment, Pace.ON_COURSE, by_default=True)
            for commitment in _unanswered_remaining(requirements, filing)
            if commitment.pk not in chosen
        ]
    Finding.objects.filter(report=contribution.report, commitment__in=filing.cleared).delete()
    Finding.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["report", "commitment"],
        update_fields=["contribution", "pace", "note", "wording_as_filed", "by_default"],
    )


def _chosen_findings(
    requirements: ReportRequirements, contribution: Contribution, filing: Filing
) -> list[Finding]:
    commitments = {commitment.pk: commitment for commitment in requirements.commitments}
    return [
        _build_finding(contribution, commitments[pk], pace, note)
        for pk, (pace, note) in filing.findings.items()
        if pk in commitments and pace
    ]


def _unanswered_remaining(requirements: ReportRequirements, filing: Filing) -> list[Commitment]:
    """The remaining commitments without a finding before this filing, and without half a one now.

    Those whose finding this filing clears count as unanswered.
    """
    answered = set(requirements.findings) - filing.cleared
    return [
        commitment
        for commitment in requirements.remaining
        if commitment.pk not in answered and f"n{commitment.pk}" not in filing.unparsed
    ]


def _build_finding(
    contribution: Contribution,
    commitment: Commitment,
    pace: str,
    note: str = "",
    *,
    by_default: bool = False,
) -> Finding:
    return Finding(
        report=contribution.report,
        contribution=contribution,
        commitment=commitment,
        pace=pace,
        note=note,
        wording_as_filed=commitment.text,
        by_default=by_default,
    )


def _save_readings(
    requirements: ReportRequirements, contribution: Contribution, filing: Filing
) -> None:
    report = contribution.report
    Reading.objects.bulk_create(
        _filled_readings(requirements, contribution, filing),
        update_conflicts=True,
        unique_fields=["report", "indicator"],
        update_fields=["contribution", "value", "note"],
    )
    cleared = [pk for pk, (value, _) in filing.readings.items() if value is None]
    Reading.objects.filter(report=report, indicator__in=cleared).delete()


def _filled_readings(
    requirements: ReportRequirements, contribution: Contribution, filing: Filing
) -> list[Reading]:
    indicators = {number.indicator.pk: number.indicator for number in requirements.numbers}
    return [
        Reading(
            report=contribution.report,
            contribution=contribution,
            indicator=indicators[pk],
            value=value,
            note=note,
        )
        for pk, (value, note) in filing.readings.items()
        if pk in indicators and value is not None
    ]


@transaction.atomic
def submit_report(*, report: ProgressReport, by: User, at: datetime) -> ProgressReport:
    """Submits a complete report to the supervisor. `at`: the moment it counts as filed.

    Raises Refused if it is no draft, if nothing can be filed now, if the person is not of the lead
    unit, if the unit's reports must be signed first, or with the list of what is missing.
    """
    report = locked_in_quarter(report, "submit")
    requirements = complete_requirements(report, by=by, at=at)
    if requirements.lead_unit.signs_reports:
        raise Refused("本单位的填报须先审签：请送审签。")
    # A signature under an earlier submission does not cover this one.
    report.sent_by = report.sent_at = report.signed_by = report.signed_at = None
    report.hand_back_reason = ""
    return record_submission(report, requirements, "submit", by=by, at=at)


def complete_requirements(report: ProgressReport, *, by: User, at: datetime) -> ReportRequirements:
    """The requirements of a locked report that this person may submit or send to be signed now.

    Raises Refused if nothing can be filed now, if the person is not of the lead unit, or with the
    list of what is missing.
    """
    check_open(report, local_day(at))
    requirements = requirements_for(report.task, report.period)
    if requirements.lead and requirements.lead.department_id not in by.department_ids(*UNIT_ROLES):
        raise Refused(
            f"由牵头单位{requirements.lead.department.short_name}报送，您可以先保存本单位的部分。"
        )
    if missing := requirements.missing(local_day(at)):
        raise Refused(*missing)
    return requirements


def record_submission(
    report: ProgressReport, requirements: ReportRequirements, verb: str, *, by: User, at: datetime
) -> ProgressReport:
    """Marks a report as submitted and appends the ledger event, inside the caller's transaction.

    `verb`: the transition that submits it, "submit" or "sign". `at`: the moment it counts as filed.
    """
    report.status, report.pace = TRANSITIONS[verb].target, requirements.pace
    report.submitted_by, report.submitted_at = by, at
    report.first_submitted_at = report.first_submitted_at or at
    report.withdrawn_at = None
    report.save()
    facts: dict[str, object] = {
        "version": report.version,
        "pace": report.pace,
        "commitments": len(requirements.findings),
    }
    if silent := requirements.silent:
        facts["silent_units"] = [row.department.slug for row in silent]
    roles = (Role.SIGNER,) if verb == "sign" else UNIT_ROLES
    actor = by.actor(*roles, of=requirements.lead_unit.pk)
    append([report_event(verb, report, facts)], by=actor, at=at)
    return report
