"""Who may see what is being chased."""

from departments.models import Role, User


def can_chase(user: User) -> bool:
    return user.has_role(Role.SUPERVISOR)
