"""Who may ask for which deed; whether the facts allow it is the action's own question."""

from django.db.models import Exists

from departments.models import User
from departments.permissions import has_role
from departments.roles import OVERSIGHT_READERS, UNIT_ROLES, Role
from progress.models import ProgressReport
from progress.requirements.report import lead_of
from progress.roles import READS_EVERY_UNIT, READS_REPORTS
from tasks.models import Task


def can_sign(user: User, report: ProgressReport) -> bool:
    """A signer of the lead unit; that it is not the author's own report is the action's question."""
    return _of_lead(user, report, Role.SIGNER)


def can_recall(user: User, report: ProgressReport) -> bool:
    """A reporter of the lead unit, whoever of them sent it."""
    return _of_lead(user, report, Role.REPORTER)


def _of_lead(user: User, report: ProgressReport, role: str) -> bool:
    if not has_role(user, role):
        return False
    lead = lead_of(report.task)
    return lead is not None and lead.department_id in user.department_ids(role)


def can_file(user: User) -> bool:
    return has_role(user, Role.REPORTER)


def can_read_reports(user: User) -> bool:
    """Any at all; which of them `ReportQuerySet.visible_to` says."""
    return has_role(user, *READS_REPORTS)


def can_read_every_unit(user: User) -> bool:
    """Tasks of all units, with as much of their reports as `ReportQuerySet.visible_to` says."""
    return has_role(user, *READS_EVERY_UNIT)


def can_ask_for(user: User, task: Task) -> bool:
    """More time and another look are asked for by those who write or sign for a responsible unit."""
    if not has_role(user, *UNIT_ROLES):
        return False
    own = user.department_ids(*UNIT_ROLES)
    return task.responsibilities.in_force().filter(department__in=own).exists()


def can_read_report(user: User, task: Task, period: int | None) -> bool:
    """Those of a responsible unit theirs, begun or not; others what is in their sight. `period` is its id, if any."""
    if period is None or not user.is_authenticated:
        return False
    own = task.responsibilities.in_force().filter(department__in=user.department_ids(*UNIT_ROLES))
    seen = ProgressReport.objects.visible_to(user).filter(task=task, period=period)
    return Task.objects.filter(Exists(own) | Exists(seen), pk=task.pk).exists()


def can_read_breakdown(user: User, task: Task) -> bool:
    return has_role(user, *OVERSIGHT_READERS) or can_ask_for(user, task)


def can_decide_breakdown(user: User) -> bool:
    return has_role(user, Role.SUPERVISOR)


def can_decide_requests(user: User) -> bool:
    return has_role(user, Role.SUPERVISOR)


def can_review(user: User) -> bool:
    """Assess and send back; whether this report by this person is the action's question."""
    return has_role(user, Role.SUPERVISOR)


def can_open_periods(user: User) -> bool:
    return has_role(user, Role.SUPERVISOR)
