"""Who may do what to the promises. Reading is open to everybody; writing is the supervisors'."""

from departments.models import Role, User


def can_edit_plan(user: User) -> bool:
    return _supervises(user)


def can_designate(user: User) -> bool:
    return _supervises(user)


def can_change(user: User) -> bool:
    return _supervises(user)


def can_read_changes(user: User) -> bool:
    return user.has_role(Role.SUPERVISOR, Role.LEADER, Role.AUDITOR)


def _supervises(user: User) -> bool:
    return user.is_authenticated and user.has_role(Role.SUPERVISOR)
