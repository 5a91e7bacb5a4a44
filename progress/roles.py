"""Whose reports which roles read, for the queryset and the predicates alike."""

from departments.roles import OVERSIGHT_ROLES, UNIT_ROLES, Role

READS_FROM_SUBMITTED = OVERSIGHT_ROLES
READS_FROM_VERIFIED = (Role.PUBLISHER,)
READS_FROM_FIRST_DRAFT = (Role.AUDITOR,)
READS_EVERY_UNIT = (*READS_FROM_SUBMITTED, *READS_FROM_VERIFIED, *READS_FROM_FIRST_DRAFT)
# Those of the units read what their own units answer for.
READS_REPORTS = (*UNIT_ROLES, *READS_EVERY_UNIT)
