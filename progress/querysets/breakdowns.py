from datetime import date

from django.db import models

from common.time.days import day_end
from progress.choices import BreakdownState


class BreakdownQuerySet(models.QuerySet):
    def proposed(self):
        return self.filter(state=BreakdownState.PROPOSED)

    def confirmed(self, day: date | None = None):
        """Those that hold; of a day past, those of them that held by then."""
        found = self.filter(state=BreakdownState.CONFIRMED)
        return found.filter(decided_at__lt=day_end(day)) if day else found
