"""What anybody may read of what people asked: one function for page, file and other apps."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count

from feedback.models import OPEN, Reply, Ticket
from feedback.overview.reviews import Review, review_of
from tasks.models import Task
from yantian_portal.lib.days import local_day
from yantian_portal.lib.text import fold


@dataclass(frozen=True)
class Question:
    """A published question with its answer; nothing here was ever private."""

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


def questions(tickets: Iterable[Ticket]) -> list[Question]:
    """From rows of `Ticket.objects.published()`; one query more, for what became of the answer."""
    tickets = list(tickets)
    sent = Reply.objects.sent().filter(ticket__in=tickets).select_related("rating").defer("text").order_by("pk")
    newest = {reply.ticket_id: reply for reply in sent}
    return [_question(ticket, newest[ticket.pk]) for ticket in tickets]


def _question(ticket: Ticket, answer: Reply) -> Question:
    rating = getattr(answer, "rating", None)
    return Question(
        number=ticket.number,
        kind=ticket.get_kind_display(),
        subject=ticket.subject_name,
        subject_key=ticket.subject,
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
        grade=rating.get_grade_display() if rating else "",
        adoption=answer.get_adoption_display(),
        review=review_of(ticket),
    )


@dataclass(frozen=True)
class Tombstone:
    """A question that was public once: that it was, until when and why not any more."""

    number: str
    down_on: date
    reason: str
    demonstration: bool


def tombstones_of(task: Task) -> list[Tombstone]:
    rows = Ticket.objects.taken_down().filter(task=task).order_by("-taken_down_at")
    return [tombstone(row) for row in rows]


def tombstone(row: Ticket) -> Tombstone:
    return Tombstone(row.number, local_day(row.taken_down_at), row.taken_down_reason, row.demonstration)


def questions_of(task: Task) -> list[Question]:
    return questions(Ticket.objects.published().filter(task=task))


# How many of the newest are looked through where no task narrows them.
LOOKED_THROUGH = 300
# The part of the shorter text that the longer one must share.
NEAR = 1 / 3
# What stands in every question, whatever it is about.
COMMON = re.compile(
    "什么时候|为什么|什么|怎么|怎样|请问|有没有|没有|是不是|能不能|可不可以|可以|多少|哪里|哪个|我们|你们|[的了吗呢吧]"
)


def similar_questions(text: str, task: Task | None, at_most: int = 3) -> list[Question]:
    """Published ones, of the same task if there is one, that say much of the same; the nearest first.

    Chinese has no blanks between words, so two texts are compared by the pairs of characters they share.
    """
    rows = Ticket.objects.published()
    rows = rows.filter(task=task) if task else rows[:LOOKED_THROUGH]
    wanted = _pairs(text)
    near = [(_shared(wanted, _pairs(row.public_text)), row) for row in rows]
    best = sorted((pair for pair in near if pair[0]), key=lambda pair: pair[0], reverse=True)
    return questions(row for _, row in best[:at_most])


def _pairs(text: str) -> set[str]:
    parts = re.split(r"\W+", COMMON.sub(" ", fold(text)))
    return {part[at : at + 2] for part in parts for at in range(len(part) - 1)}


def _shared(wanted: set[str], pairs: set[str]) -> int:
    """How many pairs both have; 0 where it is too small a part to mean anything."""
    shared = len(wanted & pairs)
    return shared if shared and shared / min(len(wanted), len(pairs)) >= NEAR else 0


# From how many letters on a task is one that many ask about.
SEVERAL = 3


@dataclass(frozen=True)
class HotTopic:
    code: str
    title: str
    letters: int


def hot_topics(at_most: int = 3) -> list[HotTopic]:
    """What several people wait for an answer about; no complaint is counted: that one exists is nobody's business."""
    waiting = Ticket.objects.filter(status__in=OPEN, task__in=Task.objects.published())
    rows = waiting.exclude(kind=Ticket.Kind.COMPLAINT).values_list("task__code", "task__title")
    counted = rows.annotate(letters=Count("pk")).filter(letters__gte=SEVERAL).order_by("-letters", "task__code")
    return [HotTopic(*row) for row in counted[:at_most]]
