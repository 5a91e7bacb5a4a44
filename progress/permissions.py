"""Who may take which action on reports, by role; the action itself checks the facts."""

from django.db.models import Exists

from departments.models import User
from departments.permissions import has_role
from departments.roles import OVERSIGHT_READERS, OVERSIGHT_ROLES, UNIT_ROLES, Role
from progress.models import ProgressReport
from progress.requirements.report import lead_of
from progress.roles import READS_EVERY_UNIT, READS_REPORTS
from tasks.models import Task


def can_sign(user: User, report: ProgressReport) -> bool:
    """A signer of the lead unit; the action refuses those who wrote the report themselves."""
    return _has_role_in_lead(user, report.task, Role.SIGNER)


def can_recall(user: User, report: ProgressReport) -> bool:
    """Take a report back, from the signers or from the supervisors.

    Any reporter of the lead unit, not only the one who sent it.
    """
    return _has_role_in_lead(user, report.task, Role.REPORTER)


def can_nudge(user: User, task: Task) -> bool:
    """Ask the partners of a joint item for their parts: any reporter of the lead unit."""
    return _has_role_in_lead(user, task, Role.REPORTER)


def _has_role_in_lead(user: User, task: Task, role: str) -> bool:
    if not has_role(user, role):
        return False
    lead = lead_of(task)
    return lead is not None and lead.department_id in user.department_ids(role)


def can_file(user: User) -> bool:
    """Write and submit reports of the own unit."""
    return has_role(user, Role.REPORTER)


def can_read_reports(user: User) -> bool:
    """Read reports at all; `ReportQuerySet.visible_to` says which."""
    return has_role(user, *READS_REPORTS)


def can_read_every_unit(user: User) -> bool:
    """Read the tasks of all units; `ReportQuerySet.visible_to` says which of their reports."""
    return has_role(user, *READS_EVERY_UNIT)


def can_ask_for(user: User, task: Task) -> bool:
    """Request an extension or an objection: those who report or sign for a responsible unit."""
    if not has_role(user, *UNIT_ROLES):
        return False
    own = user.department_ids(*UNIT_ROLES)
    return task.responsibilities.in_force().filter(department__in=own).exists()


def can_read_report(user: User, task: Task, period: int | None) -> bool:
    """Read the report of a task in a period (its id), begun or not for the responsible units.

    Others read what `ReportQuerySet.visible_to` says. Without a period, nobody.
    """
    if period is None or not user.is_authenticated:
        return False
    own = task.responsibilities.in_force().filter(department__in=user.department_ids(*UNIT_ROLES))
    visible = ProgressReport.objects.visible_to(user).filter(task=task, period=period)
    return Task.objects.filter(Exists(own) | Exists(visible), pk=task.pk).exists()


def can_read_breakdown(user: User, task: Task) -> bool:
    """Read the breakdown of a task before it is confirmed: oversight and the responsible units."""
    return has_role(user, *OVERSIGHT_READERS) or can_ask_for(user, task)


def can_decide_breakdown(user: User) -> bool:
    """Confirm or return proposed breakdowns."""
    return has_role(user, Role.SUPERVISOR)


def can_decide_requests(user: User) -> bool:
    """Answer extension requests and unlock reports of closed periods."""
    return has_role(user, Role.SUPERVISOR)


def can_review(user: User) -> bool:
    """Assess and return reports; the action refuses those who must recuse themselves."""
    return has_role(user, Role.SUPERVISOR)


def can_open_periods(user: User) -> bool:
    """Open and close reporting periods, and propose to close one early."""
    return has_role(user, Role.SUPERVISOR)


def can_confirm_early_closing(user: User) -> bool:
    """Confirm or withdraw what another person proposed; the action asks that it is another one."""
    return has_role(user, *OVERSIGHT_ROLES)
