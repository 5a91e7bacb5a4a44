"""Questions to the table of slips."""

from typing import Self

from django.db import models

from departments.models import User
from departments.roles import UNIT_ROLES
from supervision.choices import AWAITING_REPLY, ENDED, SlipState
from supervision.roles import READS_EVERY_UNIT
from tasks.querysets import source_document_fields


class SlipQuerySet(models.QuerySet):
    """Slips by their state and by the people who may see them."""

    def visible_to(self, user: User) -> Self:
        """All slips for supervisors, leaders and auditors; for people of a unit those to it.

        Slips to a unit that is related to it by a merger are included.
        """
        if user.has_role(*READS_EVERY_UNIT):
            return self
        return self.filter(department__in=user.related_units_as(*UNIT_ROLES))

    def open(self) -> Self:
        """Those that are neither closed nor withdrawn."""
        return self.exclude(state__in=ENDED)

    def withdrawn(self) -> Self:
        return self.filter(state=SlipState.WITHDRAWN)

    def not_withdrawn(self) -> Self:
        """Those that were not issued in error."""
        return self.exclude(state=SlipState.WITHDRAWN)

    def awaiting_reply(self) -> Self:
        """Those to which the unit has to reply, for the first time or again."""
        return self.filter(state__in=AWAITING_REPLY)

    def with_related(self) -> Self:
        """With task, plan, units and issuer, without long texts."""
        rows = self.select_related("task__plan", "department", "unit", "issued_by")
        return rows.defer(*source_document_fields("task__plan"), "task__search_text")
