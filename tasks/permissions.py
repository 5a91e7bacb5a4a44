"""Who may change what was promised: supervisors. Reading is open to everybody."""

from django.contrib.auth.models import AnonymousUser

from departments.models import User
from departments.permissions import has_role
from departments.roles import OVERSIGHT_READERS, Role


def can_edit_plan(user: User | AnonymousUser) -> bool:
    return _is_supervisor(user)


def can_designate(user: User | AnonymousUser) -> bool:
    return _is_supervisor(user)


def can_change(user: User | AnonymousUser) -> bool:
    return _is_supervisor(user)


def can_read_changes(user: User | AnonymousUser) -> bool:
    """Whether the staff list of changes opens, with the scans that are not public."""
    return has_role(user, *OVERSIGHT_READERS)


def _is_supervisor(user: User | AnonymousUser) -> bool:
    return has_role(user, Role.SUPERVISOR)
