"""Predicates on people, units and the calendar; `has_role` is what those of all rooms use."""

from django.contrib.auth.models import AnonymousUser

from departments.models import User
from departments.roles import UNIT_ROLES, UPKEEP_ROLES, Role


def has_role(user: User | AnonymousUser, *roles: str) -> bool:
    """Whether the person holds one of these roles in any unit today; a visitor holds none."""
    return user.is_authenticated and user.has_role(*roles)


def is_leader(user: User | AnonymousUser) -> bool:
    """Whether the person is a district leader."""
    return has_role(user, Role.LEADER)


def is_reporter_or_signer(user: User | AnonymousUser) -> bool:
    """Whether the person is a reporter or a signer in any unit."""
    return has_role(user, *UNIT_ROLES)


def can_maintain_reference_data(user: User | AnonymousUser) -> bool:
    """Whether the person may change people, units and the calendar."""
    return has_role(user, Role.ADMINISTRATOR)


def can_enter_reference_data(user: User | AnonymousUser) -> bool:
    """Whether /admin/ opens: administrators find people there, supervisors documents and tasks."""
    return has_role(user, *UPKEEP_ROLES)


def can_read_internal_record(user: User | AnonymousUser) -> bool:
    """Whether the person may read the ledger entries that are not public."""
    return has_role(user, Role.AUDITOR)


def can_read_sign_ins(user: User | AnonymousUser) -> bool:
    """Whether the person may read who signed in, from where, and which attempts failed."""
    return has_role(user, Role.AUDITOR, Role.ADMINISTRATOR)


def can_see_coverage(user: User | AnonymousUser) -> bool:
    """Whether the person may see which units lack people to report or sign."""
    return has_role(user, *UPKEEP_ROLES)


def can_hand_over_own_membership(user: User | AnonymousUser) -> bool:
    """Whether the person is a reporter, who may hand over to a colleague."""
    return has_role(user, Role.REPORTER)


def can_hand_over(user: User | AnonymousUser) -> bool:
    """Whether the person may end a reporter's membership: their own, as administrator anybody's."""
    return can_hand_over_own_membership(user) or can_maintain_reference_data(user)
