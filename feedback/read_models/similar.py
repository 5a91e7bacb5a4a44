"""Which letters say much of the same: offered before one more is sent, and before one is worked on twice.

Chinese has no blanks between words, so two texts are compared by the pairs of characters they share.
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
# How many of the newest are looked through where no task narrows them.
LOOKED_THROUGH = 300
# The part of the shorter text that the longer one must share.
NEAR = 1 / 3
# What stands in every question, whatever it is about.
COMMON = re.compile(
    "什么时候|为什么|什么|怎么|怎样|请问|有没有|没有|是不是|能不能|可不可以|可以|多少|哪里|哪个|我们|你们|[的了吗呢吧]"
)


def similar_questions(text: str, task: Task | None) -> list[Question]:
    """Published ones, of the same task if there is one; the nearest first."""
    rows = Ticket.objects.published()
    rows = rows.filter(task=task) if task else rows[:LOOKED_THROUGH]
    return questions(_nearest(text, rows, lambda row: row.public_text))


def likely_heads(ticket: Ticket, user: User) -> list[Ticket]:
    """What this person may merge the letter into: accepted, in hand, in their sight; the nearest first."""
    rows = Ticket.objects.visible_to(user).filter(status__in=RUNNING).exclude(pk=ticket.pk).exclude(handling_text="")
    rows = rows.only("number", "kind", "handling_text").order_by("-id")[:LOOKED_THROUGH]
    return _nearest(ticket.text, rows, lambda row: row.handling_text)


def _nearest(text: str, rows: Iterable[Ticket], words_of: Callable[[Ticket], str]) -> list[Ticket]:
    wanted = _pairs(text)
    near = [(_shared(wanted, _pairs(words_of(row))), row) for row in rows]
    best = sorted((pair for pair in near if pair[0]), key=lambda pair: pair[0], reverse=True)
    return [row for _, row in best[:AT_MOST]]


def _pairs(text: str) -> set[str]:
    parts = re.split(r"\W+", COMMON.sub(" ", fold(text)))
    return {part[at : at + 2] for part in parts for at in range(len(part) - 1)}


def _shared(wanted: set[str], pairs: set[str]) -> int:
    """How many pairs both have; 0 where it is too small a part to mean anything."""
    shared = len(wanted & pairs)
    return shared if shared and shared / min(len(wanted), len(pairs)) >= NEAR else 0
