from django.db import models
from django.db.models import Q

from departments.models import Role, User
from progress.choices import ReportStatus
from progress.querysets.places import _with_places

READS_FROM_SUBMITTED = [Role.SUPERVISOR, Role.LEADER]


class ReportQuerySet(models.QuerySet):
    def visible_to(self, user: User):
        """Own units from the first draft; supervisors and leaders once submitted; publishers once verified."""
        own = user.departments_as(Role.REPORTER, Role.SIGNER)
        seen = Q(task__responsibilities__department__in=own, task__responsibilities__valid_to=None)
        if user.has_role(*READS_FROM_SUBMITTED):
            seen |= Q(first_submitted_at__isnull=False)
        if user.has_role(Role.PUBLISHER):
            seen |= Q(status__in=[ReportStatus.VERIFIED, ReportStatus.RELEASED])
        if user.has_role(Role.AUDITOR):
            return self
        return self.filter(seen).distinct()

    def with_places(self):
        """With task, period and plan, as far as a list names them."""
        return _with_places(self)

    def awaiting_review(self):
        return self.filter(status=ReportStatus.SUBMITTED)
