"""Questions to the table of clearances."""

from typing import Self

from django.db import models

from publishing.choices import ClearanceDecision, ReleaseState
from tasks.querysets import source_document_fields


class ClearanceQuerySet(models.QuerySet):
    """The decisions of 保密审查 on the tasks of releases."""

    def withheld(self) -> Self:
        """Those that withhold a task, lifted since or not."""
        return self.filter(decision=ClearanceDecision.WITHHELD)

    def in_force(self) -> Self:
        """Those that withhold a task of a published release now."""
        return self.withheld().filter(release__state=ReleaseState.PUBLISHED, lifted_at=None)

    def with_related(self) -> Self:
        """With task, period and plan, without their long texts."""
        rows = self.select_related("task", "release__period__plan")
        return rows.defer(*source_document_fields("release__period__plan"), "task__search_text")
