"""The posts a person can hold, and the groups of them that more than one room asks about."""

from django.db import models


class Role(models.TextChoices):
    REPORTER = "reporter", "填报员"
    SIGNER = "signer", "审签人"
    SUPERVISOR = "supervisor", "督查员"
    PUBLISHER = "publisher", "发布员"
    CLERK = "clerk", "受理员"
    LEADER = "leader", "区领导"
    AUDITOR = "auditor", "审计员"
    ADMINISTRATOR = "administrator", "系统管理员"


# Those who write and sign for a unit. Where only one of them is addressed, the writer comes first.
UNIT_ROLES = (Role.REPORTER, Role.SIGNER)
# Those who keep people, units, documents and tasks in order behind /admin/.
UPKEEP_ROLES = (Role.ADMINISTRATOR, Role.SUPERVISOR)
# Those who look at all units at once and decide what to do about what is behind.
OVERSIGHT_ROLES = (Role.SUPERVISOR, Role.LEADER)
# Those who read what every unit does, whether or not they may do anything about it.
OVERSIGHT_READERS = (*OVERSIGHT_ROLES, Role.AUDITOR)
