"""A ticket's way, one deed a step: every deed moves one row, leaves a dated step for the citizen and one entry."""

from collections.abc import Iterable
from datetime import date, datetime

from django.conf import settings
from django.db import transaction

from departments.models import CalendarDay, Department, Role, User
from feedback.models import MOVES, OPEN, Contact, Reply, Ticket, TicketCounter, TicketEvent, TicketStatus
from ledger.actions import Actor, Deed, append
from tasks.models import Task
from yantian_portal.lib.canonical import digest
from yantian_portal.lib.crypto import code_digest, query_codes
from yantian_portal.lib.days import local_day
from yantian_portal.lib.errors import Refused
from yantian_portal.lib.privacy import traces

CITIZEN = Actor(post="来信人")
DESK = (Role.CLERK, Role.SUPERVISOR)


@transaction.atomic
def receive(
    *,
    form_token: str,
    kind: str,
    text: str,
    notice_version: str,
    by: Actor,
    at: datetime,
    task: Task | None = None,
    place: str = "",
    contact: str = "",
    reply_by: str = Ticket.ReplyBy.WEB,
    channel: str = Ticket.Channel.WEB,
    consent: bool = False,
    demonstration: bool = False,
) -> Ticket:
    """Registers a letter. The same form sent twice is the same ticket with the same receipt."""
    counter = _locked_counter(local_day(at).year)
    if known := Ticket.objects.filter(form_token=form_token).first():
        return known
    ticket = Ticket(
        number=_next_number(counter),
        form_token=form_token,
        code_digest=code_digest(query_codes(form_token)[0]),
        kind=kind,
        text=text,
        notice_version=notice_version,
        task=task,
        place=place,
        reply_by=reply_by,
        channel=channel,
        consent_to_publish=consent,
        demonstration=demonstration,
        received_at=at,
    )
    _set_due(ticket)
    ticket.save()
    if contact:
        Contact.seal(ticket, contact)
    facts = {
        "kind": kind,
        "channel": channel,
        "task": task and task.code,
        "text": digest(text),
        "due_on": ticket.due_on,
    }
    _step(ticket, "receive", facts, by=by, at=at)
    return ticket


def _locked_counter(year: int) -> TicketCounter:
    TicketCounter.objects.bulk_create([TicketCounter(year=year)], ignore_conflicts=True)
    return TicketCounter.objects.select_for_update().get(year=year)


def _next_number(counter: TicketCounter) -> str:
    counter.last += 1
    counter.save(update_fields=["last"])
    return f"{settings.SITE['ticket_prefix']}-{counter.year}-{counter.last:06d}"


def _set_due(ticket: Ticket) -> None:
    ticket.due_days = settings.REPLY_DAYS[ticket.kind]
    start = local_day(ticket.received_at)
    ticket.due_on, ticket.due_provisional = CalendarDay.objects.working_day_after(start, ticket.due_days)


@transaction.atomic
def accept(
    *,
    ticket: Ticket,
    handling_text: str,
    by: User,
    at: datetime,
    kind: str = "",
    about_department: Department | None = None,
) -> Ticket:
    """受理: what is to be done, without the person; the kind may be put right, which moves the due day."""
    ticket = _locked(ticket, "accept")
    ticket.handling_text, ticket.about_department = handling_text, about_department
    if kind and kind != ticket.kind:
        ticket.kind = kind
        _set_due(ticket)
    facts = {"kind": ticket.kind, "about": about_department and about_department.pk, "handling": digest(handling_text)}
    return _move(ticket, "accept", TicketStatus.ACCEPTED, facts, by=by.actor(*DESK), at=at)


@transaction.atomic
def decline(*, ticket: Ticket, reason: str, by: User, at: datetime) -> Ticket:
    ticket = _locked(ticket, "decline")
    ticket.declined_reason = reason
    facts = {"reason": digest(reason)}
    return _move(ticket, "decline", TicketStatus.DECLINED, facts, reason, by=by.actor(*DESK), at=at)


@transaction.atomic
def redirect(*, ticket: Ticket, channel: str, day: date, by: User, at: datetime, number: str = "") -> Ticket:
    """转其他渠道 such as 12345: where it went, on which day, under which number there."""
    ticket = _locked(ticket, "redirect")
    ticket.redirected_to, ticket.redirected_on, ticket.redirected_number = channel, day, number
    note = f"转往{channel}" + (f",对方编号 {number}" if number else "")
    facts = {"day": day, "channel": digest(channel)}
    return _move(ticket, "redirect", TicketStatus.REDIRECTED, facts, note, by=by.actor(*DESK), at=at)


@transaction.atomic
def assign(
    *, ticket: Ticket, lead: Department, by: User, at: datetime, supporting: Iterable[Department] = ()
) -> Ticket:
    ticket = _locked(ticket, "assign")
    _not_about_own_unit(ticket, by)
    supporting = [unit for unit in supporting if unit != lead]
    ticket.lead_department = lead
    ticket.supporting_departments.set(supporting)
    names = "、".join(unit.short_name for unit in supporting)
    note = f"由{lead.short_name}主办" + (f",{names}协办" if names else "")
    facts = {"lead": lead.pk, "supporting": [unit.pk for unit in supporting]}
    return _move(ticket, "assign", TicketStatus.ASSIGNED, facts, note, by=by.actor(*DESK), at=at)


@transaction.atomic
def take(*, ticket: Ticket, by: User, at: datetime) -> Ticket:
    ticket = _locked(ticket, "take")
    return _move(ticket, "take", TicketStatus.HANDLING, by=_in_lead(ticket, by), at=at)


@transaction.atomic
def hand_back(*, ticket: Ticket, reason: str, by: User, at: datetime) -> Ticket:
    """Not ours: once only, so that no letter wanders between desks."""
    ticket = _locked(ticket, "hand_back")
    if ticket.handed_back_at:
        raise Refused("这件诉求已经退回过一次,不能再退。请办理,或与受理员商量。")
    actor, facts = _in_lead(ticket, by), {"lead": ticket.lead_department_id, "reason": digest(reason)}
    ticket.handed_back_at, ticket.hand_back_reason, ticket.lead_department = at, reason, None
    ticket.supporting_departments.clear()
    return _move(ticket, "hand_back", TicketStatus.ACCEPTED, facts, by=actor, at=at)


@transaction.atomic
def reply(*, ticket: Ticket, text: str, by: User, at: datetime) -> Reply:
    ticket = _locked(ticket, "reply")
    given = Reply.objects.create(ticket=ticket, department=ticket.lead_department, text=text, by=by, at=at)
    start, end = local_day(ticket.received_at), local_day(at)
    ticket.answered_at = at
    ticket.days_taken = max(CalendarDay.objects.working_days_between(start, end), 0)
    facts = {"reply": given.pk, "text": digest(text), "days": ticket.days_taken}
    _move(ticket, "reply", TicketStatus.ANSWERED, facts, by=_in_lead(ticket, by), at=at)
    return given


@transaction.atomic
def publish(*, ticket: Ticket, public_text: str, public_reply: str, by: User, at: datetime) -> Ticket:
    ticket = _locked(ticket, "publish")
    _not_about_own_unit(ticket, by)
    if reasons := _why_not_public(ticket, f"{public_text}\n{public_reply}"):
        raise Refused(*reasons)
    ticket.public_text, ticket.public_reply, ticket.published_at = public_text, public_reply, at
    facts = {"public_text": digest(public_text), "public_reply": digest(public_reply)}
    ticket.save()
    _step(ticket, "publish", facts, by=by.actor(*DESK), at=at, public=True)
    return ticket


def _why_not_public(ticket: Ticket, words: str) -> list[str]:
    reasons = [f"公开的文字里还有像{name}的内容,请隐去后再公开。" for name in traces(words)]
    if not ticket.consent_to_publish:
        reasons.append("来信人没有同意公开,这件诉求不能公开。")
    if ticket.published_at or ticket.taken_down_at:
        reasons.append("这件诉求已经公开过。")
    contact = Contact.objects.filter(ticket=ticket).first()
    if contact and contact.text in words:
        reasons.append("公开的文字里还有来信人的联系方式,请隐去后再公开。")
    return reasons


@transaction.atomic
def see_contact(*, ticket: Ticket, by: User, at: datetime) -> str:
    """The contact in clear, for one look; the look itself stays in the record."""
    _not_about_own_unit(ticket, by)
    contact = Contact.objects.get(ticket=ticket)
    append([Deed("see_contact", "ticket", ticket.number, public=False)], by=by.actor(*DESK, Role.REPORTER), at=at)
    return contact.text


@transaction.atomic
def withdraw(*, ticket: Ticket, at: datetime) -> Ticket:
    """By the person, with the code: the contact is deleted, an open ticket ends, a public page goes down."""
    ticket = _locked(ticket, "withdraw")
    if ticket.withdrawn_at:
        raise Refused("这件诉求已经撤回。")
    Contact.objects.filter(ticket=ticket).delete()
    facts = {"public_text": digest(ticket.public_text), "public_reply": digest(ticket.public_reply)}
    was_public = ticket.published_at is not None
    if was_public:
        ticket.taken_down_at, ticket.taken_down_reason = at, "来信人撤回了公开同意"
        ticket.public_text, ticket.public_reply, ticket.published_at = "", "", None
    ticket.consent_to_publish, ticket.withdrawn_at = False, at
    status = TicketStatus.WITHDRAWN if ticket.status in OPEN else ticket.status
    return _move(ticket, "withdraw", status, facts, by=CITIZEN, at=at, public=was_public)


@transaction.atomic
def settle_due_days(*, by: Actor, at: datetime) -> int:
    """Recounts provisional due days after an official calendar has come; returns how many became final."""
    settled = 0
    for ticket in Ticket.objects.select_for_update().unfinished().filter(due_provisional=True):
        before = ticket.due_on
        _set_due(ticket)
        if not ticket.due_provisional:
            ticket.save()
            _step(ticket, "reschedule", {"due_on": [before, ticket.due_on]}, by=by, at=at)
            settled += 1
    return settled


@transaction.atomic
def forget_contacts(*, before: datetime, by: Actor, at: datetime) -> int:
    """Deletes the contacts of letters closed before that moment; returns how many."""
    numbers = list(Ticket.objects.closed_before(before).filter(contact__isnull=False).values_list("number", flat=True))
    Contact.objects.filter(ticket__number__in=numbers).delete()
    append([Deed("forget_contact", "ticket", number, public=False) for number in numbers], by=by, at=at)
    return len(numbers)


def _locked(ticket: Ticket, verb: str) -> Ticket:
    fresh = Ticket.objects.select_for_update().get(pk=ticket.pk)
    if fresh.status not in MOVES[verb]:
        raise Refused(f"这件诉求现在是“{fresh.get_status_display()}”,不能再做这一步。请刷新页面再看。")
    return fresh


def _move(ticket, verb, status, facts=None, note="", *, by: Actor, at: datetime, public=False) -> Ticket:
    ticket.status = status
    ticket.save()
    _step(ticket, verb, facts, note, by=by, at=at, public=public)
    return ticket


def _step(ticket, verb, facts=None, note="", *, by: Actor, at: datetime, public=False) -> None:
    """Entries stay internal until publication: even that a complaint exists is nobody's business."""
    TicketEvent.objects.create(ticket=ticket, verb=verb, at=at, unit=by.unit, public_note=note)
    facts = (facts or {}) | ({"demonstration": True} if ticket.demonstration else {})
    append([Deed(f"{verb}_ticket", "ticket", ticket.number, facts, public=public)], by=by, at=at)


def _in_lead(ticket: Ticket, by: User) -> Actor:
    """The person in the post that stands for the leading unit."""
    post = next((p for p in by.posts if p.department_id == ticket.lead_department_id), None)
    if post is None:
        raise Refused("这件诉求不由您所在的单位主办。")
    return Actor(id=str(by.pk), unit=post.department.short_name, post=post.get_role_display())


def _not_about_own_unit(ticket: Ticket, by: User) -> None:
    if ticket.concerns(by):
        raise Refused("这件诉求涉及您所在的单位,请由其他单位的同事处理。")
