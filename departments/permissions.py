"""Who may do what to people, units and the calendar."""

from departments.models import Role, User


def can_maintain_reference_data(user: User) -> bool:
    return user.is_authenticated and user.has_role(Role.ADMINISTRATOR)


def can_read_internal_record(user: User) -> bool:
    return user.is_authenticated and user.has_role(Role.AUDITOR)


def can_see_coverage(user: User) -> bool:
    return user.is_authenticated and user.has_role(Role.SUPERVISOR, Role.ADMINISTRATOR)


def can_hand_over(user: User) -> bool:
    """The own post, or as administrator anybody's."""
    return user.is_authenticated and user.has_role(Role.REPORTER, Role.ADMINISTRATOR)
