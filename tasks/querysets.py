"""Named queries on plans, sections, tasks, changes and responsibilities."""

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Self, TypeVar

from django.db import models

from common.text.folding import search_words
from departments.models import User
from departments.roles import Role
from tasks.choices import CLOSING, PUBLIC_STATES, PlanState, ResponsibilityBasis

if TYPE_CHECKING:
    # Used in quotes, as the parameter of `ValidQuerySet`.
    from tasks.models import (
        ChangeRequest,
        ImportRun,
        Plan,
        Responsibility,  # noqa: F401
        Section,
        Task,
    )

# The columns of a plan that hold a whole document.
SOURCE_COLUMNS = ("source_bytes", "source_text")
Row = TypeVar("Row", bound=models.Model)


def source_document_fields(plan: str) -> list[str]:
    """The columns to defer because they hold a whole document; `plan` is the lookup to the plan."""
    return [f"{plan}__{column}" for column in SOURCE_COLUMNS]


class PlanQuerySet(models.QuerySet["Plan"]):
    def published(self) -> Self:
        """Plans that everybody may read, archived ones included."""
        return self.filter(state__in=PUBLIC_STATES)

    def withdrawn(self) -> Self:
        """Plans that were public once: everybody is told only when and why they no longer are."""
        return self.filter(state=PlanState.WITHDRAWN)

    def without_source_document(self) -> Self:
        return self.defer(*SOURCE_COLUMNS)


class ImportRunQuerySet(models.QuerySet["ImportRun"]):
    def visible_to(self, user: User) -> Self:
        """Files this person may look at: a supervisor all, a publisher those that were checked."""
        if user.has_role(Role.SUPERVISOR):
            return self
        if user.has_role(Role.PUBLISHER):
            return self.exclude(handed_over_at=None)
        return self.none()

    def without_files(self) -> Self:
        """Without the columns that hold a whole document or all that was read from it."""
        return self.defer("source_bytes", "source_text", "draft", "questions")


class SectionQuerySet(models.QuerySet["Section"]):
    def in_portfolio_of(self, user: User) -> Self:
        """Sections in the portfolio (分管) of this leader; none for anybody who is no leader."""
        leader_posts = [post.pk for post in user.current_memberships if post.role == Role.LEADER]
        return self.filter(leaders__in=leader_posts).distinct()


class TaskQuerySet(models.QuerySet["Task"]):
    def published(self) -> Self:
        """Tasks of plans that everybody may read."""
        return self.filter(plan__state__in=PUBLIC_STATES)

    def with_plan(self) -> Self:
        """With plan and section, without the columns that no list or heading shows."""
        return self.select_related("plan", "section").defer(
            *source_document_fields("plan"), "search_text"
        )

    def not_closed_before(self, day: date) -> Self:
        """Tasks a period that begins on this day requires: not ended, merged or split before."""
        closed = {"change_requests__kind__in": CLOSING, "change_requests__approved_on__lt": day}
        return self.exclude(pk__in=self.model.objects.filter(**closed).values("pk"))

    def answered_for_by(self, department_ids: Iterable[int]) -> Self:
        """Tasks for which one of these units is responsible today, on whatever basis."""
        return self.filter(
            responsibilities__department__in=department_ids, responsibilities__valid_to=None
        ).distinct()

    def matching(self, words: str) -> Self:
        """Tasks that contain all of these words, as `search_words` parts them, anywhere in their
        text, plain name or sentence.
        """
        queryset = self
        for word in search_words(words):
            printed = models.Q(search_text__contains=word)
            ours = models.Q(plain_name__icontains=word) | models.Q(summary__icontains=word)
            queryset = queryset.filter(printed | ours)
        return queryset


class ChangeQuerySet(models.QuerySet["ChangeRequest"]):
    def closing(self) -> Self:
        """Changes that end, merge or split their task."""
        return self.filter(kind__in=CLOSING)


class ValidQuerySet(models.QuerySet[Row]):
    """Rows that are closed and succeeded instead of being changed."""

    def in_force(self) -> Self:
        """Rows in force now."""
        return self.filter(valid_to=None)

    def in_force_on(self, day: date | None) -> Self:
        """Rows in force on a day, or now (None). On the day of a succession it is the new row."""
        if day is None:
            return self.in_force()
        begun = models.Q(valid_from=None) | models.Q(valid_from__lte=day)
        return self.filter(begun, models.Q(valid_to=None) | models.Q(valid_to__gt=day))


class ResponsibilityQuerySet(ValidQuerySet["Responsibility"]):
    def with_task(self) -> Self:
        """With unit, task, plan and section, without the columns that no list shows."""
        queryset = self.select_related("department", "task__plan", "task__section")
        return queryset.defer(*source_document_fields("task__plan"), "task__search_text")

    def public(self, *, demo: bool, day: date | None = None) -> Self:
        """Rows the public may read: proposed ones in the demonstration only, with a label."""
        in_force = self.in_force_on(day)
        return in_force if demo else in_force.exclude(basis=ResponsibilityBasis.PROPOSED)
