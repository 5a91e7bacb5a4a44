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
    """A public question as it is now, or what is left of one. `at`:
    when anything of it last changed.
    """

    number: str
    at: datetime
    question: Question | None
    down: Tombstone | None


def newest_changes(tickets: QuerySet[Ticket]) -> list[QuestionChange]:
    """The newest changes of these letters, which come from `Ticket.objects.once_public()`."""
    rated = Rating.objects.filter(reply__ticket=OuterRef("pk")).order_by("-at").values("at")[:1]
    # What did not happen counts as the answer: SQLite's greatest of a value and NULL is NULL.
    moments = [
        Coalesce(moment, F("answered_at"))
        for moment in (F("published_at"), F("reviewed_at"), Subquery(rated))
    ]
    changed = Coalesce(F("taken_down_at"), Greatest(F("answered_at"), *moments))
    rows = list(tickets.annotate(changed_at=changed).order_by("-changed_at", "-id")[:AT_MOST])
    published = {
        question.number: question for question in questions(row for row in rows if row.published_at)
    }
    return [
        QuestionChange(
            row.number,
            row.changed_at,
            published.get(row.number),
            None if row.published_at else tombstone(row),
        )
        for row in rows
    ]
