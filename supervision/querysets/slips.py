from django.db import models

from departments.models import User
from departments.roles import UNIT_ROLES
from supervision.choices import AWAITING_REPLY, ENDED, SlipState
from supervision.roles import READS_EVERY_UNIT
from tasks.querysets import source_document_fields


class SlipQuerySet(models.QuerySet):
    def visible_to(self, user: User):
        """Supervisors, leaders and auditors read all; a unit its own and those of the units it came from."""
        if user.has_role(*READS_EVERY_UNIT):
            return self
        return self.filter(department__in=user.related_units_as(*UNIT_ROLES))

    def open(self):
        return self.exclude(state__in=ENDED)

    def withdrawn(self):
        return self.filter(state=SlipState.WITHDRAWN)

    def standing(self):
        """Not issued in error, as it turned out."""
        return self.exclude(state=SlipState.WITHDRAWN)

    def awaiting_reply(self):
        return self.filter(state__in=AWAITING_REPLY)

    def with_related(self):
        rows = self.select_related("task__plan", "department", "unit", "issued_by")
        return rows.defer(*source_document_fields("task__plan"), "task__search_text")
