"""What the leading unit does: take, answer, hand back once."""

from datetime import datetime

from django.db import transaction

from departments.models import CalendarDay, Role, User
from feedback.actions.steps import locked, move
from feedback.models import Reply, Ticket, TicketStatus
from ledger.actions import Actor
from yantian_portal.lib.canonical import digest
from yantian_portal.lib.days import local_day
from yantian_portal.lib.errors import Refused


@transaction.atomic
def take(*, ticket: Ticket, by: User, at: datetime) -> Ticket:
    ticket = locked(ticket, "take")
    return move(ticket, "take", TicketStatus.HANDLING, by=_in_lead(ticket, by), at=at)


@transaction.atomic
def hand_back(*, ticket: Ticket, reason: str, by: User, at: datetime) -> Ticket:
    """Not ours: once only, so that no letter wanders between desks."""
    ticket = locked(ticket, "hand_back")
    if ticket.handed_back_at:
        raise Refused("这件诉求已经退回过一次，不能再退。请办理，或与受理员商量。")
    actor, facts = _in_lead(ticket, by), {"lead": ticket.lead_department_id, "reason": digest(reason)}
    ticket.handed_back_at, ticket.hand_back_reason, ticket.lead_department = at, reason, None
    ticket.supporting_departments.clear()
    return move(ticket, "hand_back", TicketStatus.ACCEPTED, facts, by=actor, at=at)


@transaction.atomic
def reply(*, ticket: Ticket, text: str, by: User, at: datetime) -> Reply:
    ticket = locked(ticket, "reply")
    given = Reply.objects.create(ticket=ticket, department=ticket.lead_department, text=text, by=by, at=at)
    start, end = local_day(ticket.received_at), local_day(at)
    ticket.answered_at = at
    ticket.days_taken = max(CalendarDay.objects.working_days_between(start, end), 0)
    facts = {"reply": given.pk, "text": digest(text), "days": ticket.days_taken}
    move(ticket, "reply", TicketStatus.ANSWERED, facts, by=_in_lead(ticket, by), at=at)
    return given


def _in_lead(ticket: Ticket, by: User) -> Actor:
    """The person in the post that stands for the leading unit."""
    lead = ticket.lead_department_id
    if lead not in by.departments_as(*Role.values):
        raise Refused("这件诉求不由您所在的单位主办。")
    return by.actor(of=lead)
