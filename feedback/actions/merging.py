"""并案: letters about one matter follow one of them; every sender gets its answer, with days and a rating of their own.

Nothing of a follower is shown to the unit that works: it stays without lead, and gets a copy of what was sent.
"""

from datetime import datetime

from django.db import transaction

from common.errors import Refused
from common.time.days import local_day
from departments.models import User
from feedback.actions.steps import clock_and_calendar, locked, move, not_about_own_unit, stepped
from feedback.choices import AT_THE_UNIT, REPLIED, TicketStatus
from feedback.models import Reply, Ticket
from feedback.roles import DESK
from ledger.actions import Actor, LedgerEvent, append

# What is still to be screened may yet be declined, and whoever followed it would be left with nothing.
HEADS = [TicketStatus.ACCEPTED, *AT_THE_UNIT, TicketStatus.CHECKING, *REPLIED]
TOLD = "与另一件同样的诉求合并办理，答复也发给您。"


@transaction.atomic
def merge(*, ticket: Ticket, into: str, by: User, at: datetime) -> Ticket:
    """`into`: the number of the head. If that was answered already, the answer goes out at once."""
    head = Ticket.objects.visible_to(by).filter(number=into).first()
    if head is None or head.pk == ticket.pk:
        raise Refused(f"没有找到可以并入的诉求 {into}，请核对登记编号。")
    # Both in one order, so that two merges across each other do not wait for ever.
    list(Ticket.objects.select_for_update().filter(pk__in=[ticket.pk, head.pk]).order_by("pk"))
    ticket, head = locked(ticket, "merge"), Ticket.objects.get(pk=head.pk)
    for one in (ticket, head):
        not_about_own_unit(one, by)
    if reasons := _why_not(ticket, head):
        raise Refused(*reasons)
    # Nobody has said of the follower whom it means, but it means the same: whoever may not see the head sees neither.
    ticket.about_department = ticket.about_department or head.about_department
    actor, ticket.merged_into = by.actor(*DESK), head
    move(ticket, "merge", {"into": head.number}, TOLD, by=actor, at=at)
    if head.status in REPLIED:
        sent = head.replies.sent().last()
        append([_answered(ticket, sent, by=actor, at=at)], by=actor, at=at)
    return ticket


def _why_not(ticket: Ticket, head: Ticket) -> list[str]:
    reasons = []
    if head.status not in HEADS:
        reasons.append(f"{head.number}现在是“{head.get_status_display()}”，请先受理那一件，再并入。")
    if ticket.opening > 1:
        reasons.append("来信人要求重办的诉求不能并案，请单独办理。")
    if ticket.followers.filter(status=TicketStatus.MERGED).exists():
        reasons.append("已有别的诉求并入这一件，请把那一件并到这里来。")
    return reasons


def answer_followers(head: Ticket, sent: Reply, *, by: Actor, at: datetime) -> list[LedgerEvent]:
    followers = head.followers.select_for_update().filter(status=TicketStatus.MERGED).order_by("pk")
    return [_answered(follower, sent, by=by, at=at) for follower in followers]


def _answered(ticket: Ticket, sent: Reply, *, by: Actor, at: datetime) -> LedgerEvent:
    clock, known = clock_and_calendar(ticket)
    copy = Reply(ticket=ticket, department=sent.department, text=sent.text, by=sent.by, at=sent.at)
    copy.adoption = sent.adoption
    copy.checked_by, copy.sent_at, copy.days = sent.checked_by, at, clock.taken(known, local_day(at))
    copy.save()
    ticket.receives(copy)
    ticket.save()
    facts = {"reply": copy.pk, "days": copy.days}
    return stepped(ticket, "reply", facts, by=by, at=at, unit=sent.department.short_name)


def release_followers(head: Ticket, *, by: Actor, at: datetime) -> list[LedgerEvent]:
    """Its sender took the head back: the others are screened for themselves, each with the day they were promised."""
    events = []
    for ticket in head.followers.select_for_update().filter(status=TicketStatus.MERGED).order_by("pk"):
        ticket.merged_into = None
        ticket.advance("unmerge")
        ticket.save()
        events.append(stepped(ticket, "unmerge", by=by, at=at))
    return events
