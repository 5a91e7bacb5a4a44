"""Who may ask for which deed; whether the facts allow it is the action's own question."""

from departments.models import Role, User
from progress.models import ProgressReport
from tasks.models import Task


def units_filing(user: User, task: Task) -> set[int]:
    """Ids of the responsible units for which the person files this task."""
    own = user.departments_as(Role.REPORTER)
    return set(task.responsibilities.in_force().filter(department__in=own).values_list("department_id", flat=True))


def can_file(user: User) -> bool:
    return user.has_role(Role.REPORTER)


def can_review(user: User, report: ProgressReport) -> bool:
    return user.has_role(Role.SUPERVISOR)


def can_open_periods(user: User) -> bool:
    return user.has_role(Role.SUPERVISOR)


def can_prepare_release(user: User) -> bool:
    return user.has_role(Role.SUPERVISOR)


def can_publish(user: User) -> bool:
    return user.has_role(Role.PUBLISHER)


def can_preview_release(user: User) -> bool:
    return user.has_role(Role.SUPERVISOR, Role.PUBLISHER, Role.LEADER)
