"""Which roles read whose reports; the queryset and the permission predicates share these lists."""

from departments.roles import OVERSIGHT_ROLES, UNIT_ROLES, Role

# From which status of a report on these roles read the reports of every unit.
READS_FROM_SUBMITTED = OVERSIGHT_ROLES
READS_FROM_VERIFIED = (Role.PUBLISHER,)
READS_FROM_FIRST_DRAFT = (Role.AUDITOR,)
READS_EVERY_UNIT = (*READS_FROM_SUBMITTED, *READS_FROM_VERIFIED, *READS_FROM_FIRST_DRAFT)
# The roles of a unit read the reports on tasks their own unit is responsible for.
READS_REPORTS = (*UNIT_ROLES, *READS_EVERY_UNIT)
