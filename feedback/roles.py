"""Which roles read letters and sit at their desks, for assignment, querysets and permissions."""

from departments.roles import UNIT_ROLES, Role

# The desk a ticket comes to, and the one that stands in for it; complaints come the other way
# round.
DESK = (Role.CLERK, Role.SUPERVISOR)
COMPLAINT_DESK = DESK[::-1]
# Leaders screen nothing, but they are notified where neither desk may look.
LAST_RESORT = (Role.LEADER,)
NOTIFIED_ROLES = (*DESK, *LAST_RESORT)
# Those who speak with the person who wrote.
CONTACT_ROLES = (*DESK, Role.REPORTER)
READS_ALL = (Role.CLERK, Role.LEADER, Role.AUDITOR)
# Supervisors read complaints and what was escalated, those of the units what was forwarded to them.
READS_TICKETS = (*UNIT_ROLES, Role.SUPERVISOR, *READS_ALL)
