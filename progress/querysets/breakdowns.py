from datetime import date

from django.db import models

from common.time.days import day_end


class BreakdownQuerySet(models.QuerySet):
    def proposed(self):
        return self.filter(state="proposed")

    def confirmed(self, day: date | None = None):
        """Those that hold; of a day past, those of them that held by then."""
        found = self.filter(state="confirmed")
        return found.filter(decided_at__lt=day_end(day)) if day else found
