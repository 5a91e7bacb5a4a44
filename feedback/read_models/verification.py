"""Whether the public letters are still those that the ledger says were published."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Q

from common.batches import batches
from common.text.canonical import digest
from feedback.models import Ticket
from feedback.transitions import TRANSITIONS
from ledger.models import Entry
from ledger.verification import Told, told_by

LETTERS_AT_ONCE = 500
PUBLISHING = TRANSITIONS["publish"].ledger_verb
WORDS = {"public_text": "来信", "public_reply": "答复"}


@dataclass
class _Recorded:
    """What the ledger says of one letter: that it was published, and that this ended."""

    published: Told | None = None
    ended: Told | None = None


def letter_faults() -> Iterator[str]:
    """All that does not agree, as Chinese sentences that name the letter and the entry.

    Read in batches. Of a letter that was taken down only day and reason are left, as it should be.
    """
    once_public = Ticket.objects.filter(
        Q(published_at__isnull=False) | Q(taken_down_at__isnull=False)
    )
    numbers = once_public.order_by("pk").values_list("number", flat=True).iterator(chunk_size=2000)
    for batch in batches(numbers, LETTERS_AT_ONCE):
        recorded = _recorded(batch)
        for ticket in Ticket.objects.filter(number__in=batch).order_by("pk"):
            for reason in _faults_of(ticket, recorded.get(ticket.number, _Recorded())):
                yield f"公开的来信 {ticket.number}：{reason}"
    lost = Entry.objects.filter(subject_type="ticket", verb=PUBLISHING)
    for entry in (
        lost.exclude(subject_id__in=once_public.values("number")).order_by("seq").iterator()
    ):
        yield f"公开记录第 {entry.seq} 条公开了来信 {entry.subject_id}，现在没有公开也没有撤下"


def _recorded(numbers: list[str]) -> dict[str, _Recorded]:
    recorded: dict[str, _Recorded] = {}
    for entry in Entry.objects.about("ticket", *numbers).public().order_by("seq").iterator():
        letter = recorded.setdefault(entry.subject_id, _Recorded())
        if entry.verb == PUBLISHING:
            letter.published = told_by(entry)
        elif "public_text" in (ended := told_by(entry)).facts:
            letter.ended = ended
    return recorded


def _faults_of(ticket: Ticket, recorded: _Recorded) -> Iterator[str]:
    if recorded.published is None:
        yield "公开记录里没有公开过"
    elif ticket.published_at:
        yield from _faults_while_public(ticket, recorded.published)
    if ticket.taken_down_at != (recorded.ended.at if recorded.ended else None):
        yield "是否撤下、何时撤下，与公开记录不符"


def _faults_while_public(ticket: Ticket, told: Told) -> Iterator[str]:
    for name, word in WORDS.items():
        if digest(getattr(ticket, name)) != told.facts.get(name):
            yield f"页面上的{word}与公开记录第 {told.seq} 条的校验值不符"
    if ticket.published_at != told.at:
        yield f"公开时间与公开记录第 {told.seq} 条不符"
