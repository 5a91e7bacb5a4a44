"""What anybody may read of what people asked: one function for page, file and other apps."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, F, Q

from feedback.models import OPEN, REPLIED, Ticket
from tasks.models import Task
from yantian_portal.lib.days import local_day


@dataclass(frozen=True)
class Question:
    """A published question with its answer; nothing here was ever private."""

    number: str
    kind: str
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


def questions(tickets: Iterable[Ticket]) -> list[Question]:
    """From rows of `Ticket.objects.published()`; no query of its own."""
    return [_question(ticket) for ticket in tickets]


def _question(ticket: Ticket) -> Question:
    return Question(
        number=ticket.number,
        kind=ticket.get_kind_display(),
        text=ticket.public_text,
        reply=ticket.public_reply,
        department=ticket.answered_by.short_name,
        department_slug=ticket.answered_by.slug,
        task_code=ticket.task.code if ticket.task else "",
        task_title=ticket.task.title if ticket.task else "",
        asked_on=local_day(ticket.received_at),
        answered_on=local_day(ticket.answered_at),
        published_at=ticket.published_at,
        days=ticket.days_taken,
        demonstration=ticket.demonstration,
        url=ticket.get_absolute_url(),
    )


def questions_of(task: Task) -> list[Question]:
    return questions(Ticket.objects.published().filter(task=task))


@dataclass(frozen=True)
class TicketCounts:
    """How many letters came and what became of them; `on_time` counts among the answered."""

    received: int
    in_hand: int
    answered: int
    on_time: int
    published: int


def ticket_counts() -> TicketCounts:
    answered = Q(status__in=REPLIED)
    counts = Ticket.objects.aggregate(
        received=Count("pk"),
        in_hand=Count("pk", filter=Q(status__in=OPEN)),
        answered=Count("pk", filter=answered),
        on_time=Count("pk", filter=answered & Q(answered_at__date__lte=F("due_on"))),
        published=Count("pk", filter=Q(published_at__isnull=False)),
    )
    return TicketCounts(**counts)
