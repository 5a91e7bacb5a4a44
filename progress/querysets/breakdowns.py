"""Queries on breakdowns."""

from datetime import date
from typing import Self

from django.db import models

from common.time.days import day_end
from progress.choices import BreakdownState


class BreakdownQuerySet(models.QuerySet):
    def proposed(self) -> Self:
        return self.filter(state=BreakdownState.PROPOSED)

    def confirmed(self, day: date | None = None) -> Self:
        """The breakdowns in force; with `day`, those of them confirmed by the end of that day."""
        queryset = self.filter(state=BreakdownState.CONFIRMED)
        return queryset.filter(decided_at__lt=day_end(day)) if day else queryset
