"""Questions to the writer (需补充材料): the clock stands still until the writer
answers or the office waits no longer.
"""

from datetime import datetime

from django.db import transaction

from common.text.canonical import digest
from departments.models import User
from feedback.actions.steps import (
    Facts,
    apply_transition,
    check_not_about_own_unit,
    lock,
    set_due,
)
from feedback.models import Ticket, TicketEvent
from feedback.roles import DESK
from ledger.actions import Actor


@transaction.atomic
def ask_more(*, ticket: Ticket, question: str, by: User, at: datetime) -> Ticket:
    """Asks the writer for more material; the clock stands still until it comes.

    Asked by the desk before screening, by the leading unit while it works.

    Raises Refused when the letter is in no such status, when `by` does not belong to the leading
    unit, or when the letter is about a unit of `by`.
    """
    ticket = lock(ticket, "ask_more")
    check_not_about_own_unit(ticket, by)
    facts = {"question": digest(question)}
    return apply_transition(ticket, "ask_more", facts, question, by=asking_actor(ticket, by), at=at)


@transaction.atomic
def resume(*, ticket: Ticket, by: User, at: datetime) -> Ticket:
    """Goes on without the answer of the writer, with the working days that were left.

    Raises Refused when nothing was asked, when `by` does not belong to the leading unit, or when
    the letter is about a unit of `by`.
    """
    ticket = lock(ticket, "resume")
    check_not_about_own_unit(ticket, by)
    return resume_handling(ticket, "resume", {}, by=asking_actor(ticket, by), at=at)


def resume_handling(
    ticket: Ticket, verb: str, facts: Facts, note: str = "", *, by: Actor, at: datetime
) -> Ticket:
    """Sends the letter back to whoever asked the writer, with the working days that were left."""
    set_due(ticket, TicketEvent(verb=verb, at=at))
    return apply_transition(ticket, verb, facts, note, by=by, at=at, due_on=ticket.due_on)


def asking_actor(ticket: Ticket, by: User) -> Actor:
    """Who asks the writer: the desk while no unit leads, later the person for the leading unit."""
    return by.actor(of=ticket.lead_department_id) if ticket.lead_department_id else by.actor(*DESK)
