"""Who may see which units have not reported."""

from departments.models import User
from departments.permissions import has_role
from departments.roles import Role


def can_chase(user: User) -> bool:
    """Whether the person may see the page that chases missing reports."""
    return has_role(user, Role.SUPERVISOR)
