"""What is owed after the answer: 告知 to whoever wanted a call or a mail, 回访 where somebody is not satisfied."""

from datetime import datetime

from django.db import transaction

from common.errors import Refused
from common.text.canonical import digest
from departments.models import User
from feedback.actions.steps import locked, move, not_about_own_unit
from feedback.choices import NotificationOutcome
from feedback.models import Ticket
from feedback.roles import CONTACT_ROLES, DESK
from ledger.actions import Actor


@transaction.atomic
def tell(*, ticket: Ticket, outcome: str, at: datetime, by: User | None = None) -> Ticket:
    """Once for each answer, question or refusal; that nobody could be reached is said too. Without `by`: the portal."""
    ticket = locked(ticket, "tell")
    if by:
        not_about_own_unit(ticket, by)
    if not Ticket.objects.untold().filter(pk=ticket.pk).exists():
        raise Refused("没有什么要告知来信人的，可能别人已经告知。")
    actor = by.actor(*CONTACT_ROLES) if by else Actor()
    return move(ticket, "tell", {"told": outcome}, NotificationOutcome(outcome).label, by=actor, at=at)


@transaction.atomic
def follow_up(*, ticket: Ticket, result: str, by: User, at: datetime) -> Ticket:
    """回访: once for each bad rating, by the desk and never by the unit that answered; the person reads the result."""
    ticket = locked(ticket, "follow_up")
    not_about_own_unit(ticket, by)
    if ticket.answered_by_id in by.related_units:
        raise Refused("答复是您所在的单位作的，请由其他单位的同事回访。")
    if not Ticket.objects.to_follow_up().filter(pk=ticket.pk).exists():
        raise Refused("没有要回访的评价，可能别人已经回访。")
    facts = {"result": digest(result)}
    return move(ticket, "follow_up", facts, result, by=by.actor(*DESK), at=at)
