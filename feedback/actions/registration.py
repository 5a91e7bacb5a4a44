"""The registration of a letter: one form makes one letter with one receipt."""

from datetime import datetime

from django.conf import settings
from django.db import transaction

from common.security.crypto import code_digest, query_codes
from common.text.canonical import digest
from common.time.days import local_day
from feedback.actions.steps import log_step, set_due
from feedback.choices import ReplyMethod, TicketChannel
from feedback.models import Contact, Ticket, TicketCounter
from ledger.actions import Actor
from tasks.models import Task


@transaction.atomic
def register(
    *,
    form_token: str,
    kind: str,
    text: str,
    notice_version: str,
    by: Actor,
    at: datetime,
    task: Task | None = None,
    location: str = "",
    contact: str = "",
    photo: bytes | None = None,
    reply_by: str = ReplyMethod.WEB,
    channel: str = TicketChannel.WEB,
    consent: bool = False,
    demonstration: bool = False,
) -> Ticket:
    """Registers a letter; the same form sent twice is the same letter with the same receipt.

    `form_token`: the one-time mark of the form. `kind`, `reply_by`, `channel`: a `TicketKind`, a
    `ReplyMethod`, a `TicketChannel`. `notice_version`: which privacy notice the writer saw.
    `photo`: a checked JPEG. `by`: the writer, or the clerk who registers for them.
    """
    counter = _locked_counter(local_day(at).year)
    if earlier := Ticket.objects.filter(form_token=form_token).first():
        return earlier
    ticket = Ticket(
        number=_next_number(counter),
        form_token=form_token,
        code_digest=code_digest(query_codes(form_token)[0]),
        kind=kind,
        text=text,
        notice_version=notice_version,
        task=task,
        location=location,
        reply_by=reply_by,
        channel=channel,
        consent_to_publish=consent,
        demonstration=demonstration,
        received_at=at,
    )
    set_due(ticket)
    ticket.attach_photo(photo)
    ticket.save()
    if contact:
        Contact.seal(ticket, contact)
    facts = {"kind": kind, "channel": channel, "task": task and task.code, "text": digest(text)}
    facts |= {"photo": ticket.photo_sha256} if photo else {}
    log_step(ticket, "receive", facts, by=by, at=at, due_on=ticket.due_on)
    return ticket


def registered_otherwise(form_token: str, kind: str, text: str, location: str) -> Ticket | None:
    """The letter that this form has already made, if it says something else.

    Whoever goes back, corrects the words and sends again must learn that they went nowhere.
    """
    earlier = Ticket.objects.filter(form_token=form_token).first()
    if earlier and (earlier.kind, earlier.text, earlier.location) != (kind, text, location):
        return earlier
    return None


def _locked_counter(year: int) -> TicketCounter:
    return TicketCounter.objects.select_for_update().get_or_create(year=year)[0]


def _next_number(counter: TicketCounter) -> str:
    counter.last += 1
    counter.save(update_fields=["last"])
    return f"{settings.SITE['ticket_prefix']}-{counter.year}-{counter.last:06d}"
