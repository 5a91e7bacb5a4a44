"""The roles a person can have, and the groups of roles that more than one room asks about."""

from django.db import models


class Role(models.TextChoices):
    """What a person does in a unit."""

    REPORTER = "reporter", "填报员"
    SIGNER = "signer", "审签人"
    SUPERVISOR = "supervisor", "督查员"
    PUBLISHER = "publisher", "发布员"
    CLERK = "clerk", "受理员"
    LEADER = "leader", "区领导"
    AUDITOR = "auditor", "审计员"
    ADMINISTRATOR = "administrator", "系统管理员"


# Those who report and sign for a unit. Where only one of them is addressed, the reporter comes
# first.
UNIT_ROLES = (Role.REPORTER, Role.SIGNER)
# Those who maintain people, units, documents and tasks under /admin/.
UPKEEP_ROLES = (Role.ADMINISTRATOR, Role.SUPERVISOR)
# Those who watch all units and decide what to do about delays.
OVERSIGHT_ROLES = (Role.SUPERVISOR, Role.LEADER)
# Those who may read what every unit does, whether or not they may act on it.
OVERSIGHT_READERS = (*OVERSIGHT_ROLES, Role.AUDITOR)
# Supervisors prepare what the public is told, publishers publish it.
RELEASE_ROLES = (Role.SUPERVISOR, Role.PUBLISHER)
# Without one of these a quarter or a letter goes nowhere.
NEEDED_ROLES = (Role.SUPERVISOR, Role.PUBLISHER, Role.CLERK)
