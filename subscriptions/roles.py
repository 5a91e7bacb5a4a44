"""The roles that reminders reach."""

from departments.roles import RELEASE_ROLES, UNIT_ROLES

# Leaders come on top, each for their own portfolio.
REMINDED_ROLES = (*UNIT_ROLES, *RELEASE_ROLES)
# When something is late the signer of the unit is reminded before its reporter.
SIGNERS_FIRST = UNIT_ROLES[::-1]
