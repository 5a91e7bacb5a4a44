"""告知来信人: whoever wanted a call, a message or a mail hears of the answer without looking it up."""

from datetime import datetime

from django.db import transaction

from departments.models import Role, User
from feedback.actions.steps import DESK, locked, move, not_about_own_unit
from feedback.models import Ticket
from ledger.actions import Actor
from yantian_portal.lib.errors import Refused


@transaction.atomic
def tell(*, ticket: Ticket, told: str, at: datetime, by: User | None = None) -> Ticket:
    """Once for each answer, question or refusal; that nobody could be reached is said too. Without `by`: the portal."""
    ticket = locked(ticket, "tell")
    if by:
        not_about_own_unit(ticket, by)
    if not Ticket.objects.untold().filter(pk=ticket.pk).exists():
        raise Refused("没有什么要告知来信人的，可能别人已经告知。")
    actor = by.actor(*DESK, Role.REPORTER) if by else Actor()
    return move(ticket, "tell", ticket.status, {"told": told}, Ticket.Told(told).label, by=actor, at=at)
