"""Queries on evidence."""

from typing import Self

from django.db import models

from departments.models import User
from progress.models.reports import ProgressReport


class EvidenceQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> Self:
        """The evidence of the reports a person may read."""
        return self.filter(contribution__report__in=ProgressReport.objects.visible_to(user))
