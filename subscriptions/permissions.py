"""Who may see what is being chased."""

from departments.models import User
from departments.permissions import has_role
from departments.roles import Role


def can_chase(user: User) -> bool:
    return has_role(user, Role.SUPERVISOR)
