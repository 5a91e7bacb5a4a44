"""The lists of roles that read slips and coordination items; querysets and predicates share them."""

from departments.roles import OVERSIGHT_READERS, UNIT_ROLES

READS_EVERY_UNIT = OVERSIGHT_READERS
# People of the units read only what concerns their own units.
READS_FOLLOW_UP = (*UNIT_ROLES, *READS_EVERY_UNIT)
