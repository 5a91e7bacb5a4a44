"""What the receiving desk does: screen, assign, publish, look at a contact."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction

from common.errors import Refused
from common.security.personal_data import find_personal_data
from common.text.canonical import digest
from departments.models import Department, User
from feedback.actions.steps import locked, move, not_about_own_unit, set_due, step, taken_down
from feedback.choices import TicketStatus
from feedback.models import Contact, Ticket
from feedback.roles import CONTACT_ROLES, DESK
from ledger.actions import LedgerEvent, append
from tasks.models import Task

# The promise the sender named stays.
AS_SENT = object()


@transaction.atomic
def accept(
    *,
    ticket: Ticket,
    handling_text: str,
    by: User,
    at: datetime,
    kind: str = "",
    subject: str = "",
    task: Task | object | None = AS_SENT,
    about_department: Department | None = None,
) -> Ticket:
    """受理: what is to be done, without the person; kind and promise may be put right. The kind moves the due day."""
    ticket = locked(ticket, "accept")
    ticket.handling_text, ticket.about_department, ticket.subject = handling_text, about_department, subject
    if kind and kind != ticket.kind:
        ticket.kind = kind
        set_due(ticket)
    facts = {"kind": ticket.kind, "about": about_department and about_department.pk, "handling": digest(handling_text)}
    facts |= {"subject": subject} if subject else {}
    more, note = ({}, "") if task is AS_SENT else _tied(ticket, task)
    return move(ticket, "accept", facts | more, note, by=by.actor(*DESK), at=at)


def _tied(ticket: Ticket, task: Task | None) -> tuple[dict, str]:
    """To the promise it is about; what the record and the person are told where that is not what was sent."""
    before, ticket.task = ticket.task, task
    if task == before:
        return {}, ""
    if ticket.disputed_id:
        raise Refused("已提请核实这项承诺公布的进展，不能再改有关承诺。")
    note = f"归到承诺“{task.title}”。" if task else "与承诺没有直接关系。"
    return {"task": [before and before.code, task and task.code]}, note


@transaction.atomic
def decline(*, ticket: Ticket, reason: str, by: User, at: datetime) -> Ticket:
    ticket = locked(ticket, "decline")
    ticket.declined_reason = reason
    facts = {"reason": digest(reason)}
    return move(ticket, "decline", facts, reason, by=by.actor(*DESK), at=at)


@transaction.atomic
def redirect(*, ticket: Ticket, channel: str, day: date, by: User, at: datetime, number: str = "") -> Ticket:
    """转其他渠道 such as 12345: where it went, on which day, under which number there."""
    ticket = locked(ticket, "redirect")
    ticket.redirected_to, ticket.redirected_on, ticket.redirected_number = channel, day, number
    note = f"转往{channel}" + (f"，对方编号 {number}" if number else "")
    facts = {"day": day, "channel": digest(channel)}
    return move(ticket, "redirect", facts, note, by=by.actor(*DESK), at=at)


@transaction.atomic
def spam(*, ticket: Ticket, by: User, at: datetime) -> Ticket:
    """Advertising and the like: nothing that anybody could answer."""
    ticket = locked(ticket, "spam")
    note = "判为广告或与办事无关的内容。如果判错了，请重新提一件。"
    return move(ticket, "spam", {}, note, by=by.actor(*DESK), at=at)


@transaction.atomic
def assign(
    *, ticket: Ticket, lead: Department, by: User, at: datetime, supporting: Iterable[Department] = ()
) -> Ticket:
    ticket = locked(ticket, "assign")
    not_about_own_unit(ticket, by)
    facts, note = _hand_to(ticket, lead, supporting)
    return move(ticket, "assign", facts, note, by=by.actor(*DESK), at=at)


@transaction.atomic
def reassign(
    *, ticket: Ticket, lead: Department, reason: str, by: User, at: datetime, supporting: Iterable[Department] = ()
) -> Ticket:
    """改派: taken back from a unit that is silent, gone or was the wrong one, and given to another; the clock runs on.

    A question to the citizen stays asked; whoever asked for more time no longer leads, so the wish falls.
    """
    ticket = locked(ticket, "reassign")
    not_about_own_unit(ticket, by)
    before, waits = ticket.lead_department, ticket.status == TicketStatus.NEEDS_MORE
    if before is None:
        raise Refused("这件诉求还没有转办，不用改派。")
    if lead == before:
        raise Refused(f"现在就由{lead.short_name}主办，请选择别的单位。")
    if waits and ticket.about_department_id in Department.objects.related_to({lead.pk}):
        raise Refused("正在等来信人补充材料，不能改派给所涉单位，它不能看来信人的补充。")
    ticket.extension_asked_until = None
    facts, note = _hand_to(ticket, lead, supporting)
    facts |= {"before": before.pk, "reason": digest(reason)}
    note = f"不再由{before.short_name}主办，{note}"
    return move(ticket, "reassign", facts, note, by=by.actor(*DESK), at=at, inner=reason)


def _hand_to(ticket: Ticket, lead: Department, supporting: Iterable[Department]) -> tuple[dict, str]:
    """What the record and the citizen are told of it."""
    supporting = [unit for unit in supporting if unit != lead]
    ticket.lead_department = lead
    ticket.supporting_departments.set(supporting)
    names = "、".join(unit.short_name for unit in supporting)
    # No list: the record reads a pair as old and new.
    facts = {"lead": lead.pk, "supporting": "、".join(str(unit.pk) for unit in supporting)}
    return facts, f"由{lead.short_name}主办" + (f"，{names}协办" if names else "")


@transaction.atomic
def publish(*, ticket: Ticket, public_text: str, public_reply: str, by: User, at: datetime) -> Ticket:
    ticket = locked(ticket, "publish")
    not_about_own_unit(ticket, by)
    if reasons := _why_not_public(ticket, f"{public_text}\n{public_reply}"):
        raise Refused(*reasons)
    ticket.public_text, ticket.public_reply, ticket.published_at = public_text, public_reply, at
    facts = {"public_text": digest(public_text), "public_reply": digest(public_reply)}
    ticket.save()
    step(ticket, "publish", facts, by=by.actor(*DESK), at=at, public=True)
    return ticket


def _why_not_public(ticket: Ticket, words: str) -> list[str]:
    reasons = still_private(ticket, words)
    if not ticket.consent_to_publish:
        reasons.append("来信人没有同意公开，这件诉求不能公开。")
    if ticket.published_at or ticket.taken_down_at:
        reasons.append("这件诉求已经公开过。")
    if ticket.merged_into_id:
        reasons.append("这件诉求已并案，公开主件就行。")
    return reasons


def still_private(ticket: Ticket, words: str) -> list[str]:
    """Why these words are not for the public yet."""
    reasons = [f"公开的文字里还有像{name}的内容，请隐去后再公开。" for name in find_personal_data(words)]
    contact = Contact.objects.filter(ticket=ticket).first()
    if contact and (text := contact.text) and text in words:
        reasons.append("公开的文字里还有来信人的联系方式，请隐去后再公开。")
    return reasons


@transaction.atomic
def take_down(*, ticket: Ticket, reason: str, by: User, at: datetime) -> Ticket:
    """依法撤下: the words go, the number stays with day and reason, their digests stay in the record."""
    ticket = locked(ticket, "take_down")
    not_about_own_unit(ticket, by)
    if ticket.published_at is None:
        raise Refused("这件诉求没有公开，不用撤下。")
    if reasons := still_private(ticket, reason):
        raise Refused(*reasons)
    facts = taken_down(ticket, reason, at)
    note = f"依法撤下，依据和理由：{reason}"
    return move(ticket, "take_down", facts, note, by=by.actor(*DESK), at=at, public=True)


@transaction.atomic
def see_contact(*, ticket: Ticket, by: User, at: datetime) -> str:
    """The contact in clear, for one look; the look itself stays in the record."""
    not_about_own_unit(ticket, by)
    contact = Contact.objects.get(ticket=ticket)
    append([LedgerEvent("see_contact", "ticket", ticket.number, public=False)], by=by.actor(*CONTACT_ROLES), at=at)
    return contact.text or contact.masked
