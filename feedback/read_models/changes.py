"""What became public, was rated, found or taken down last: for whoever keeps a copy of it."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce, Greatest

from feedback.models import Rating, Ticket
from feedback.read_models.questions import Question, Tombstone, questions, tombstone

AT_MOST = 50


@dataclass(frozen=True)
class QuestionChange:
    """A public question as it stands now, or what is left of one; `at`: when anything of it last changed."""

    number: str
    at: datetime
    question: Question | None
    down: Tombstone | None


def newest_changes(tickets: QuerySet[Ticket]) -> list[QuestionChange]:
    """From `Ticket.objects.once_public()`, the newest change first."""
    rated = Rating.objects.filter(reply__ticket=OuterRef("pk")).order_by("-at").values("at")[:1]
    # What did not happen counts as the answer, for SQLite finds nothing greatest beside nothing.
    moments = [Coalesce(one, F("answered_at")) for one in (F("published_at"), F("reviewed_at"), Subquery(rated))]
    changed = Coalesce(F("taken_down_at"), Greatest(F("answered_at"), *moments))
    rows = list(tickets.annotate(changed_at=changed).order_by("-changed_at", "-id")[:AT_MOST])
    shown = {one.number: one for one in questions(row for row in rows if row.published_at)}
    return [
        QuestionChange(row.number, row.changed_at, shown.get(row.number), None if row.published_at else tombstone(row))
        for row in rows
    ]
