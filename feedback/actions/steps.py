"""What every deed on a ticket shares: lock and look at the moment, move, leave the step and the entry."""

from datetime import datetime

from django.conf import settings

from departments.models import CalendarDay, Role, User
from feedback.models import MOVES, Ticket, TicketEvent
from ledger.actions import Actor, Deed, append
from yantian_portal.lib.days import local_day
from yantian_portal.lib.errors import Refused

DESK = (Role.CLERK, Role.SUPERVISOR)


def locked(ticket: Ticket, verb: str) -> Ticket:
    fresh = Ticket.objects.select_for_update().get(pk=ticket.pk)
    if fresh.status not in MOVES[verb]:
        raise Refused(f"这件诉求现在是“{fresh.get_status_display()}”，不能再做这一步。")
    return fresh


def move(ticket, verb, status, facts=None, note="", *, by: Actor, at: datetime, public=False) -> Ticket:
    ticket.status = status
    ticket.save()
    step(ticket, verb, facts, note, by=by, at=at, public=public)
    return ticket


def step(ticket, verb, facts=None, note="", *, by: Actor, at: datetime, public=False) -> None:
    append([stepped(ticket, verb, facts, note, by=by, at=at, public=public)], by=by, at=at)


def stepped(ticket, verb, facts=None, note="", *, by: Actor, at: datetime, public=False) -> Deed:
    """Leaves the dated step; the deed goes into the record as the caller's last statement.

    It stays internal until publication: even that a complaint exists is nobody's business.
    """
    TicketEvent.objects.create(ticket=ticket, verb=verb, at=at, unit=by.unit, public_note=note)
    facts = (facts or {}) | ({"demonstration": True} if ticket.demonstration else {})
    return Deed(f"{verb}_ticket", "ticket", ticket.number, facts, public=public)


def not_about_own_unit(ticket: Ticket, by: User) -> None:
    if ticket.concerns(by):
        raise Refused("这件诉求涉及您所在的单位，请由其他单位的同事处理。")


def set_due(ticket: Ticket) -> None:
    ticket.due_days = settings.REPLY_DAYS[ticket.kind]
    start = local_day(ticket.received_at)
    ticket.due_on, ticket.due_provisional = CalendarDay.objects.working_day_after(start, ticket.due_days)
