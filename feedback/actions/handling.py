"""What the leading unit does: take, hand back once, answer. Where the site wants it, a second person looks first."""

from datetime import datetime

from django.db import transaction

from common.errors import Refused
from common.text.canonical import digest
from common.time.days import local_day
from departments.models import Role, User
from feedback.actions.merging import answer_followers
from feedback.actions.steps import clock_and_calendar, locked, move, not_about_own_unit, rules, stepped
from feedback.choices import ReplyState
from feedback.models import Reply, Ticket
from feedback.roles import DESK
from ledger.actions import Actor, append


@transaction.atomic
def take(*, ticket: Ticket, by: User, at: datetime) -> Ticket:
    ticket = locked(ticket, "take")
    return move(ticket, "take", by=in_lead(ticket, by), at=at)


@transaction.atomic
def hand_back(*, ticket: Ticket, reason: str, by: User, at: datetime) -> Ticket:
    """Not ours: once only, so that no letter wanders between desks."""
    ticket = locked(ticket, "hand_back")
    if ticket.handed_back_at:
        raise Refused("这件诉求已经退回过一次，不能再退。请办理，或与受理员商量。")
    actor, facts = in_lead(ticket, by), {"lead": ticket.lead_department_id, "reason": digest(reason)}
    ticket.handed_back_at, ticket.hand_back_reason, ticket.lead_department = at, reason, None
    ticket.extension_asked_until = None
    ticket.supporting_departments.clear()
    return move(ticket, "hand_back", facts, by=actor, at=at)


@transaction.atomic
def reply(*, ticket: Ticket, text: str, by: User, at: datetime, adoption: str = "") -> Reply:
    """Goes to the person at once or, where the site has replies checked, to a second person first."""
    ticket = locked(ticket, "reply")
    actor = in_lead(ticket, by)
    written = Reply(ticket=ticket, department=ticket.lead_department, text=text, adoption=adoption, by=by, at=at)
    if not rules()["reply_check"]:
        return _send(ticket, written, by=actor, at=at)
    written.state = ReplyState.CHECKING
    written.save()
    ticket.extension_asked_until = None
    move(ticket, "send_to_check", _facts(written), by=actor, at=at)
    return written


@transaction.atomic
def pass_reply(*, ticket: Ticket, by: User, at: datetime) -> Reply:
    ticket, written, actor = _in_check(ticket, "pass_reply", by)
    written.checked_by = by
    return _send(ticket, written, by=actor, at=at)


@transaction.atomic
def return_reply(*, ticket: Ticket, reason: str, by: User, at: datetime) -> Ticket:
    """The unit writes it anew; the words that came back stay with the reason."""
    ticket, written, actor = _in_check(ticket, "return_reply", by)
    written.state, written.checked_by, written.return_reason = ReplyState.RETURNED, by, reason
    written.save()
    facts = {"reply": written.pk, "reason": digest(reason)}
    return move(ticket, "return_reply", facts, by=actor, at=at)


def _in_check(ticket: Ticket, verb: str, by: User) -> tuple[Ticket, Reply, Actor]:
    """Checked by the lead's own people or by the desk, and never by whoever wrote it."""
    ticket = locked(ticket, verb)
    written = ticket.replies.in_check().get()
    if written.by_id == by.pk:
        raise Refused("答复是您写的，请由其他人审核。")
    if ticket.lead_department_id in by.department_ids(Role.SIGNER):
        return ticket, written, by.actor(Role.SIGNER, of=ticket.lead_department_id)
    not_about_own_unit(ticket, by)
    return ticket, written, by.actor(*DESK)


def _send(ticket: Ticket, written: Reply, *, by: Actor, at: datetime) -> Reply:
    """To the person, and to everybody whose letter was merged into this one."""
    clock, known = clock_and_calendar(ticket)
    written.state, written.sent_at = ReplyState.SENT, at
    written.days = clock.taken(known, local_day(at))
    written.save()
    ticket.receives(written)
    ticket.save()
    unit = written.department.short_name
    events = [stepped(ticket, "reply", _facts(written), by=by, at=at, unit=unit)]
    append(events + answer_followers(ticket, written, by=by, at=at), by=by, at=at)
    return written


def _facts(written: Reply) -> dict:
    facts = {"reply": written.pk, "text": digest(written.text)}
    return facts if written.days is None else facts | {"days": written.days}


def in_lead(ticket: Ticket, by: User) -> Actor:
    """The person in the post that stands for the leading unit."""
    lead = ticket.lead_department_id
    if lead not in by.department_ids(*Role.values):
        raise Refused("这件诉求不由您所在的单位主办。")
    return by.actor(of=lead)
