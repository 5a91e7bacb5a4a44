from django.db import models
from django.db.models import Q

from yantian_portal.lib.text import fold


class PlanQuerySet(models.QuerySet):
    def published(self):
        return self.exclude(state="draft")


class PassageQuerySet(models.QuerySet):
    def in_order(self):
        return self.order_by("order")


class TaskQuerySet(models.QuerySet):
    def published(self):
        return self.exclude(plan__state="draft")

    def answered_for_by(self, department_ids):
        """Tasks one of these units answers for today, whatever the authority for it."""
        return self.filter(responsibilities__department__in=department_ids, responsibilities__valid_to=None).distinct()

    def matching(self, words: str):
        """All the words, each anywhere; two Chinese characters are as good as ten."""
        found = self
        for word in fold(words).split():
            found = found.filter(search_text__contains=word)
        return found


class CommitmentQuerySet(models.QuerySet):
    def due_in(self, year: int, quarter: int):
        return self.filter(year=year, quarter=quarter)

    def whole_year(self, year: int):
        return self.filter(year=year, quarter=None)


class TargetQuerySet(models.QuerySet):
    def in_force(self):
        return self.filter(valid_to=None)

    def of_quarter(self, year: int, quarter: int):
        return self.in_force().filter(Q(quarter=quarter) | Q(quarter=None), year=year)


class ResponsibilityQuerySet(models.QuerySet):
    def in_force(self):
        return self.filter(valid_to=None)

    def public(self, *, demo: bool):
        """What a stranger may read: an unconfirmed owner only in the demonstration, where it is labelled."""
        return self.in_force() if demo else self.in_force().exclude(basis="proposed")
