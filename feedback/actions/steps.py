"""What every deed on a ticket shares: lock and look at the moment, move, leave the step and the entry."""

from datetime import datetime
from typing import Any

from django.conf import settings

from common.errors import Refused
from common.text.canonical import digest
from common.time.days import local_day
from departments.models import CalendarDay, User
from feedback.models import Ticket, TicketEvent
from feedback.rules.clocks import Clock, Known, clock_of
from feedback.transitions import TRANSITIONS
from ledger.actions import Actor, LedgerEvent, append

CITIZEN = Actor(post="来信人")


def rules() -> dict[str, Any]:
    """The site's own: days, ceilings, rating_days, waiting_days, reply_check."""
    return settings.SITE["tickets"]


def locked(ticket: Ticket, verb: str) -> Ticket:
    fresh = Ticket.objects.select_for_update().get(pk=ticket.pk)
    if fresh.status not in TRANSITIONS[verb].from_statuses:
        raise Refused(f"这件诉求现在是“{fresh.get_status_display()}”，不能再做这一步。")
    return fresh


def move(
    ticket,
    verb,
    facts=None,
    note="",
    *,
    by: Actor,
    at: datetime,
    public=False,
    **step_words,
) -> Ticket:
    """Takes the letter where the table of transitions says, and leaves the step and the entry."""
    ticket.advance(verb)
    ticket.save()
    step(ticket, verb, facts, note, by=by, at=at, public=public, **step_words)
    return ticket


def step(ticket, verb, facts=None, note="", *, by: Actor, at: datetime, public=False, **words) -> None:
    append([stepped(ticket, verb, facts, note, by=by, at=at, public=public, **words)], by=by, at=at)


def stepped(
    ticket, verb, facts=None, note="", *, by: Actor, at: datetime, public=False, inner="", due_on=None, unit=""
) -> LedgerEvent:
    """Leaves the dated step; the deed goes into the record as the caller's last statement.

    It stays internal until publication: even that a complaint exists is nobody's business.
    `unit`: in whose name, where that is not the actor's; `inner`: for the staff only; `due_on`: the day it sets.
    """
    told = {"public_note": note, "inner_note": inner, "due_on": due_on, "by_id": int(by.id) if by.id else None}
    TicketEvent.objects.create(ticket=ticket, verb=verb, at=at, unit=unit or by.unit, **told)
    facts = (facts or {}) | ({"due_on": due_on} if due_on else {})
    facts |= {"demonstration": True} if ticket.demonstration else {}
    return LedgerEvent(TRANSITIONS[verb].ledger_verb, "ticket", ticket.number, facts, public=public)


def not_about_own_unit(ticket: Ticket, by: User) -> None:
    if ticket.concerns(by):
        raise Refused("这件诉求涉及您所在的单位，请由其他单位的同事处理。")


def clock_and_calendar(ticket: Ticket, *coming: TicketEvent) -> tuple[Clock, Known]:
    """The clock with steps that are about to be left, and the days it runs over."""
    past = ticket.events.all() if ticket.pk else ()
    clock = clock_of(local_day(ticket.received_at), ticket.due_days, [*past, *coming])
    return clock, CalendarDay.objects.table(clock.span)


def set_due(ticket: Ticket, *coming: TicketEvent) -> None:
    ticket.due_days = rules()["days"][ticket.kind]
    clock, known = clock_and_calendar(ticket, *coming)
    ticket.due_on, ticket.due_provisional = clock.due(known)


def taken_down(ticket: Ticket, reason: str, at: datetime) -> dict[str, str]:
    """Leaves the tombstone, not saved here; returns the digests of what was public."""
    facts = {"public_text": digest(ticket.public_text), "public_reply": digest(ticket.public_reply)}
    ticket.taken_down_at, ticket.taken_down_reason = at, reason
    ticket.public_text, ticket.public_reply, ticket.published_at = "", "", None
    return facts
