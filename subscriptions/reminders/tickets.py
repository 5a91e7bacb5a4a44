"""Reminders about letters: that one was assigned, returned, is due or late, or was escalated.

They go to the unit's reporters, else its signers, else the desk where the letter lies. They hold no
word of the letter, which is not even fetched.
"""

from collections.abc import Iterable
from dataclasses import replace

from django.db.models import Prefetch

from departments.roles import Role
from feedback.assignment import Desks
from feedback.choices import AT_THE_UNIT, RUNNING, ReplyState, TicketKind, TicketStatus, TicketVerb
from feedback.models import Reply, Ticket
from subscriptions.models import Event
from subscriptions.recipients import Recipients
from subscriptions.reminders.reminder import TicketReminder, timestamp

LETTER_COLUMNS = ["text", "handling_text", "public_text", "public_reply"]
AT_THE_DESK = "请受理员、督查员处理"
# Of every transition that notifies the staff; besides these only the due day does.
NOTICES = {
    TicketVerb.ASSIGN: Event.TICKET_ASSIGNED,
    TicketVerb.REASSIGN: Event.TICKET_ASSIGNED,
    TicketVerb.RETURN_REPLY: Event.TICKET_RETURNED,
    TicketVerb.ESCALATE: Event.TICKET_ESCALATED,
}


def ticket_reminders(recipients: Recipients) -> list[TicketReminder]:
    """The reminders about every unfinished letter; four queries."""
    answers = Prefetch("replies", Reply.objects.only("ticket_id", "state", "by_id").order_by("pk"))
    rows = (
        Ticket.objects.unfinished()
        .with_since()
        .select_related("lead_department")
        .defer(*LETTER_COLUMNS)
    )
    desks = Desks.today()
    return [
        reminder
        for row in rows.prefetch_related(answers).order_by("pk")
        for reminder in _reminders(row, recipients, desks)
    ]


def _reminders(ticket: Ticket, recipients: Recipients, desks: Desks) -> Iterable[TicketReminder]:
    """Assigned, returned, late or escalated once more, it is another reminder."""
    owners = _owners(ticket, recipients, desks)
    if ticket.status == TicketStatus.ASSIGNED:
        yield _reminder(NOTICES[TicketVerb.ASSIGN], ticket, timestamp(ticket.since), owners)
    if reply := _returned_reply(ticket):
        yield _reminder(NOTICES[TicketVerb.RETURN_REPLY], ticket, f"{reply.pk}", owners)
    if ticket.status in RUNNING:
        yield _due_reminder(ticket, owners, _signers(ticket, recipients))
    if ticket.escalated_at:
        watchers = desks.people_at(TicketKind.COMPLAINT, ticket.about_department_id)
        moment = timestamp(ticket.escalated_at)
        yield _reminder(NOTICES[TicketVerb.ESCALATE], ticket, moment, _unit_texts(watchers, ticket))


def _reminder(
    event: Event, ticket: Ticket, occurrence: str, notified: dict[int, str]
) -> TicketReminder:
    subject = f"ticket:{ticket.number}@{occurrence}"
    return TicketReminder(event=event, subject=subject, notified=notified, ticket=ticket)


def _due_reminder(
    ticket: Ticket, owners: dict[int, str], signers: dict[int, str]
) -> TicketReminder:
    reminder = _reminder(Event.TICKET_DUE, ticket, f"{ticket.due_on:%Y%m%d}", owners)
    return replace(reminder, notified_late=signers, due_on=ticket.due_on)


def _returned_reply(ticket: Ticket) -> Reply | None:
    """The reply that the unit has to write anew, if there is one."""
    reply = _last_reply(ticket) if ticket.status == TicketStatus.HANDLING else None
    return reply if reply and reply.state == ReplyState.RETURNED else None


def _last_reply(ticket: Ticket) -> Reply | None:
    return next(reversed(ticket.replies.all()), None)


def _owners(ticket: Ticket, recipients: Recipients, desks: Desks) -> dict[int, str]:
    """Person id -> for which unit, of whoever has to take the next step."""
    people: list[int] = []
    if ticket.status in AT_THE_UNIT:
        people = _reporters(ticket, recipients)
    elif ticket.status == TicketStatus.CHECKING:
        people = _checkers(ticket, recipients)
    return _unit_texts(people or desks.people_at(ticket.kind, ticket.about_department_id), ticket)


def _reporters(ticket: Ticket, recipients: Recipients) -> list[int]:
    """The reporters of the leading unit, without any its signers."""
    lead = ticket.lead_department
    reporters = recipients.in_unit(lead, Role.REPORTER)
    return [person.pk for person in reporters or recipients.in_unit(lead, Role.SIGNER)]


def _checkers(ticket: Ticket, recipients: Recipients) -> list[int]:
    """The signers of the leading unit who did not write the reply that is checked."""
    reply = _last_reply(ticket)
    author = reply.by_id if reply else None
    return [pk for pk in _signers(ticket, recipients) if pk != author]


def _signers(ticket: Ticket, recipients: Recipients) -> dict[int, str]:
    signers = recipients.in_unit(ticket.lead_department, Role.SIGNER)
    return _unit_texts([person.pk for person in signers], ticket)


def _unit_texts(people: Iterable[int], ticket: Ticket) -> dict[int, str]:
    lead = ticket.lead_department
    return dict.fromkeys(people, f"{lead.short_name}主办" if lead else AT_THE_DESK)
