"""Merging (并案): letters about one matter follow one of them, the head; every writer gets the
answer, with days and a rating of their own.

The unit that works sees nothing of a follower: a follower has no lead, and gets a copy of what is
sent.
"""

from datetime import datetime

from django.db import transaction

from common.errors import Refused
from common.time.days import local_day
from departments.models import User
from feedback.actions.steps import (
    apply_transition,
    build_step,
    check_not_about_own_unit,
    clock_and_calendar,
    lock,
)
from feedback.choices import AT_THE_UNIT, REPLIED, TicketStatus
from feedback.models import Reply, Ticket
from feedback.roles import DESK
from ledger.actions import Actor, LedgerEvent, append

# Not yet screened, a head could still be declined, and its followers would never be answered.
HEADS = [TicketStatus.ACCEPTED, *AT_THE_UNIT, TicketStatus.CHECKING, *REPLIED]
MERGED_NOTE = "与另一件同样的诉求合并办理，答复也发给您。"


@transaction.atomic
def merge(*, ticket: Ticket, into: str, by: User, at: datetime) -> Ticket:
    """Merges a letter into another. Where that one is answered already, a copy goes out at once.

    `into`: the number of the head.

    Raises Refused when there is no such letter in sight, when the head is not accepted yet or has
    ended without an answer, when the letter itself is reopened or has followers, when it is not
    with the desk, or when one of the two is about a unit of `by`.
    """
    ticket, head = _lock_with_head(ticket, into, by)
    for letter in (ticket, head):
        check_not_about_own_unit(letter, by)
    if reasons := _merge_obstacles(ticket, head):
        raise Refused(*reasons)
    # The follower was not screened, but it is about the same unit as the head.
    ticket.about_department = ticket.about_department or head.about_department
    actor, ticket.merged_into = by.actor(*DESK), head
    apply_transition(ticket, "merge", {"into": head.number}, MERGED_NOTE, by=actor, at=at)
    if head.status in REPLIED:
        sent = head.replies.sent().latest("pk")
        append([_send_copy(ticket, sent, by=actor, at=at)], by=actor, at=at)
    return ticket


def _lock_with_head(ticket: Ticket, into: str, by: User) -> tuple[Ticket, Ticket]:
    """Locks the letter and the one of that number, which the person has to see."""
    head = Ticket.objects.visible_to(by).filter(number=into).first()
    if head is None or head.pk == ticket.pk:
        raise Refused(f"没有找到可以并入的诉求 {into}，请核对登记编号。")
    # Always locked in the order of their ids: two merges across each other would wait for ever.
    list(Ticket.objects.select_for_update().filter(pk__in=[ticket.pk, head.pk]).order_by("pk"))
    return lock(ticket, "merge"), Ticket.objects.get(pk=head.pk)


def _merge_obstacles(ticket: Ticket, head: Ticket) -> list[str]:
    reasons = []
    if head.status not in HEADS:
        reasons.append(
            f"{head.number}现在是“{head.get_status_display()}”，请先受理那一件，再并入。"
        )
    if ticket.opening > 1:
        reasons.append("来信人要求重办的诉求不能并案，请单独办理。")
    if ticket.followers.filter(status=TicketStatus.MERGED).exists():
        reasons.append("已有别的诉求并入这一件，请把那一件并到这里来。")
    return reasons


def answer_followers(head: Ticket, sent: Reply, *, by: Actor, at: datetime) -> list[LedgerEvent]:
    """Sends a copy of the head's reply to the writers of the letters merged into it;
    returns the events for the ledger.
    """
    followers = head.followers.select_for_update().filter(status=TicketStatus.MERGED).order_by("pk")
    return [_send_copy(follower, sent, by=by, at=at) for follower in followers]


def _send_copy(ticket: Ticket, sent: Reply, *, by: Actor, at: datetime) -> LedgerEvent:
    """Answers one follower with a copy of the head's reply."""
    clock, workdays = clock_and_calendar(ticket)
    copy = Reply(ticket=ticket, department=sent.department, text=sent.text, by=sent.by, at=sent.at)
    copy.adoption = sent.adoption
    copy.checked_by, copy.sent_at = sent.checked_by, at
    copy.days = clock.days_taken(workdays, local_day(at))
    copy.save()
    ticket.set_answer(copy)
    ticket.save()
    facts = {"reply": copy.pk, "days": copy.days}
    return build_step(ticket, "reply", facts, by=by, at=at, unit=sent.department.short_name)


def release_followers(head: Ticket, *, by: Actor, at: datetime) -> list[LedgerEvent]:
    """Sends the letters merged into a withdrawn head back to the desk, each with the day its writer
    was promised; returns the events for the ledger.
    """
    events = []
    for ticket in (
        head.followers.select_for_update().filter(status=TicketStatus.MERGED).order_by("pk")
    ):
        ticket.merged_into = None
        ticket.advance("unmerge")
        ticket.save()
        events.append(build_step(ticket, "unmerge", by=by, at=at))
    return events
