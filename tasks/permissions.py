"""Who may change what was promised: supervisors. Reading is open to everybody."""

from departments.models import User
from departments.permissions import holds_post
from departments.roles import OVERSIGHT_READERS, Role


def can_edit_plan(user: User) -> bool:
    return _is_supervisor(user)


def can_designate(user: User) -> bool:
    return _is_supervisor(user)


def can_change(user: User) -> bool:
    return _is_supervisor(user)


def can_read_changes(user: User) -> bool:
    """Whether the staff list of changes opens, with the scans that are not public."""
    return holds_post(user, *OVERSIGHT_READERS)


def _is_supervisor(user: User) -> bool:
    return holds_post(user, Role.SUPERVISOR)
