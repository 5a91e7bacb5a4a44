"""Queries on reporting periods."""

from typing import Self

from django.db import models

from progress.choices import PeriodKind, PeriodState
from tasks.choices import PUBLIC_STATES, PlanState
from tasks.querysets import source_document_fields


class PeriodQuerySet(models.QuerySet):
    def with_plan(self) -> Self:
        """With the plan, without the long fields about its source document."""
        return self.select_related("plan").defer(*source_document_fields("plan"))

    def public(self) -> Self:
        """Of plans that everybody may read."""
        return self.filter(plan__state__in=PUBLIC_STATES)

    def quarters(self) -> Self:
        return self.filter(kind=PeriodKind.QUARTER)

    def open(self) -> Self:
        return self.filter(state=PeriodState.OPEN)

    def ahead(self) -> Self:
        """Still to be released, of published plans, the soonest first."""
        return (
            self.filter(plan__state=PlanState.PUBLISHED)
            .exclude(state=PeriodState.RELEASED)
            .order_by("release_on")
        )

    def released(self) -> Self:
        return self.filter(state=PeriodState.RELEASED)
