"""Who reads slips and matters for coordination, for the querysets and the predicates alike."""

from departments.roles import OVERSIGHT_READERS, UNIT_ROLES

READS_EVERY_UNIT = OVERSIGHT_READERS
# Those of the units read what is about their own units.
READS_FOLLOW_UP = (*UNIT_ROLES, *READS_EVERY_UNIT)
