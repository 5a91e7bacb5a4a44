"""What the office still has to do after an answer: notify a writer who wanted a call or a message
(告知), and go back to one who is not satisfied (回访).
"""

from datetime import datetime

from django.db import transaction

from common.errors import Refused
from common.text.canonical import digest
from departments.models import User
from feedback.actions.steps import apply_transition, check_not_about_own_unit, lock
from feedback.choices import NotificationOutcome
from feedback.models import Ticket
from feedback.roles import CONTACT_ROLES, DESK
from ledger.actions import Actor


@transaction.atomic
def record_notification(
    *, ticket: Ticket, outcome: str, at: datetime, by: User | None = None
) -> Ticket:
    """Records how the writer was notified of the latest answer, question or refusal, or that nobody
    could be reached; once for each of them.

    `outcome`: a `NotificationOutcome`. `by`: who called; None where the portal itself sent a mail.

    Raises Refused when there is nothing to notify the writer of, or when the letter is about a unit
    of `by`.
    """
    ticket = lock(ticket, "tell")
    if by:
        check_not_about_own_unit(ticket, by)
    if not Ticket.objects.to_notify().filter(pk=ticket.pk).exists():
        raise Refused("没有什么要告知来信人的，可能别人已经告知。")
    actor = by.actor(*CONTACT_ROLES) if by else Actor()
    return apply_transition(
        ticket, "tell", {"told": outcome}, NotificationOutcome(outcome).label, by=actor, at=at
    )


@transaction.atomic
def follow_up(*, ticket: Ticket, result: str, by: User, at: datetime) -> Ticket:
    """Records the follow-up (回访) of a bad rating, once for each rating; the writer reads
    `result`.

    Raises Refused when no follow-up is due, when the answer came from a unit of `by`, or when the
    letter is about a unit of `by`.
    """
    ticket = lock(ticket, "follow_up")
    check_not_about_own_unit(ticket, by)
    if ticket.answered_by_id in by.related_units:
        raise Refused("答复是您所在的单位作的，请由其他单位的同事回访。")
    if not Ticket.objects.to_follow_up().filter(pk=ticket.pk).exists():
        raise Refused("没有要回访的评价，可能别人已经回访。")
    facts = {"result": digest(result)}
    return apply_transition(ticket, "follow_up", facts, result, by=by.actor(*DESK), at=at)
