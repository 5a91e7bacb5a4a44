from django.db import models

from progress.choices import PeriodKind, PeriodState
from tasks.choices import PlanState
from tasks.querysets import source_document_fields


class PeriodQuerySet(models.QuerySet):
    def with_plan(self):
        return self.select_related("plan").defer(*source_document_fields("plan"))

    def public(self):
        return self.exclude(plan__state=PlanState.DRAFT)

    def quarters(self):
        return self.filter(kind=PeriodKind.QUARTER)

    def open(self):
        return self.filter(state=PeriodState.OPEN)

    def ahead(self):
        """Still to be released by a plan that runs, the soonest first."""
        return self.filter(plan__state=PlanState.PUBLISHED).exclude(state=PeriodState.RELEASED).order_by("release_on")

    def released(self):
        return self.filter(state=PeriodState.RELEASED)
