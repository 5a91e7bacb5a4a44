from datetime import date

from django.db import models

from common.text.folding import fold
from departments.models import Role, User
from tasks.choices import CLOSING, PlanState, ResponsibilityBasis


def source_document_fields(plan: str) -> list[str]:
    """The columns that hold the document itself, heavier than all the rest of a page; `plan` is the way to it."""
    return [f"{plan}__source_bytes", f"{plan}__source_text"]


class PlanQuerySet(models.QuerySet):
    def published(self):
        return self.exclude(state=PlanState.DRAFT)

    def without_source_document(self):
        return self.defer("source_bytes", "source_text")


class SectionQuerySet(models.QuerySet):
    def in_portfolio_of(self, user: User):
        """分管: the whole ones that come first to this leader; none for everybody else."""
        posts = [membership.pk for membership in user.current_memberships if membership.role == Role.LEADER]
        return self.filter(leaders__in=posts).distinct()


class TaskQuerySet(models.QuerySet):
    def published(self):
        return self.exclude(plan__state=PlanState.DRAFT)

    def with_plan(self):
        """With plan and section, as far as a list or a heading names them."""
        return self.select_related("plan", "section").defer(*source_document_fields("plan"), "search_text")

    def asked_on(self, day: date):
        """Without those ended, merged or split before that day, the first of a quarter."""
        closed = {"change_requests__kind__in": CLOSING, "change_requests__approved_on__lt": day}
        return self.exclude(pk__in=self.model.objects.filter(**closed).values("pk"))

    def answered_for_by(self, department_ids):
        """Tasks one of these units answers for today, whatever the authority for it."""
        return self.filter(responsibilities__department__in=department_ids, responsibilities__valid_to=None).distinct()

    def matching(self, words: str):
        """All the words, each anywhere; two Chinese characters are as good as ten."""
        found = self
        for word in fold(words).split():
            found = found.filter(search_text__contains=word)
        return found


class ChangeQuerySet(models.QuerySet):
    def closing(self):
        return self.filter(kind__in=CLOSING)


class ValidQuerySet(models.QuerySet):
    """Of what is closed and succeeded instead of being changed."""

    def in_force(self):
        return self.filter(valid_to=None)

    def in_force_on(self, day: date | None):
        """Now, or on a day; on that on which one takes over from another the new one holds."""
        if day is None:
            return self.in_force()
        begun = models.Q(valid_from=None) | models.Q(valid_from__lte=day)
        return self.filter(begun, models.Q(valid_to=None) | models.Q(valid_to__gt=day))


class ResponsibilityQuerySet(ValidQuerySet):
    def with_task(self):
        task = self.select_related("department", "task__plan", "task__section")
        return task.defer(*source_document_fields("task__plan"), "task__search_text")

    def public(self, *, demo: bool, day: date | None = None):
        """What a stranger may read: an unconfirmed owner only in the demonstration, where it is labelled."""
        held = self.in_force_on(day)
        return held if demo else held.exclude(basis=ResponsibilityBasis.PROPOSED)
