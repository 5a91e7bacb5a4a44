"""Extensions (延期): the leading unit asks before the due day is over and the desk decides; the
earlier day stays in the steps.
"""

from datetime import date, datetime

from django.db import transaction

from common.errors import Refused
from common.text.canonical import digest
from common.text.wording import cn_date
from common.time.days import local_day
from departments.models import User
from feedback.actions.handling import lead_actor
from feedback.actions.steps import (
    apply_transition,
    check_not_about_own_unit,
    clock_and_calendar,
    lock,
    rules,
)
from feedback.choices import TicketVerb
from feedback.models import Ticket
from feedback.roles import DESK


@transaction.atomic
def ask_extension(*, ticket: Ticket, until: date, reason: str, by: User, at: datetime) -> Ticket:
    """Asks for an extension to the day `until`, on behalf of the leading unit.

    Raises Refused when the unit does not have the letter, when `by` does not belong to it, when a
    request is waiting, when the due day is over, or when `until` is not later than it or beyond the
    ceiling.
    """
    ticket = lock(ticket, "ask_extension")
    actor = lead_actor(ticket, by)
    if ticket.extension_asked_until:
        raise Refused("延期申请正在等答复，不用再提。")
    _check_day(ticket, until, local_day(at))
    ticket.extension_asked_until = until
    facts = {"asked_until": until, "reason": digest(reason)}
    return apply_transition(
        ticket, "ask_extension", facts, by=actor, at=at, inner=reason, due_on=until
    )


@transaction.atomic
def extend(*, ticket: Ticket, until: date, note: str, by: User, at: datetime) -> Ticket:
    """Grants an extension to the day `until`, which need not be the day asked for; the writer reads
    both days and `note`.

    Raises Refused when no request waits, when `by` made it, when the due day is over, when `until`
    is not later than it or beyond the ceiling, or when the letter is about a unit of `by`.
    """
    ticket = _lock_with_request(ticket, "extend", by)
    before = ticket.due_on
    _check_day(ticket, until, local_day(at))
    ticket.extension_asked_until, ticket.due_on, ticket.due_provisional = None, until, False
    public_note = f"答复期限由{cn_date(before)}延到{cn_date(until)}。原因：{note}"
    facts = {"granted_until": until, "from": before}
    return apply_transition(
        ticket, "extend", facts, public_note, by=by.actor(*DESK), at=at, due_on=until
    )


@transaction.atomic
def refuse_extension(*, ticket: Ticket, reason: str, by: User, at: datetime) -> Ticket:
    """Refuses an extension; the due day stays and the unit reads the reason.

    Raises Refused when no request waits, when `by` made it, or when the letter is about a unit of
    `by`.
    """
    ticket = _lock_with_request(ticket, "refuse_extension", by)
    ticket.extension_asked_until = None
    facts = {"reason": digest(reason)}
    return apply_transition(
        ticket, "refuse_extension", facts, by=by.actor(*DESK), at=at, inner=reason
    )


def _lock_with_request(ticket: Ticket, verb: str, by: User) -> Ticket:
    """Locks a letter whose request for an extension this person may decide."""
    ticket = lock(ticket, verb)
    check_not_about_own_unit(ticket, by)
    if not ticket.extension_asked_until:
        raise Refused("没有等答复的延期申请。")
    if ticket.events.filter(verb=TicketVerb.ASK_EXTENSION).latest("pk").by_id == by.pk:
        raise Refused("延期由您申请，请由其他人答复。")
    return ticket


def _check_day(ticket: Ticket, until: date, today: date) -> None:
    """Raises Refused where the due day cannot be moved to `until` today."""
    if today > ticket.due_on:
        raise Refused(f"期限（{cn_date(ticket.due_on)}）已过，不能再延期，请尽快答复。")
    if until <= ticket.due_on:
        raise Refused(f"延期到的日子须晚于现在的期限（{cn_date(ticket.due_on)}）。")
    if until > (latest := latest_day(ticket)):
        limit = f"{ticket.get_kind_display()}最多办理 {rules()['ceilings'][ticket.kind]} 个工作日"
        raise Refused(f"{limit}，最晚只能延到{cn_date(latest)}。")


def latest_day(ticket: Ticket) -> date:
    """The last day to which the letter can be extended."""
    clock, workdays = clock_and_calendar(ticket)
    return clock.latest(workdays, rules()["ceilings"][ticket.kind])
