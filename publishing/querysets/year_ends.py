"""Questions to the table of year-end conclusions."""

from datetime import date
from typing import Self

from django.db import models

from common.time.days import day_end


class YearEndQuerySet(models.QuerySet):
    """Year-end conclusions by the day of their publication."""

    def published_by(self, day: date | None) -> Self:
        """Those that are public now, or that were by the end of `day`."""
        if day is None:
            return self.filter(published_at__isnull=False)
        return self.filter(published_at__lt=day_end(day))
