"""Which roles bring a release to the public."""

from departments.roles import Role

# The one prepares, the other publishes; both keep the papers of it.
RELEASE_ROLES = (Role.SUPERVISOR, Role.PUBLISHER)
PREVIEW_ROLES = (*RELEASE_ROLES, Role.LEADER)
