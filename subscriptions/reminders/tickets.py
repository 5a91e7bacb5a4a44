"""Who is told about letters: that one came, came back, is due or late, or was brought to the supervisors.

The unit's reporters, else its heads, else the desk it lies on. Never a word of the letter, which is not even fetched.
"""

from collections.abc import Iterable

from django.db.models import Prefetch

from departments.models import Role
from feedback.assignment import Desks
from feedback.choices import AT_THE_UNIT, RUNNING, ReplyState, TicketKind, TicketStatus, TicketVerb
from feedback.models import Reply, Ticket
from subscriptions.models import Event
from subscriptions.recipients import Recipients
from subscriptions.reminders.reminder import Reminder, moment

LETTERS = ["text", "handling_text", "public_text", "public_reply"]
AT_THE_DESK = "请受理员、督查员处理"
# Of every transition that notifies the staff; besides these only the due day does.
NOTICES = {
    TicketVerb.ASSIGN: Event.TICKET_ASSIGNED,
    TicketVerb.REASSIGN: Event.TICKET_ASSIGNED,
    TicketVerb.RETURN_REPLY: Event.TICKET_RETURNED,
    TicketVerb.ESCALATE: Event.TICKET_ESCALATED,
}


def ticket_reminders(recipients: Recipients) -> list[Reminder]:
    """Four queries."""
    answers = Prefetch("replies", Reply.objects.only("ticket_id", "state", "by_id").order_by("pk"))
    rows = Ticket.objects.unfinished().with_since().select_related("lead_department").defer(*LETTERS)
    desks = Desks.today()
    return [
        reminder
        for row in rows.prefetch_related(answers).order_by("pk")
        for reminder in _reminders(row, recipients, desks)
    ]


def _reminders(ticket: Ticket, recipients: Recipients, desks: Desks) -> Iterable[Reminder]:
    """Given to somebody, sent back, late or escalated once more, it is another matter."""
    subject, told = f"ticket:{ticket.number}", _owners(ticket, recipients, desks)
    if ticket.status == TicketStatus.ASSIGNED:
        given = f"{subject}@{moment(ticket.since)}"
        yield Reminder(NOTICES[TicketVerb.ASSIGN], given, None, told, ticket=ticket)
    last = _last_reply(ticket)
    if ticket.status == TicketStatus.HANDLING and last and last.state == ReplyState.RETURNED:
        event = NOTICES[TicketVerb.RETURN_REPLY]
        yield Reminder(event, f"{subject}@{last.pk}", None, told, ticket=ticket)
    if ticket.status in RUNNING:
        more = {"heads": _heads(ticket, recipients), "due_on": ticket.due_on}
        yield Reminder(Event.TICKET_DUE, f"{subject}@{ticket.due_on:%Y%m%d}", None, told, ticket=ticket, **more)
    if ticket.escalated_at:
        watching = _named(desks.people_at(TicketKind.COMPLAINT, ticket.about_department_id), ticket)
        escalated = f"{subject}@{moment(ticket.escalated_at)}"
        yield Reminder(NOTICES[TicketVerb.ESCALATE], escalated, None, watching, ticket=ticket)


def _last_reply(ticket: Ticket) -> Reply | None:
    return next(reversed(ticket.replies.all()), None)


def _owners(ticket: Ticket, recipients: Recipients, desks: Desks) -> dict[int, str]:
    """Person id -> for which unit, of whoever has to take the next step; never nobody by choice."""
    people = []
    if ticket.status in AT_THE_UNIT:
        lead = ticket.lead_department
        people = [person.pk for person in recipients.of(lead, Role.REPORTER) or recipients.of(lead, Role.SIGNER)]
    if ticket.status == TicketStatus.CHECKING:
        people = [pk for pk in _heads(ticket, recipients) if pk != _last_reply(ticket).by_id]
    return _named(people or desks.people_at(ticket.kind, ticket.about_department_id), ticket)


def _heads(ticket: Ticket, recipients: Recipients) -> dict[int, str]:
    lead = ticket.lead_department
    return _named([person.pk for person in recipients.of(lead, Role.SIGNER)], ticket) if lead else {}


def _named(people: Iterable[int], ticket: Ticket) -> dict[int, str]:
    lead = ticket.lead_department
    return dict.fromkeys(people, f"{lead.short_name}主办" if lead else AT_THE_DESK)
