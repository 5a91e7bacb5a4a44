"""Who may ask for which deed; whether the facts allow it is the action's own question."""

from departments.models import Role, User
from progress.models import ProgressReport
from progress.requirements.report import lead_of
from tasks.models import Task


def can_sign(user: User, report: ProgressReport) -> bool:
    """A signer of the lead unit; that it is not the author's own report is the action's question."""
    return _of_lead(user, report, Role.SIGNER)


def can_recall(user: User, report: ProgressReport) -> bool:
    """A reporter of the lead unit, whoever of them sent it."""
    return _of_lead(user, report, Role.REPORTER)


def _of_lead(user: User, report: ProgressReport, role: str) -> bool:
    lead = lead_of(report.task)
    return lead is not None and lead.department_id in user.departments_as(role)


def can_file(user: User) -> bool:
    return user.has_role(Role.REPORTER)


def can_ask_for(user: User, task: Task) -> bool:
    """More time and another look are asked for by those who write or sign for a responsible unit."""
    own = user.departments_as(Role.REPORTER, Role.SIGNER)
    return task.responsibilities.in_force().filter(department__in=own).exists()


def can_read_report(user: User, task: Task, period: int | None) -> bool:
    """Those of a responsible unit theirs, begun or not; others what is in their sight. `period` is its id, if any."""
    seen = ProgressReport.objects.visible_to(user).filter(task=task, period=period)
    return period is not None and (can_ask_for(user, task) or seen.exists())


def can_read_breakdown(user: User, task: Task) -> bool:
    return user.has_role(Role.SUPERVISOR, Role.LEADER, Role.AUDITOR) or can_ask_for(user, task)


def can_decide_breakdown(user: User) -> bool:
    return user.has_role(Role.SUPERVISOR)


def can_decide_requests(user: User) -> bool:
    return user.has_role(Role.SUPERVISOR)


def can_review(user: User, report: ProgressReport) -> bool:
    return user.has_role(Role.SUPERVISOR)


def can_open_periods(user: User) -> bool:
    return user.has_role(Role.SUPERVISOR)
