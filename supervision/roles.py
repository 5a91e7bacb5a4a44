"""The roles that read slips and coordination items, for querysets and predicates alike."""

from departments.roles import OVERSIGHT_READERS, UNIT_ROLES

READS_EVERY_UNIT = OVERSIGHT_READERS
# People of the units read only what concerns their own units.
READS_FOLLOW_UP = (*UNIT_ROLES, *READS_EVERY_UNIT)
