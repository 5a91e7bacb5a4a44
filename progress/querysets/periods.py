from django.db import models

from tasks.querysets import paper_of


class PeriodQuerySet(models.QuerySet):
    def with_plan(self):
        return self.select_related("plan").defer(*paper_of("plan"))

    def public(self):
        return self.exclude(plan__state="draft")

    def quarters(self):
        return self.filter(kind="quarter")

    def open(self):
        return self.filter(state="open")

    def ahead(self):
        """Still to be released by a plan that runs, the soonest first."""
        return self.filter(plan__state="published").exclude(state="released").order_by("release_on")

    def released(self):
        return self.filter(state="released")
