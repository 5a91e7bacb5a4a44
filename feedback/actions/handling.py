"""What the leading unit does: start, hand back once, reply. Where the site wants it, a second
person checks the reply before it is sent.
"""

from datetime import datetime

from django.db import transaction

from common.errors import Refused
from common.text.canonical import digest
from common.time.days import local_day
from departments.models import User
from departments.roles import Role
from feedback.actions.merging import answer_followers
from feedback.actions.steps import (
    Facts,
    apply_transition,
    build_step,
    check_not_about_own_unit,
    clock_and_calendar,
    lock,
    rules,
)
from feedback.choices import ReplyState
from feedback.models import Reply, Ticket
from feedback.roles import DESK
from ledger.actions import Actor, append


@transaction.atomic
def start_handling(*, ticket: Ticket, by: User, at: datetime) -> Ticket:
    """Notes that the leading unit has started on the letter.

    Raises Refused when the letter is not assigned, or when `by` does not belong to the leading
    unit.
    """
    ticket = lock(ticket, "take")
    return apply_transition(ticket, "take", by=lead_actor(ticket, by), at=at)


@transaction.atomic
def hand_back(*, ticket: Ticket, reason: str, by: User, at: datetime) -> Ticket:
    """Hands a letter back to the desk because it is not the unit's; once, so that it does not
    wander.

    Raises Refused when the unit does not have the letter, when it was handed back before, or when
    `by` does not belong to the leading unit.
    """
    ticket = lock(ticket, "hand_back")
    if ticket.handed_back_at:
        raise Refused("这件诉求已经退回过一次，不能再退。请办理，或与受理员商量。")
    actor = lead_actor(ticket, by)
    facts = {"lead": ticket.lead_department_id, "reason": digest(reason)}
    ticket.handed_back_at, ticket.hand_back_reason, ticket.lead_department = at, reason, None
    ticket.extension_asked_until = None
    ticket.supporting_departments.clear()
    return apply_transition(ticket, "hand_back", facts, by=actor, at=at)


@transaction.atomic
def reply(*, ticket: Ticket, text: str, by: User, at: datetime, adoption: str = "") -> Reply:
    """Writes the answer; it is sent at once or, where the site has replies checked, goes to a
    second person first.

    `adoption`: an `Adoption` where the letter is a suggestion, "" elsewhere.

    Raises Refused when the letter is not being handled, or when `by` does not belong to the leading
    unit.
    """
    ticket = lock(ticket, "reply")
    actor = lead_actor(ticket, by)
    draft = Reply(
        ticket=ticket, department=ticket.lead_department, text=text, adoption=adoption, by=by, at=at
    )
    if not rules()["reply_check"]:
        return _send(ticket, draft, by=actor, at=at)
    draft.state = ReplyState.CHECKING
    draft.save()
    ticket.extension_asked_until = None
    apply_transition(ticket, "send_to_check", _reply_facts(draft), by=actor, at=at)
    return draft


@transaction.atomic
def approve_reply(*, ticket: Ticket, by: User, at: datetime) -> Reply:
    """Approves the reply that waits to be checked and sends it to the writer.

    Raises Refused when no reply waits, when `by` wrote it, or when `by` checks it for the desk and
    the letter is about a unit of theirs.
    """
    ticket, draft, actor = _lock_with_reply(ticket, "pass_reply", by)
    draft.checked_by = by
    return _send(ticket, draft, by=actor, at=at)


@transaction.atomic
def return_reply(*, ticket: Ticket, reason: str, by: User, at: datetime) -> Ticket:
    """Returns the reply to the leading unit, which writes it anew; the returned words stay with the
    reason.

    Raises Refused when no reply waits, when `by` wrote it, or when `by` checks it for the desk and
    the letter is about a unit of theirs.
    """
    ticket, draft, actor = _lock_with_reply(ticket, "return_reply", by)
    draft.state, draft.checked_by, draft.return_reason = ReplyState.RETURNED, by, reason
    draft.save()
    facts = {"reply": draft.pk, "reason": digest(reason)}
    return apply_transition(ticket, "return_reply", facts, by=actor, at=at)


def _lock_with_reply(ticket: Ticket, verb: str, by: User) -> tuple[Ticket, Reply, Actor]:
    """Locks a letter with the reply that waits, and names in which role this person checks it: the
    leading unit's own signer or the desk, and never the author.
    """
    ticket = lock(ticket, verb)
    draft = ticket.replies.in_check().get()
    if draft.by_id == by.pk:
        raise Refused("答复是您写的，请由其他人审核。")
    if ticket.lead_department_id in by.department_ids(Role.SIGNER):
        return ticket, draft, by.actor(Role.SIGNER, of=ticket.lead_department_id)
    check_not_about_own_unit(ticket, by)
    return ticket, draft, by.actor(*DESK)


def _send(ticket: Ticket, draft: Reply, *, by: Actor, at: datetime) -> Reply:
    """Sends the reply to the writer, and a copy to the writer of every letter
    merged into this one.
    """
    clock, workdays = clock_and_calendar(ticket)
    draft.state, draft.sent_at = ReplyState.SENT, at
    draft.days = clock.days_taken(workdays, local_day(at))
    draft.save()
    ticket.set_answer(draft)
    ticket.save()
    unit = draft.department.short_name
    events = [build_step(ticket, "reply", _reply_facts(draft), by=by, at=at, unit=unit)]
    append(events + answer_followers(ticket, draft, by=by, at=at), by=by, at=at)
    return draft


def _reply_facts(draft: Reply) -> Facts:
    facts: Facts = {"reply": draft.pk, "text": digest(draft.text)}
    return facts if draft.days is None else facts | {"days": draft.days}


def lead_actor(ticket: Ticket, by: User) -> Actor:
    """The person in the role in which they act for the leading unit.

    Raises Refused when they do not belong to it.
    """
    lead = ticket.lead_department_id
    if lead not in by.department_ids(*Role.values):
        raise Refused("这件诉求不由您所在的单位主办。")
    return by.actor(of=lead)
