"""The latest changes of public questions, for whoever keeps a copy: published, rated,
reviewed or taken down.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce, Greatest

from feedback.models import Rating, Ticket
from feedback.read_models.questions import Question, Tombstone, questions, tombstone

AT_MOST = 50


@dataclass(frozen=True)
class QuestionChange:
    """A public question as it is now, or what is left of one.

    `at`: when anything of it last changed.
    """

    number: str
    at: datetime
    state: Question | Tombstone

    @property
    def question(self) -> Question | None:
        """The question; None once it was taken down."""
        return self.state if isinstance(self.state, Question) else None

    @property
    def down(self) -> Tombstone | None:
        """What is left of a question that was taken down; None while it is public."""
        return self.state if isinstance(self.state, Tombstone) else None


def newest_changes(tickets: QuerySet[Ticket]) -> list[QuestionChange]:
    """The newest changes of these letters, which come from `Ticket.objects.once_public()`."""
    newest = tickets.annotate(changed_at=_moment_of_change()).order_by("-changed_at", "-id")
    rows = list(newest[:AT_MOST])
    published = {
        question.number: question for question in questions(row for row in rows if row.published_at)
    }
    return [
        QuestionChange(
            row.number,
            row.changed_at,
            published[row.number] if row.published_at else tombstone(row),
        )
        for row in rows
    ]


def _moment_of_change() -> Coalesce:
    """When a letter was taken down, else the latest moment anything of it became public."""
    rated = Rating.objects.filter(reply__ticket=OuterRef("pk")).order_by("-at").values("at")[:1]
    # What did not happen counts as the answer: SQLite's greatest of a value and NULL is NULL.
    moments = [
        Coalesce(moment, F("answered_at"))
        for moment in (F("published_at"), F("reviewed_at"), Subquery(rated))
    ]
    return Coalesce(F("taken_down_at"), Greatest(F("answered_at"), *moments))
