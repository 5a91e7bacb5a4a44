"""Who may do what to the promises. Reading is open to everybody; writing is the supervisors'."""

from departments.models import User
from departments.permissions import holds_post
from departments.roles import OVERSIGHT_READERS, Role


def can_edit_plan(user: User) -> bool:
    return _supervises(user)


def can_designate(user: User) -> bool:
    return _supervises(user)


def can_change(user: User) -> bool:
    return _supervises(user)


def can_read_changes(user: User) -> bool:
    return holds_post(user, *OVERSIGHT_READERS)


def _supervises(user: User) -> bool:
    return holds_post(user, Role.SUPERVISOR)
