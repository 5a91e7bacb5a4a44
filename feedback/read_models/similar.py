"""Letters that say much of the same: offered before one more is sent, and before one is handled
twice.

Chinese has no blanks between words, so two texts are compared by the pairs of characters they
share.
"""

import re
from collections.abc import Callable, Iterable

from common.text.folding import fold
from departments.models import User
from feedback.choices import RUNNING
from feedback.models import Ticket
from feedback.read_models.questions import Question, questions
from tasks.models import Task

AT_MOST = 3
# How many of the newest letters are compared where no task narrows them.
NEWEST = 300
# The part of the shorter text's pairs that the longer one must share.
NEAR = 1 / 3
# What stands in every question, whatever it is about.
COMMON = re.compile(
    "什么时候|为什么|什么|怎么|怎样|请问|有没有|没有|是不是|能不能|可不可以|可以|多少|哪里|哪个|我们|你们|[的了吗呢吧]"
)


def similar_questions(text: str, task: Task | None) -> list[Question]:
    """Published questions similar to the text, of the same task if there is one;
    the nearest first.
    """
    rows = Ticket.objects.published()
    rows = rows.filter(task=task) if task else rows[:NEWEST]
    return questions(_nearest(text, rows, lambda row: row.public_text))


def likely_heads(ticket: Ticket, user: User) -> list[Ticket]:
    """Letters into which this person may merge the letter, the nearest first."""
    rows = (
        Ticket.objects.visible_to(user)
        .filter(status__in=RUNNING)
        .exclude(pk=ticket.pk)
        .exclude(handling_text="")
    )
    rows = rows.only("number", "kind", "handling_text").order_by("-id")[:NEWEST]
    return _nearest(ticket.text, rows, lambda row: row.handling_text)


def _nearest(text: str, rows: Iterable[Ticket], words_of: Callable[[Ticket], str]) -> list[Ticket]:
    pairs = _pairs(text)
    scored = [(_shared(pairs, _pairs(words_of(row))), row) for row in rows]
    best = sorted((pair for pair in scored if pair[0]), key=lambda pair: pair[0], reverse=True)
    return [row for _, row in best[:AT_MOST]]


def _pairs(text: str) -> set[str]:
    parts = re.split(r"\W+", COMMON.sub(" ", fold(text)))
    return {part[start : start + 2] for part in parts for start in range(len(part) - 1)}


def _shared(first: set[str], second: set[str]) -> int:
    """How many pairs both have; 0 where that is too small a part of the shorter text."""
    shared = len(first & second)
    return shared if shared and shared / min(len(first), len(second)) >= NEAR else 0
