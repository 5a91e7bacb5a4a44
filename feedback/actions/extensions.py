"""延期: the leading unit asks before its day is over, the desk decides; the earlier day stays in the steps."""

from datetime import date, datetime

from django.db import transaction

from common.errors import Refused
from common.text.canonical import digest
from common.text.wording import cn_date
from common.time.days import local_day
from departments.models import User
from feedback.actions.handling import in_lead
from feedback.actions.steps import clock_and_calendar, locked, move, not_about_own_unit, rules
from feedback.choices import TicketVerb
from feedback.models import Ticket
from feedback.roles import DESK


@transaction.atomic
def ask_extension(*, ticket: Ticket, until: date, reason: str, by: User, at: datetime) -> Ticket:
    ticket = locked(ticket, "ask_extension")
    actor = in_lead(ticket, by)
    if ticket.extension_asked_until:
        raise Refused("延期申请正在等答复，不用再提。")
    _check_day(ticket, until, local_day(at))
    ticket.extension_asked_until = until
    facts = {"asked_until": until, "reason": digest(reason)}
    return move(ticket, "ask_extension", facts, by=actor, at=at, inner=reason, due_on=until)


@transaction.atomic
def extend(*, ticket: Ticket, until: date, note: str, by: User, at: datetime) -> Ticket:
    """The citizen is told both days and why; whoever asked does not decide."""
    ticket = _asked(ticket, "extend", by)
    before = ticket.due_on
    _check_day(ticket, until, local_day(at))
    ticket.extension_asked_until, ticket.due_on, ticket.due_provisional = None, until, False
    told = f"答复期限由{cn_date(before)}延到{cn_date(until)}。原因：{note}"
    facts = {"granted_until": until, "from": before}
    return move(ticket, "extend", facts, told, by=by.actor(*DESK), at=at, due_on=until)


@transaction.atomic
def refuse_extension(*, ticket: Ticket, reason: str, by: User, at: datetime) -> Ticket:
    ticket = _asked(ticket, "refuse_extension", by)
    ticket.extension_asked_until = None
    facts = {"reason": digest(reason)}
    return move(ticket, "refuse_extension", facts, by=by.actor(*DESK), at=at, inner=reason)


def _asked(ticket: Ticket, verb: str, by: User) -> Ticket:
    ticket = locked(ticket, verb)
    not_about_own_unit(ticket, by)
    if not ticket.extension_asked_until:
        raise Refused("没有等答复的延期申请。")
    if ticket.events.filter(verb=TicketVerb.ASK_EXTENSION).last().by_id == by.pk:
        raise Refused("延期由您申请，请由其他人答复。")
    return ticket


def _check_day(ticket: Ticket, until: date, today: date) -> None:
    """Both when it is wished for and when it is granted: a day that is over cannot be moved."""
    if today > ticket.due_on:
        raise Refused(f"期限（{cn_date(ticket.due_on)}）已过，不能再延期，请尽快答复。")
    if until <= ticket.due_on:
        raise Refused(f"延期到的日子须晚于现在的期限（{cn_date(ticket.due_on)}）。")
    if until > (latest := latest_day(ticket)):
        words = f"{ticket.get_kind_display()}最多办理 {rules()['ceilings'][ticket.kind]} 个工作日"
        raise Refused(f"{words}，最晚只能延到{cn_date(latest)}。")


def latest_day(ticket: Ticket) -> date:
    """To which day time can be granted."""
    clock, known = clock_and_calendar(ticket)
    return clock.latest(known, rules()["ceilings"][ticket.kind])
