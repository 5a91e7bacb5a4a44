"""What the table of transitions asks of a letter beside its status, and the status to which a
transition leads where that depends on the letter.
"""

from typing import TYPE_CHECKING

from feedback.choices import RUNNING, Is, TicketStatus

if TYPE_CHECKING:
    from feedback.models import Ticket


def was_never_reopened(ticket: "Ticket") -> bool:
    return ticket.opening == 1


def has_lead(ticket: "Ticket") -> bool:
    return ticket.lead_department_id is not None


def is_abandoned(ticket: "Ticket") -> bool:
    """Needs a row of `with_owner`."""
    return ticket.abandoned


def was_never_handed_back(ticket: "Ticket") -> bool:
    return ticket.handed_back_at is None


def has_extension_request(ticket: "Ticket") -> bool:
    return ticket.extension_asked_until is not None


def has_no_extension_request(ticket: "Ticket") -> bool:
    return not has_extension_request(ticket)


def was_not_escalated(ticket: "Ticket") -> bool:
    return ticket.escalated_at is None


def is_running(ticket: "Ticket") -> bool:
    return ticket.status in RUNNING


def needs_notice(ticket: "Ticket") -> bool:
    """Needs a row of `with_owner`."""
    return ticket.needs_notice


def needs_follow_up(ticket: "Ticket") -> bool:
    """Needs a row of `with_owner`."""
    return ticket.needs_follow_up


def was_not_withdrawn(ticket: "Ticket") -> bool:
    return ticket.withdrawn_at is None


def may_be_reopened(ticket: "Ticket") -> bool:
    return was_never_reopened(ticket) and was_not_withdrawn(ticket)


def may_be_published(ticket: "Ticket") -> bool:
    return ticket.may_be_published


def is_public(ticket: "Ticket") -> bool:
    return ticket.published_at is not None


def may_be_disputed(ticket: "Ticket") -> bool:
    return ticket.task_id is not None and ticket.disputed_id is None


def awaits_review(ticket: "Ticket") -> bool:
    return ticket.awaits_review


def has_consent(ticket: "Ticket") -> bool:
    return ticket.consent_to_publish


def status_of_whoever_asked(ticket: "Ticket") -> TicketStatus:
    """The desk asks before a unit leads, the leading unit afterwards."""
    return Is.HANDLING if ticket.lead_department_id else Is.RECEIVED


def status_with_new_lead(ticket: "Ticket") -> TicketStatus:
    """A question to the writer stays asked."""
    return Is.NEEDS_MORE if ticket.status == Is.NEEDS_MORE else Is.ASSIGNED


def status_after_reopening(ticket: "Ticket") -> TicketStatus:
    """What is to be done was written down before, unless the letter was answered as a follower."""
    return Is.ACCEPTED if ticket.handling_text else Is.RECEIVED


def status_after_withdrawal(ticket: "Ticket") -> str:
    """An answered letter stays answered; its contact goes all the same."""
    return Is.WITHDRAWN if ticket.is_open else ticket.status
