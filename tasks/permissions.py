"""Who may change what was promised: supervisors. Reading is open to everybody."""

from departments.models import User
from departments.permissions import has_role
from departments.roles import OVERSIGHT_READERS, Role


def can_edit_plan(user: User) -> bool:
    return _is_supervisor(user)


def can_designate(user: User) -> bool:
    return _is_supervisor(user)


def can_change(user: User) -> bool:
    return _is_supervisor(user)


def can_read_changes(user: User) -> bool:
    """Whether the staff list of changes opens, with the scans that are not public."""
    return has_role(user, *OVERSIGHT_READERS)


def _is_supervisor(user: User) -> bool:
    return has_role(user, Role.SUPERVISOR)
