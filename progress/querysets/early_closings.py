"""Queries on proposals to close a period early."""

from datetime import date
from typing import Self

from django.db import models

from progress.choices import EarlyClosingState, PeriodState
from tasks.querysets import source_document_fields


class EarlyClosingQuerySet(models.QuerySet):
    def waiting(self, today: date) -> Self:
        """Proposed for an open period whose due day is not over: later it closes without one."""
        return self.filter(
            state=EarlyClosingState.PROPOSED,
            period__state=PeriodState.OPEN,
            period__due_on__gte=today,
        )

    def with_related(self) -> Self:
        """With the period, the plan and who proposed it, without long texts of the plan."""
        rows = self.select_related("period__plan", "proposed_by", "decided_by")
        return rows.defer(*source_document_fields("period__plan"))
