"""What the actions on a letter share: lock it, apply the transition,
leave the step and the ledger entry.
"""

from datetime import date, datetime
from typing import Any

from django.conf import settings

from common.errors import Refused
from common.text.canonical import digest
from common.time.days import local_day
from departments.models import CalendarDay, User
from feedback.models import Ticket, TicketEvent
from feedback.rules.clocks import Clock, Workdays, clock_of
from feedback.transitions import TRANSITIONS
from ledger.actions import Actor, LedgerEvent, append

CITIZEN = Actor(post="来信人")
# What a ledger event says of a letter: ids, choices, days and digests by name.
Facts = dict[str, Any]


def rules() -> dict[str, Any]:
    """The site's rules for letters: days, ceilings, rating_days, waiting_days, reply_check."""
    return settings.SITE["tickets"]


def lock(ticket: Ticket, verb: str) -> Ticket:
    """The letter as it is now, locked for the transaction.

    Raises Refused when its status does not allow the transition `verb`.
    """
    fresh = Ticket.objects.select_for_update().get(pk=ticket.pk)
    if fresh.status not in TRANSITIONS[verb].from_statuses:
        raise Refused(f"这件诉求现在是“{fresh.get_status_display()}”，不能再做这一步。")
    return fresh


def apply_transition(
    ticket: Ticket,
    verb: str,
    facts: Facts | None = None,
    note: str = "",
    *,
    by: Actor,
    at: datetime,
    public: bool = False,
    inner: str = "",
    due_on: date | None = None,
) -> Ticket:
    """Sets the status to which the transition leads, and leaves the step and the ledger entry.

    The arguments are those of `build_step`.
    """
    ticket.advance(verb)
    ticket.save()
    log_step(ticket, verb, facts, note, by=by, at=at, public=public, inner=inner, due_on=due_on)
    return ticket


def log_step(
    ticket: Ticket,
    verb: str,
    facts: Facts | None = None,
    note: str = "",
    *,
    by: Actor,
    at: datetime,
    public: bool = False,
    inner: str = "",
    due_on: date | None = None,
) -> None:
    """Leaves a step and its ledger entry without changing the status."""
    step = build_step(
        ticket, verb, facts, note, by=by, at=at, public=public, inner=inner, due_on=due_on
    )
    append([step], by=by, at=at)


def build_step(
    ticket: Ticket,
    verb: str,
    facts: Facts | None = None,
    note: str = "",
    *,
    by: Actor,
    at: datetime,
    public: bool = False,
    inner: str = "",
    due_on: date | None = None,
    unit: str = "",
) -> LedgerEvent:
    """Leaves the dated step and returns its event; the caller appends events as its last statement.

    The event stays internal until publication, because even that a complaint exists concerns nobody
    else. `note` is for the writer, `inner` for the staff. `unit`: in whose name, where that is not
    the actor's. `due_on`: the day the step sets or asks for.
    """
    TicketEvent.objects.create(
        ticket=ticket,
        verb=verb,
        at=at,
        unit=unit or by.unit,
        public_note=note,
        inner_note=inner,
        due_on=due_on,
        by_id=int(by.id) if by.id else None,
    )
    facts = _event_facts(ticket, facts or {}, due_on)
    return LedgerEvent(TRANSITIONS[verb].ledger_verb, "ticket", ticket.number, facts, public=public)


def _event_facts(ticket: Ticket, facts: Facts, due_on: date | None) -> Facts:
    """The facts with the day that the step sets, and with a mark where the letter is a sample."""
    if due_on:
        facts = facts | {"due_on": due_on}
    return facts | {"demonstration": True} if ticket.demonstration else facts


def check_not_about_own_unit(ticket: Ticket, by: User) -> None:
    """Keeps everybody from a letter about their own unit.

    Raises Refused when the letter is about a unit of `by`.
    """
    if ticket.concerns(by):
        raise Refused("这件诉求涉及您所在的单位，请由其他单位的同事处理。")


def clock_and_calendar(ticket: Ticket, *coming: TicketEvent) -> tuple[Clock, Workdays]:
    """The clock of the letter with steps about to be left, and the calendar it runs over."""
    past = ticket.events.all() if ticket.pk else ()
    clock = clock_of(local_day(ticket.received_at), ticket.due_days, [*past, *coming])
    return clock, CalendarDay.objects.table(clock.span)


def set_due(ticket: Ticket, *coming: TicketEvent) -> None:
    """Sets the due day, counted with steps about to be left; not saved here."""
    ticket.due_days = rules()["days"][ticket.kind]
    clock, workdays = clock_and_calendar(ticket, *coming)
    ticket.due_on, ticket.due_provisional = clock.due(workdays)


def leave_tombstone(ticket: Ticket, reason: str, at: datetime) -> dict[str, str]:
    """Removes the public words and leaves day and reason, not saved here;
    returns the digests of the words.
    """
    facts = {"public_text": digest(ticket.public_text), "public_reply": digest(ticket.public_reply)}
    ticket.taken_down_at, ticket.taken_down_reason = at, reason
    ticket.public_text, ticket.public_reply, ticket.published_at = "", "", None
    return facts
