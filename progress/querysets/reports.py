"""Queries on progress reports."""

from typing import Self

from django.db import models
from django.db.models import Q

from departments.models import User
from departments.roles import UNIT_ROLES
from progress.choices import ReportStatus
from progress.querysets.related import with_related
from progress.roles import READS_FROM_FIRST_DRAFT, READS_FROM_SUBMITTED, READS_FROM_VERIFIED


class ReportQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> Self:
        """The reports a person may read, by role.

        Units: those of their own tasks, from the first draft. Supervisors and leaders: once
        submitted. Publishers: once verified. Auditors: all.
        """
        own = user.department_ids(*UNIT_ROLES)
        visible = Q(
            task__responsibilities__department__in=own, task__responsibilities__valid_to=None
        )
        if user.has_role(*READS_FROM_SUBMITTED):
            visible |= Q(first_submitted_at__isnull=False)
        if user.has_role(*READS_FROM_VERIFIED):
            visible |= Q(status__in=[ReportStatus.VERIFIED, ReportStatus.RELEASED])
        if user.has_role(*READS_FROM_FIRST_DRAFT):
            return self
        return self.filter(visible).distinct()

    def handed_in(self) -> Self:
        """Submitted by their units and not taken back since; also those that were returned."""
        return self.filter(first_submitted_at__isnull=False, withdrawn_at=None)

    def with_related(self) -> Self:
        """With the task, period and plan, as far as lists name them."""
        return with_related(self)

    def awaiting_review(self) -> Self:
        return self.filter(status=ReportStatus.SUBMITTED)
