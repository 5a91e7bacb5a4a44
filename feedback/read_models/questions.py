"""What anybody may read of published questions: one function for page, API and other apps."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count

from common.not_null import not_null
from common.time.days import local_day
from feedback.choices import OPEN, TicketKind
from feedback.models import Reply, Ticket
from feedback.read_models.reviews import Review, review_of
from feedback.rules.clocks import days_in_words
from tasks.models import Task


@dataclass(frozen=True)
class Question:
    """A published question with its answer; nothing in it was ever private."""

    number: str
    kind: str
    subject: str
    subject_key: str
    text: str
    reply: str
    department: str
    department_slug: str
    task_code: str
    task_title: str
    asked_on: date
    answered_on: date
    published_at: datetime
    days: int
    demonstration: bool
    url: str
    grade: str
    adoption: str
    review: Review | None

    @property
    def days_in_words(self) -> str:
        return days_in_words(self.days, self.asked_on, self.answered_on)


def questions(tickets: Iterable[Ticket]) -> list[Question]:
    """The questions of rows of `Ticket.objects.published()`; one more query, for the ratings."""
    rows = list(tickets)
    sent = (
        Reply.objects.sent()
        .filter(ticket__in=rows)
        .select_related("rating")
        .defer("text")
        .order_by("pk")
    )
    newest = {reply.ticket_id: reply for reply in sent}
    return [_question(ticket, newest[ticket.pk]) for ticket in rows]


def _question(ticket: Ticket, answer: Reply) -> Question:
    # Constraints of the letter see to it that a published one is answered, by a unit, in some days.
    unit, rating = not_null(ticket.answered_by), answer.rating_or_none
    return Question(
        number=ticket.number,
        kind=ticket.get_kind_display(),
        subject=ticket.subject_name,
        subject_key=ticket.subject,
        text=ticket.public_text,
        reply=ticket.public_reply,
        department=unit.short_name,
        department_slug=unit.slug,
        task_code=ticket.task.code if ticket.task else "",
        task_title=ticket.task.title if ticket.task else "",
        asked_on=local_day(ticket.received_at),
        answered_on=local_day(not_null(ticket.answered_at)),
        published_at=not_null(ticket.published_at),
        days=not_null(ticket.days_taken),
        demonstration=ticket.demonstration,
        url=ticket.get_absolute_url(),
        grade=rating.get_grade_display() if rating else "",
        adoption=answer.get_adoption_display(),
        review=review_of(ticket),
    )


@dataclass(frozen=True)
class Tombstone:
    """A question that was public once: until when, and why not any more."""

    number: str
    down_on: date
    reason: str
    demonstration: bool


def tombstones_of(task: Task) -> list[Tombstone]:
    """The questions about a task that were taken down."""
    rows = Ticket.objects.taken_down().filter(task=task).order_by("-taken_down_at")
    return [tombstone(row) for row in rows]


def tombstone(row: Ticket) -> Tombstone:
    """What is left of a letter that was taken down."""
    return Tombstone(
        row.number, local_day(not_null(row.taken_down_at)), row.taken_down_reason, row.demonstration
    )


def questions_of(task: Task) -> list[Question]:
    """The published questions about a task."""
    return questions(Ticket.objects.published().filter(task=task))


# From this many open letters on a promise is shown as one that many ask about.
SEVERAL = 3


@dataclass(frozen=True)
class HotTopic:
    """A promise that many open letters are about."""

    code: str
    title: str
    letters: int


def hot_topics(at_most: int = 3) -> list[HotTopic]:
    """The promises most open letters are about; complaints are not counted,
    because even that one exists concerns nobody else.
    """
    waiting = Ticket.objects.filter(status__in=OPEN, task__in=Task.objects.published())
    rows = waiting.exclude(kind=TicketKind.COMPLAINT).values_list("task__code", "task__title")
    counted = (
        rows.annotate(letters=Count("pk"))
        .filter(letters__gte=SEVERAL)
        .order_by("-letters", "task__code")
    )
    return [HotTopic(*row) for row in counted[:at_most]]
