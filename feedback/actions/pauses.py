"""需补充材料: the clock stands still while the citizen is asked, until they answer or nobody waits any more."""

from datetime import datetime

from django.db import transaction

from common.text.canonical import digest
from departments.models import User
from feedback.actions.steps import locked, move, not_about_own_unit, set_due
from feedback.models import Ticket, TicketEvent
from feedback.roles import DESK
from ledger.actions import Actor


@transaction.atomic
def ask_more(*, ticket: Ticket, question: str, by: User, at: datetime) -> Ticket:
    """By the desk before screening, by the leading unit while it works; never by the unit complained of."""
    ticket = locked(ticket, "ask_more")
    not_about_own_unit(ticket, by)
    facts = {"question": digest(question)}
    return move(ticket, "ask_more", facts, question, by=asker(ticket, by), at=at)


@transaction.atomic
def resume(*, ticket: Ticket, by: User, at: datetime) -> Ticket:
    """The person does not answer; what is known must do."""
    ticket = locked(ticket, "resume")
    not_about_own_unit(ticket, by)
    return go_on(ticket, "resume", {}, by=asker(ticket, by), at=at)


def go_on(ticket: Ticket, verb: str, facts: dict, note: str = "", *, by: Actor, at: datetime) -> Ticket:
    """Back to whoever asked, with the days that were left."""
    set_due(ticket, TicketEvent(verb=verb, at=at))
    return move(ticket, verb, facts, note, by=by, at=at, due_on=ticket.due_on)


def asker(ticket: Ticket, by: User) -> Actor:
    """The desk as long as no unit leads; then the person in the post that stands for that unit."""
    return by.actor(of=ticket.lead_department_id) if ticket.lead_department_id else by.actor(*DESK)
