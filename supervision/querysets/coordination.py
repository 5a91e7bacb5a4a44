"""Questions to the table of coordination items."""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import Q

from departments.models import Department, User
from departments.roles import UNIT_ROLES
from progress.querysets.related import with_related
from supervision.choices import OPEN_COORDINATION, CoordinationState
from supervision.roles import READS_EVERY_UNIT


def _concerns_units(units: set[int]) -> Q:
    """Items about the units' tasks, and items that they or related units carry out."""
    is_responsible = Q(
        task__responsibilities__department__in=units, task__responsibilities__valid_to=None
    )
    return is_responsible | Q(owner__in=Department.objects.related_to(units))


class CoordinationQuerySet(models.QuerySet):
    """Coordination items by their state and by the people who may see them."""

    def waiting(self) -> Self:
        """Those that wait for a decision."""
        return self.filter(state=CoordinationState.RAISED)

    def decided(self) -> Self:
        """Those that are decided and not closed."""
        return self.filter(state=CoordinationState.DECIDED)

    def active(self) -> Self:
        """Those that are not closed."""
        return self.filter(state__in=OPEN_COORDINATION)

    def overdue(self, today: date) -> Self:
        """Those whose decision should have been carried out before `today`."""
        return self.decided().filter(due_on__lt=today)

    def visible_to(self, user: User) -> Self:
        """All items for supervisors, leaders and auditors; for other people those of their units.

        These are items about its tasks, and items that it or a related unit raised or carries out.
        """
        if user.has_role(*READS_EVERY_UNIT):
            return self
        own_units = user.department_ids(*UNIT_ROLES)
        raised_by_own = Q(department__in=Department.objects.related_to(own_units))
        return self.filter(_concerns_units(own_units) | raised_by_own).distinct()

    def within(self, units: set[int], sections: set[int]) -> Self:
        """Items that concern these units, or tasks of these sections."""
        return self.filter(_concerns_units(units) | Q(task__section__in=sections)).distinct()

    def with_related(self) -> Self:
        """With task, period, units and people, without long texts."""
        return with_related(
            self.select_related("department", "owner", "raised_by", "decided_by", "closed_by")
        )
