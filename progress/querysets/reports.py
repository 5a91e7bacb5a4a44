from django.db import models
from django.db.models import Q

from departments.models import User
from departments.roles import UNIT_ROLES
from progress.choices import ReportStatus
from progress.querysets.places import with_related
from progress.roles import READS_FROM_FIRST_DRAFT, READS_FROM_SUBMITTED, READS_FROM_VERIFIED


class ReportQuerySet(models.QuerySet):
    def visible_to(self, user: User):
        """Own units from the first draft; supervisors and leaders once submitted; publishers once verified."""
        own = user.department_ids(*UNIT_ROLES)
        seen = Q(task__responsibilities__department__in=own, task__responsibilities__valid_to=None)
        if user.has_role(*READS_FROM_SUBMITTED):
            seen |= Q(first_submitted_at__isnull=False)
        if user.has_role(*READS_FROM_VERIFIED):
            seen |= Q(status__in=[ReportStatus.VERIFIED, ReportStatus.RELEASED])
        if user.has_role(*READS_FROM_FIRST_DRAFT):
            return self
        return self.filter(seen).distinct()

    def with_related(self):
        """With task, period and plan, as far as a list names them."""
        return with_related(self)

    def awaiting_review(self):
        return self.filter(status=ReportStatus.SUBMITTED)
