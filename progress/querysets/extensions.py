"""Queries on extension requests and unlocked reports."""

from datetime import date
from typing import Self

from django.db import models

from progress.choices import ExtensionState
from progress.querysets.related import with_related


class ExtensionQuerySet(models.QuerySet):
    def waiting(self) -> Self:
        return self.filter(state=ExtensionState.ASKED)

    def granted(self) -> Self:
        return self.filter(state=ExtensionState.GRANTED)

    def running(self, today: date) -> Self:
        """Granted, with the day granted still to come."""
        return self.granted().filter(granted_until__gte=today)

    def with_related(self) -> Self:
        return with_related(self.select_related("department", "requested_by", "decided_by"))


class UnlockQuerySet(models.QuerySet):
    def running(self, today: date) -> Self:
        """Under which a report of a closed period may still be filed on this day."""
        return self.filter(is_current=True, expires_on__gte=today)

    def with_related(self) -> Self:
        return with_related(self)
