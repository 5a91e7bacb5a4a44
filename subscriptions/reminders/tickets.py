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
from subscriptions.recipients import Posts
from subscriptions.reminders.reminder import Matter, moment

LETTERS = ["text", "handling_text", "public_text", "public_reply"]
AT_THE_DESK = "请受理员、督查员处理"
# Of every transition that notifies the staff; besides these only the due day does.
NOTICES = {
    TicketVerb.ASSIGN: Event.TICKET_ASSIGNED,
    TicketVerb.REASSIGN: Event.TICKET_ASSIGNED,
    TicketVerb.RETURN_REPLY: Event.TICKET_RETURNED,
    TicketVerb.ESCALATE: Event.TICKET_ESCALATED,
}


def ticket_matters(posts: Posts) -> list[Matter]:
    """Four queries."""
    answers = Prefetch("replies", Reply.objects.only("ticket_id", "state", "by_id").order_by("pk"))
    rows = Ticket.objects.unfinished().with_since().select_related("lead_department").defer(*LETTERS)
    desks = Desks.today()
    return [matter for row in rows.prefetch_related(answers).order_by("pk") for matter in _matters(row, posts, desks)]


def _matters(ticket: Ticket, posts: Posts, desks: Desks) -> Iterable[Matter]:
    """Given to somebody, sent back, late or escalated once more, it is another matter."""
    subject, told = f"ticket:{ticket.number}", _owners(ticket, posts, desks)
    if ticket.status == TicketStatus.ASSIGNED:
        given = f"{subject}@{moment(ticket.since)}"
        yield Matter(NOTICES[TicketVerb.ASSIGN], given, None, told, ticket=ticket)
    last = _last_reply(ticket)
    if ticket.status == TicketStatus.HANDLING and last and last.state == ReplyState.RETURNED:
        event = NOTICES[TicketVerb.RETURN_REPLY]
        yield Matter(event, f"{subject}@{last.pk}", None, told, ticket=ticket)
    if ticket.status in RUNNING:
        more = {"heads": _heads(ticket, posts), "due_on": ticket.due_on}
        yield Matter(Event.TICKET_DUE, f"{subject}@{ticket.due_on:%Y%m%d}", None, told, ticket=ticket, **more)
    if ticket.escalated_at:
        watching = _named(desks.told_of(TicketKind.COMPLAINT, ticket.about_department_id), ticket)
        escalated = f"{subject}@{moment(ticket.escalated_at)}"
        yield Matter(NOTICES[TicketVerb.ESCALATE], escalated, None, watching, ticket=ticket)


def _last_reply(ticket: Ticket) -> Reply | None:
    return next(reversed(ticket.replies.all()), None)


def _owners(ticket: Ticket, posts: Posts, desks: Desks) -> dict[int, str]:
    """Person id -> for which unit, of whoever has to take the next step; never nobody by choice."""
    people = []
    if ticket.status in AT_THE_UNIT:
        lead = ticket.lead_department
        people = [person.pk for person in posts.of(lead, Role.REPORTER) or posts.of(lead, Role.SIGNER)]
    if ticket.status == TicketStatus.CHECKING:
        people = [pk for pk in _heads(ticket, posts) if pk != _last_reply(ticket).by_id]
    return _named(people or desks.told_of(ticket.kind, ticket.about_department_id), ticket)


def _heads(ticket: Ticket, posts: Posts) -> dict[int, str]:
    lead = ticket.lead_department
    return _named([person.pk for person in posts.of(lead, Role.SIGNER)], ticket) if lead else {}


def _named(people: Iterable[int], ticket: Ticket) -> dict[int, str]:
    lead = ticket.lead_department
    return dict.fromkeys(people, f"{lead.short_name}主办" if lead else AT_THE_DESK)
