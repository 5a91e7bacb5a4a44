"""The lists of roles that work on a release or see it before it is published."""

from departments.roles import RELEASE_ROLES, Role

PREVIEW_ROLES = (*RELEASE_ROLES, Role.LEADER)
