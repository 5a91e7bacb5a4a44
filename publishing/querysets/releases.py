from django.db import models

from publishing.choices import ClearanceDecision, ReleaseState
from tasks.querysets import source_document_fields


class ClearanceQuerySet(models.QuerySet):
    def withheld(self):
        return self.filter(decision=ClearanceDecision.WITHHELD)

    def in_force(self):
        """Withheld from a quarter that is public, and not lifted since."""
        return self.withheld().filter(release__state=ReleaseState.PUBLISHED, lifted_at=None)

    def with_related(self):
        rows = self.select_related("task", "release__period__plan")
        return rows.defer(*source_document_fields("release__period__plan"), "task__search_text")
