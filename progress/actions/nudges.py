"""Nudging a silent partner: the lead unit of a joint item asks for its part, on record."""

from datetime import date, datetime

from django.db import transaction

from common.errors import Refused
from common.time.days import local_day
from departments.models import Department, User
from departments.roles import Role
from ledger.actions import LedgerEvent, append
from progress.actions.locks import locked, report_subject
from progress.actions.reports import check_open, reporting_lead
from progress.models import Nudge, ProgressReport, ReportingPeriod
from progress.requirements.loading import requirements_for
from progress.requirements.report import ReportRequirements
from progress.transitions import MOVES
from tasks.models import Task


@transaction.atomic
def nudge_partner(
    *, task: Task, period: ReportingPeriod, department: Department, by: User, at: datetime
) -> Nudge:
    """Asks a supporting unit for its part of the report, at most once a day.

    From the next day on the report may be submitted before its due day without that part.
    `department`: the unit that is asked. `at`: the moment of asking.

    Raises Refused if nothing can be filed now, if the report was submitted or is being signed, if
    the person is no reporter of the lead unit, if the unit is no partner or has filed its part, or
    if it was asked today already.
    """
    requirements = requirements_for(task, locked(period))
    report = requirements.report or ProgressReport(task=task, period=requirements.period)
    if report.status not in MOVES["save_draft"]:
        raise Refused(f"这份填报现在是“{report.get_status_display()}”，不用再催。")
    check_open(report, local_day(at))
    lead = reporting_lead(requirements.lead, by, "由牵头单位的填报员催交。")
    if refusal := _refusal_reason(requirements, department, local_day(at)):
        raise Refused(refusal)
    nudge = Nudge.objects.create(
        task=task,
        period=period,
        department=department,
        lead=lead.department,
        nudged_by=by,
        nudged_at=at,
        nudged_on=local_day(at),
    )
    facts = {"department": department.slug}
    event = LedgerEvent("nudge", "report", report_subject(nudge), facts, public=False)
    append([event], by=by.actor(Role.REPORTER, of=lead.department_id), at=at)
    return nudge


def _refusal_reason(requirements: ReportRequirements, department: Department, today: date) -> str:
    """Why the unit is not to be asked on this day; empty if it may be."""
    name = department.short_name
    if department.pk not in {row.department_id for row in requirements.silent}:
        return f"{name}不是还没有交部分的配合单位，不用催。"
    last = requirements.nudges.get(department.pk)
    return f"今天已经催过{name}，明天可以再催。" if last and last.nudged_on >= today else ""
