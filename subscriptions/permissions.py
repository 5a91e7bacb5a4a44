"""Who may see what is being chased."""

from departments.models import User
from departments.permissions import holds_post
from departments.roles import Role


def can_chase(user: User) -> bool:
    return holds_post(user, Role.SUPERVISOR)
