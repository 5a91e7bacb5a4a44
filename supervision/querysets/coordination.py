from datetime import date

from django.db import models
from django.db.models import Q

from departments.models import Department, User
from departments.roles import UNIT_ROLES
from progress.querysets.related import with_related
from supervision.choices import OPEN_COORDINATION, CoordinationState
from supervision.roles import READS_EVERY_UNIT


def _answered_by(units: set[int]) -> Q:
    answers = Q(task__responsibilities__department__in=units, task__responsibilities__valid_to=None)
    return answers | Q(owner__in=Department.objects.related_to(units))


class CoordinationQuerySet(models.QuerySet):
    def waiting(self):
        return self.filter(state=CoordinationState.RAISED)

    def decided(self):
        return self.filter(state=CoordinationState.DECIDED)

    def active(self):
        return self.filter(state__in=OPEN_COORDINATION)

    def overdue(self, today: date):
        return self.decided().filter(due_on__lt=today)

    def visible_to(self, user: User):
        """All of them for who oversees; a unit's people those they answer for, and those that it or a unit it came
        from raised or has to carry out.
        """
        if user.has_role(*READS_EVERY_UNIT):
            return self
        own = user.department_ids(*UNIT_ROLES)
        return self.filter(_answered_by(own) | Q(department__in=Department.objects.related_to(own))).distinct()

    def within(self, units: set[int], sections: set[int]):
        """Of these sections, about tasks these units answer for, or for them or their kin to carry out."""
        return self.filter(_answered_by(units) | Q(task__section__in=sections)).distinct()

    def with_related(self):
        return with_related(self.select_related("department", "owner", "raised_by", "decided_by", "closed_by"))
