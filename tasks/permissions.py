"""Who may change what was promised: supervisors, and publishers what is public of it.

Reading what is public is open to everybody.
"""

from django.contrib.auth.models import AnonymousUser

from departments.models import User
from departments.permissions import has_role
from departments.roles import OVERSIGHT_READERS, Role


def can_edit_plan(user: User | AnonymousUser) -> bool:
    return _is_supervisor(user)


def can_import_plan(user: User | AnonymousUser) -> bool:
    """Whether the person may make a draft of a file, and discard it."""
    return _is_supervisor(user)


def can_publish_plan(user: User | AnonymousUser) -> bool:
    """Whether the person may publish a draft, send it back, or withdraw a published plan."""
    return has_role(user, Role.PUBLISHER)


def can_see_imports(user: User | AnonymousUser) -> bool:
    """Whether the page of the files that become plans opens."""
    return can_import_plan(user) or can_publish_plan(user)


def can_designate(user: User | AnonymousUser) -> bool:
    return _is_supervisor(user)


def can_change(user: User | AnonymousUser) -> bool:
    return _is_supervisor(user)


def can_read_changes(user: User | AnonymousUser) -> bool:
    """Whether the staff list of changes opens, with the scans that are not public."""
    return has_role(user, *OVERSIGHT_READERS)


def _is_supervisor(user: User | AnonymousUser) -> bool:
    return has_role(user, Role.SUPERVISOR)
