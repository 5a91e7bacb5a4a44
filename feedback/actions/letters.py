"""What comes from the citizen and what is kept for them: receipt, withdrawal, due days, contacts."""

from datetime import datetime

from django.conf import settings
from django.db import transaction

from feedback.actions.steps import locked, move, set_due, step, stepped
from feedback.models import OPEN, Contact, Ticket, TicketCounter, TicketStatus
from ledger.actions import Actor, Deed, append
from tasks.models import Task
from yantian_portal.lib.canonical import digest
from yantian_portal.lib.crypto import code_digest, query_codes
from yantian_portal.lib.days import local_day
from yantian_portal.lib.errors import Refused

CITIZEN = Actor(post="来信人")


@transaction.atomic
def receive(
    *,
    form_token: str,
    kind: str,
    text: str,
    notice_version: str,
    by: Actor,
    at: datetime,
    task: Task | None = None,
    place: str = "",
    contact: str = "",
    reply_by: str = Ticket.ReplyBy.WEB,
    channel: str = Ticket.Channel.WEB,
    consent: bool = False,
    demonstration: bool = False,
) -> Ticket:
    """Registers a letter. The same form sent twice is the same ticket with the same receipt."""
    counter = _locked_counter(local_day(at).year)
    if known := Ticket.objects.filter(form_token=form_token).first():
        return known
    ticket = Ticket(
        number=_next_number(counter),
        form_token=form_token,
        code_digest=code_digest(query_codes(form_token)[0]),
        kind=kind,
        text=text,
        notice_version=notice_version,
        task=task,
        place=place,
        reply_by=reply_by,
        channel=channel,
        consent_to_publish=consent,
        demonstration=demonstration,
        received_at=at,
    )
    set_due(ticket)
    ticket.save()
    if contact:
        Contact.seal(ticket, contact)
    about = task and task.code
    facts = {"kind": kind, "channel": channel, "task": about, "text": digest(text), "due_on": ticket.due_on}
    step(ticket, "receive", facts, by=by, at=at)
    return ticket


def _locked_counter(year: int) -> TicketCounter:
    return TicketCounter.objects.select_for_update().get_or_create(year=year)[0]


def _next_number(counter: TicketCounter) -> str:
    counter.last += 1
    counter.save(update_fields=["last"])
    return f"{settings.SITE['ticket_prefix']}-{counter.year}-{counter.last:06d}"


@transaction.atomic
def withdraw(*, ticket: Ticket, at: datetime) -> Ticket:
    """By the person, with the code: the contact is deleted, an open ticket ends, a public page goes down."""
    ticket = locked(ticket, "withdraw")
    if ticket.withdrawn_at:
        raise Refused("这件诉求已经撤回。")
    Contact.objects.filter(ticket=ticket).delete()
    facts = {"public_text": digest(ticket.public_text), "public_reply": digest(ticket.public_reply)}
    was_public = ticket.published_at is not None
    if was_public:
        ticket.taken_down_at, ticket.taken_down_reason = at, "来信人撤回了公开同意"
        ticket.public_text, ticket.public_reply, ticket.published_at = "", "", None
    ticket.consent_to_publish, ticket.withdrawn_at = False, at
    status = TicketStatus.WITHDRAWN if ticket.status in OPEN else ticket.status
    return move(ticket, "withdraw", status, facts, by=CITIZEN, at=at, public=was_public)


@transaction.atomic
def settle_due_days(*, by: Actor, at: datetime) -> int:
    """Recounts provisional due days after an official calendar has come; returns how many became final."""
    deeds = []
    for ticket in Ticket.objects.select_for_update().unfinished().filter(due_provisional=True):
        before = ticket.due_on
        set_due(ticket)
        if not ticket.due_provisional:
            ticket.save()
            deeds.append(stepped(ticket, "reschedule", {"due_on": [before, ticket.due_on]}, by=by, at=at))
    append(deeds, by=by, at=at)
    return len(deeds)


@transaction.atomic
def forget_contacts(*, before: datetime, by: Actor, at: datetime) -> int:
    """Deletes the contacts of letters closed before that moment; returns how many."""
    numbers = list(Ticket.objects.closed_before(before).filter(contact__isnull=False).values_list("number", flat=True))
    Contact.objects.filter(ticket__number__in=numbers).delete()
    append([Deed("forget_contact", "ticket", number, public=False) for number in numbers], by=by, at=at)
    return len(numbers)
