"""Who may do what to the promises. Reading is open to everybody; writing is the supervisors'."""

from departments.models import User
from departments.permissions import has_role
from departments.roles import OVERSIGHT_READERS, Role


def can_edit_plan(user: User) -> bool:
    return _supervises(user)


def can_designate(user: User) -> bool:
    return _supervises(user)


def can_change(user: User) -> bool:
    return _supervises(user)


def can_read_changes(user: User) -> bool:
    return has_role(user, *OVERSIGHT_READERS)


def _supervises(user: User) -> bool:
    return has_role(user, Role.SUPERVISOR)
