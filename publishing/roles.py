"""The lists of roles that work on a release or see it before it is published."""

from departments.roles import Role

# Supervisors prepare a release, publishers publish it; both record its approval.
RELEASE_ROLES = (Role.SUPERVISOR, Role.PUBLISHER)
PREVIEW_ROLES = (*RELEASE_ROLES, Role.LEADER)
