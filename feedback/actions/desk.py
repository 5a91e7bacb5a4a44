"""What the receiving desk does with a letter: screen it, assign it, publish it or take it down,
and look at its contact.
"""

from collections.abc import Iterable
from datetime import date, datetime
from enum import Enum
from typing import Literal

from django.db import transaction

from common.errors import Refused
from common.security.personal_data import find_personal_data
from common.text.canonical import digest
from departments.models import Department, User
from feedback.actions.steps import (
    Facts,
    apply_transition,
    check_not_about_own_unit,
    leave_tombstone,
    lock,
    log_step,
    set_due,
)
from feedback.choices import TicketStatus
from feedback.models import Contact, Ticket
from feedback.roles import CONTACT_ROLES, DESK
from ledger.actions import LedgerEvent, append
from tasks.models import Task


class AsSent(Enum):
    """The default of `accept`: the promise that the writer named stays."""

    AS_SENT = "as sent"


ChosenTask = Task | Literal[AsSent.AS_SENT] | None


@transaction.atomic
def accept(
    *,
    ticket: Ticket,
    handling_text: str,
    by: User,
    at: datetime,
    kind: str = "",
    subject: str = "",
    task: ChosenTask = AsSent.AS_SENT,
    about_department: Department | None = None,
) -> Ticket:
    """Accepts a letter (受理) and writes down what is to be done, without naming the writer.

    `kind`: a `TicketKind` that puts the writer's choice right, which moves the due day. `task`: the
    promise the letter is about; left out, the writer's choice stays. `about_department`: the unit
    complained of.

    Raises Refused when the letter is not waiting to be screened, or when the promise would change
    although its published progress is under review.
    """
    ticket = lock(ticket, "accept")
    ticket.handling_text, ticket.about_department, ticket.subject = (
        handling_text,
        about_department,
        subject,
    )
    if kind and kind != ticket.kind:
        ticket.kind = kind
        set_due(ticket)
    facts: Facts = {
        "kind": ticket.kind,
        "about": about_department and about_department.pk,
        "handling": digest(handling_text),
    }
    if subject:
        facts["subject"] = subject
    more, note = _change_task(ticket, task)
    return apply_transition(ticket, "accept", facts | more, note, by=by.actor(*DESK), at=at)


def _change_task(ticket: Ticket, task: ChosenTask) -> tuple[Facts, str]:
    """Sets the promise; returns the facts and the note where it is not the one the writer named."""
    if task is AsSent.AS_SENT:
        return {}, ""
    before, ticket.task = ticket.task, task
    if task == before:
        return {}, ""
    if ticket.disputed_id:
        raise Refused("已提请核实这项承诺公布的进展，不能再改有关承诺。")
    note = f"归到承诺“{task.title}”。" if task else "与承诺没有直接关系。"
    return {"task": [_code_of(before), _code_of(task)]}, note


def _code_of(task: Task | None) -> str | None:
    return task.code if task else None


@transaction.atomic
def decline(*, ticket: Ticket, reason: str, by: User, at: datetime) -> Ticket:
    """Declines a letter (不予受理); the writer reads the reason.

    Raises Refused when the letter is not waiting to be screened.
    """
    ticket = lock(ticket, "decline")
    ticket.declined_reason = reason
    facts = {"reason": digest(reason)}
    return apply_transition(ticket, "decline", facts, reason, by=by.actor(*DESK), at=at)


@transaction.atomic
def redirect(
    *, ticket: Ticket, channel: str, day: date, by: User, at: datetime, number: str = ""
) -> Ticket:
    """Notes that a letter was passed to another channel such as 12345 (转其他渠道).

    `day`: when it was passed on. `number`: its number there, "" where there is none.

    Raises Refused when the letter is not waiting to be screened.
    """
    ticket = lock(ticket, "redirect")
    ticket.redirected_to, ticket.redirected_on, ticket.redirected_number = channel, day, number
    note = f"转往{channel}" + (f"，对方编号 {number}" if number else "")
    facts = {"day": day, "channel": digest(channel)}
    return apply_transition(ticket, "redirect", facts, note, by=by.actor(*DESK), at=at)


@transaction.atomic
def spam(*, ticket: Ticket, by: User, at: datetime) -> Ticket:
    """Closes a letter as advertising or otherwise nothing that anybody could answer.

    Raises Refused when the letter is not waiting to be screened.
    """
    ticket = lock(ticket, "spam")
    note = "判为广告或与办事无关的内容。如果判错了，请重新提一件。"
    return apply_transition(ticket, "spam", {}, note, by=by.actor(*DESK), at=at)


@transaction.atomic
def assign(
    *,
    ticket: Ticket,
    lead: Department,
    by: User,
    at: datetime,
    supporting: Iterable[Department] = (),
) -> Ticket:
    """Assigns an accepted letter (转办) to the unit that leads and to those that support it.

    Raises Refused when the letter is not accepted, or when the letter is about a unit of `by`.
    """
    ticket = lock(ticket, "assign")
    check_not_about_own_unit(ticket, by)
    facts, note = _set_lead(ticket, lead, supporting)
    return apply_transition(ticket, "assign", facts, note, by=by.actor(*DESK), at=at)


@transaction.atomic
def reassign(
    *,
    ticket: Ticket,
    lead: Department,
    reason: str,
    by: User,
    at: datetime,
    supporting: Iterable[Department] = (),
) -> Ticket:
    """Takes the letter from the unit that leads and gives it to another (改派); the due day stays.

    A question to the writer stays open. A request for an extension falls, because whoever made it
    no longer leads.

    Raises Refused when no unit leads yet, when `lead` leads already, when the new lead is the unit
    complained of and a supplement is awaited, or when the letter is about a unit of `by`.
    """
    ticket = lock(ticket, "reassign")
    check_not_about_own_unit(ticket, by)
    before, is_waiting = ticket.lead_department, ticket.status == TicketStatus.NEEDS_MORE
    if before is None:
        raise Refused("这件诉求还没有转办，不用改派。")
    if lead == before:
        raise Refused(f"现在就由{lead.short_name}主办，请选择别的单位。")
    if is_waiting and ticket.about_department_id in Department.objects.related_to({lead.pk}):
        raise Refused("正在等来信人补充材料，不能改派给所涉单位，它不能看来信人的补充。")
    ticket.extension_asked_until = None
    facts, note = _set_lead(ticket, lead, supporting)
    facts |= {"before": before.pk, "reason": digest(reason)}
    note = f"不再由{before.short_name}主办，{note}"
    return apply_transition(
        ticket, "reassign", facts, note, by=by.actor(*DESK), at=at, inner=reason
    )


def _set_lead(
    ticket: Ticket, lead: Department, supporting: Iterable[Department]
) -> tuple[Facts, str]:
    """Sets the units; returns the facts for the ledger and the note for the writer."""
    others = [unit for unit in supporting if unit != lead]
    ticket.lead_department = lead
    ticket.supporting_departments.set(others)
    # One string and no list: the ledger pages read a list of two as old and new.
    facts: Facts = {"lead": lead.pk, "supporting": "、".join(str(unit.pk) for unit in others)}
    return facts, _lead_note(lead, others)


def _lead_note(lead: Department, supporting: list[Department]) -> str:
    names = "、".join(unit.short_name for unit in supporting)
    return f"由{lead.short_name}主办" + (f"，{names}协办" if names else "")


@transaction.atomic
def publish(
    *, ticket: Ticket, public_text: str, public_reply: str, by: User, at: datetime
) -> Ticket:
    """Publishes question and answer in the words given, from which personal data was removed.

    Raises Refused when the letter is not answered, when the words still hold personal data or the
    writer's contact, when there is no consent, when it was public before or follows another letter,
    or when the letter is about a unit of `by`.
    """
    ticket = lock(ticket, "publish")
    check_not_about_own_unit(ticket, by)
    if reasons := _publication_obstacles(ticket, f"{public_text}\n{public_reply}"):
        raise Refused(*reasons)
    ticket.public_text, ticket.public_reply, ticket.published_at = public_text, public_reply, at
    facts = {"public_text": digest(public_text), "public_reply": digest(public_reply)}
    ticket.save()
    log_step(ticket, "publish", facts, by=by.actor(*DESK), at=at, public=True)
    return ticket


def _publication_obstacles(ticket: Ticket, words: str) -> list[str]:
    reasons = privacy_problems(ticket, words)
    if not ticket.consent_to_publish:
        reasons.append("来信人没有同意公开，这件诉求不能公开。")
    if ticket.published_at or ticket.taken_down_at:
        reasons.append("这件诉求已经公开过。")
    if ticket.merged_into_id:
        reasons.append("这件诉求已并案，公开主件就行。")
    return reasons


def privacy_problems(ticket: Ticket, words: str) -> list[str]:
    """The personal data still in these words, as sentences for the person who wrote them."""
    reasons = [
        f"公开的文字里还有像{name}的内容，请隐去后再公开。" for name in find_personal_data(words)
    ]
    contact = Contact.objects.filter(ticket=ticket).first()
    if contact and (text := contact.text) and text in words:
        reasons.append("公开的文字里还有来信人的联系方式，请隐去后再公开。")
    return reasons


@transaction.atomic
def take_down(*, ticket: Ticket, reason: str, by: User, at: datetime) -> Ticket:
    """Takes a public question down (依法撤下): number, day and reason stay public, digests of the
    words stay in the ledger.

    Raises Refused when it is not public, when the reason holds personal data, or when the letter is
    about a unit of `by`.
    """
    ticket = lock(ticket, "take_down")
    check_not_about_own_unit(ticket, by)
    if ticket.published_at is None:
        raise Refused("这件诉求没有公开，不用撤下。")
    if reasons := privacy_problems(ticket, reason):
        raise Refused(*reasons)
    facts = leave_tombstone(ticket, reason, at)
    note = f"依法撤下，依据和理由：{reason}"
    return apply_transition(
        ticket, "take_down", facts, note, by=by.actor(*DESK), at=at, public=True
    )


@transaction.atomic
def see_contact(*, ticket: Ticket, by: User, at: datetime) -> str:
    """Returns the writer's contact in clear; the look itself is kept in the ledger.

    Raises Refused when the letter is about a unit of `by`, and Contact.DoesNotExist when no contact
    is kept.
    """
    check_not_about_own_unit(ticket, by)
    contact = Contact.objects.get(ticket=ticket)
    append(
        [LedgerEvent("see_contact", "ticket", ticket.number, public=False)],
        by=by.actor(*CONTACT_ROLES),
        at=at,
    )
    return contact.text or contact.masked
