"""Reminders about letters: that one was assigned, returned, is due or late, or was escalated.

They go to the unit's reporters, else its signers, else the desk where the letter lies. They hold no
word of the letter, which is not even fetched.
"""

from collections.abc import Iterable

from django.db.models import Prefetch

from departments.models import Role
from feedback.assignment import Desks
from feedback.choices import AT_THE_UNIT, RUNNING, ReplyState, TicketKind, TicketStatus, TicketVerb
from feedback.models import Reply, Ticket
from subscriptions.models import Event
from subscriptions.recipients import Recipients
from subscriptions.reminders.reminder import Reminder, timestamp

LETTER_COLUMNS = ["text", "handling_text", "public_text", "public_reply"]
AT_THE_DESK = "请受理员、督查员处理"
# Of every transition that notifies the staff; besides these only the due day does.
NOTICES = {
    TicketVerb.ASSIGN: Event.TICKET_ASSIGNED,
    TicketVerb.REASSIGN: Event.TICKET_ASSIGNED,
    TicketVerb.RETURN_REPLY: Event.TICKET_RETURNED,
    TicketVerb.ESCALATE: Event.TICKET_ESCALATED,
}


def ticket_reminders(recipients: Recipients) -> list[Reminder]:
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


def _reminders(ticket: Ticket, recipients: Recipients, desks: Desks) -> Iterable[Reminder]:
    """Assigned, returned, late or escalated once more, it is another reminder."""
    subject, notified = f"ticket:{ticket.number}", _owners(ticket, recipients, desks)
    if ticket.status == TicketStatus.ASSIGNED:
        assignment = f"{subject}@{timestamp(ticket.since)}"
        yield Reminder(NOTICES[TicketVerb.ASSIGN], assignment, None, notified, ticket=ticket)
    last = _last_reply(ticket)
    if ticket.status == TicketStatus.HANDLING and last and last.state == ReplyState.RETURNED:
        event = NOTICES[TicketVerb.RETURN_REPLY]
        yield Reminder(event, f"{subject}@{last.pk}", None, notified, ticket=ticket)
    if ticket.status in RUNNING:
        late = {"notified_late": _signers(ticket, recipients), "due_on": ticket.due_on}
        yield Reminder(
            Event.TICKET_DUE,
            f"{subject}@{ticket.due_on:%Y%m%d}",
            None,
            notified,
            ticket=ticket,
            **late,
        )
    if ticket.escalated_at:
        watchers = _unit_texts(
            desks.people_at(TicketKind.COMPLAINT, ticket.about_department_id), ticket
        )
        escalated = f"{subject}@{timestamp(ticket.escalated_at)}"
        yield Reminder(NOTICES[TicketVerb.ESCALATE], escalated, None, watchers, ticket=ticket)


def _last_reply(ticket: Ticket) -> Reply | None:
    return next(reversed(ticket.replies.all()), None)


def _owners(ticket: Ticket, recipients: Recipients, desks: Desks) -> dict[int, str]:
    """Person id -> for which unit, of whoever has to take the next step."""
    people = []
    if ticket.status in AT_THE_UNIT:
        lead = ticket.lead_department
        people = [
            person.pk
            for person in recipients.in_unit(lead, Role.REPORTER)
            or recipients.in_unit(lead, Role.SIGNER)
        ]
    if ticket.status == TicketStatus.CHECKING:
        people = [pk for pk in _signers(ticket, recipients) if pk != _last_reply(ticket).by_id]
    return _unit_texts(people or desks.people_at(ticket.kind, ticket.about_department_id), ticket)


def _signers(ticket: Ticket, recipients: Recipients) -> dict[int, str]:
    lead = ticket.lead_department
    return (
        _unit_texts([person.pk for person in recipients.in_unit(lead, Role.SIGNER)], ticket)
        if lead
        else {}
    )


def _unit_texts(people: Iterable[int], ticket: Ticket) -> dict[int, str]:
    lead = ticket.lead_department
    return dict.fromkeys(people, f"{lead.short_name}主办" if lead else AT_THE_DESK)
