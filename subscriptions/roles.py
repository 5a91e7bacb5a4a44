"""Whom reminders reach."""

from departments.roles import UNIT_ROLES
from publishing.roles import RELEASE_ROLES

# Leaders come on top, each for the units looked after.
REMINDED_ROLES = (*UNIT_ROLES, *RELEASE_ROLES)
# When something is late the head of the unit is asked before the one who writes.
HEADS_FIRST = UNIT_ROLES[::-1]
