"""What the person does with number and code: add, rate, have it done once more, take back."""

from datetime import datetime

from django.db import transaction

from common.errors import Refused
from common.text.canonical import digest
from departments.models import Role, User
from feedback.actions.merging import release_followers
from feedback.actions.pauses import go_on
from feedback.actions.photos import forget_photos
from feedback.actions.steps import CITIZEN, locked, move, not_about_own_unit, rules, set_due, step, stepped, taken_down
from feedback.choices import ReplyMethod, TicketChannel, TicketVerb
from feedback.models import Addition, Contact, Rating, Ticket, TicketEvent
from ledger.actions import Actor, append


@transaction.atomic
def supplement(
    *,
    ticket: Ticket,
    at: datetime,
    text: str = "",
    photo: bytes | None = None,
    by: User | None = None,
    channel: str = "",
) -> Ticket:
    """What was asked for, in words or as a photo: the clock goes on. `by`: the clerk who heard it over that channel."""
    ticket = locked(ticket, "supplement")
    actor, facts, note = _heard(ticket, by, channel)
    return go_on(ticket, "supplement", facts | _added(ticket, at, text, photo), note, by=actor, at=at)


@transaction.atomic
def add(
    *,
    ticket: Ticket,
    at: datetime,
    text: str = "",
    photo: bytes | None = None,
    by: User | None = None,
    channel: str = "",
) -> Ticket:
    """What nobody asked for; sent twice it is one addition."""
    ticket = locked(ticket, "add")
    actor, facts, note = _heard(ticket, by, channel)
    last = ticket.additions.last()
    if last is None or not last.holds(text, photo):
        step(ticket, "add", facts | _added(ticket, at, text, photo), note, by=actor, at=at)
    return ticket


def _heard(ticket: Ticket, by: User | None, channel: str) -> tuple[Actor, dict, str]:
    """Who leaves the step, and what the record and the person read of it: their own hand, or whoever was told."""
    if by is None:
        return CITIZEN, {}, ""
    not_about_own_unit(ticket, by)
    return by.actor(Role.CLERK), {"channel": channel}, f"来信人的话，由受理员登记（{TicketChannel(channel).label}）。"


def _added(ticket: Ticket, at: datetime, text: str, photo: bytes | None = None) -> dict:
    added = Addition(ticket=ticket, text=text, at=at)
    added.attach_photo(photo)
    added.save()
    words = {"text": digest(text)} if text else {}
    return words | ({"photo": added.photo_sha256} if photo else {})


@transaction.atomic
def rate(
    *, ticket: Ticket, grade: str, at: datetime, words: str = "", by: User | None = None, channel: str = ""
) -> Ticket:
    """On five levels, once for each answer; it closes the ticket. Nobody enters what their own unit was given."""
    ticket = locked(ticket, "rate")
    _still_theirs(ticket)
    if by and ticket.answered_by_id in by.related_units:
        raise Refused("答复是您所在的单位作的，评价请由其他单位的同事登记。")
    actor, facts, note = _heard(ticket, by, channel)
    rating = Rating(reply=ticket.replies.sent().last(), grade=grade, words=words, at=at)
    rating.save()
    told = f"{rating.get_grade_display()}。{note}" if note else rating.get_grade_display()
    return move(ticket, "rate", facts | {"grade": rating.grade}, told, by=actor, at=at)


@transaction.atomic
def reopen(*, ticket: Ticket, reason: str, at: datetime) -> Ticket:
    """Once, soon after the answer: back to the desk as a new piece of work with a day of its own.

    The earlier answer stays; the unit it went to sees nothing more of it until it is passed on again.
    """
    ticket = locked(ticket, "reopen")
    _still_theirs(ticket)
    if ticket.opening > 1:
        raise Refused("这件诉求已经重办过一次，不能再重办。有新的情况，请重新提一件。")
    if at > ticket.closes_at:
        raise Refused(f"答复已满 {rules()['rating_days']} 天，不能再要求重办。有新的情况，请重新提一件。")
    facts = _added(ticket, at, reason)
    ticket.opening, ticket.lead_department, ticket.merged_into, ticket.escalated_at = 2, None, None, None
    ticket.supporting_departments.clear()
    set_due(ticket, TicketEvent(verb=TicketVerb.REOPEN, at=at))
    return move(ticket, "reopen", facts, by=CITIZEN, at=at, due_on=ticket.due_on)


@transaction.atomic
def withdraw(*, ticket: Ticket, at: datetime) -> Ticket:
    """Contact and photos are deleted, an open ticket ends, a public page goes down."""
    ticket = locked(ticket, "withdraw")
    _still_theirs(ticket)
    Contact.objects.filter(ticket=ticket).delete()
    facts, was_public = _taken_down(ticket, at)
    forget_photos([ticket])
    ticket.withdrawn_at, ticket.extension_asked_until = at, None
    ticket.advance("withdraw")
    ticket.save()
    events = [stepped(ticket, "withdraw", facts, by=CITIZEN, at=at, public=was_public)]
    append(events + release_followers(ticket, by=CITIZEN, at=at), by=CITIZEN, at=at)
    return ticket


@transaction.atomic
def withdraw_consent(*, ticket: Ticket, at: datetime) -> Ticket:
    """Not public any more, or never to be; the work itself goes on."""
    ticket = locked(ticket, "withdraw_consent")
    if not ticket.consent_to_publish:
        raise Refused("这件诉求没有同意公开，不用撤回。")
    facts, was_public = _taken_down(ticket, at)
    return move(ticket, "withdraw_consent", facts, by=CITIZEN, at=at, public=was_public)


@transaction.atomic
def delete_contact(*, ticket: Ticket, at: datetime) -> Ticket:
    """At once; who wanted to be called reads the answer on the site from now on."""
    ticket = locked(ticket, "delete_contact")
    if not Contact.objects.filter(ticket=ticket).delete()[0]:
        raise Refused("没有留联系方式，或者已经删除。")
    ticket.reply_by = ReplyMethod.WEB
    return move(ticket, "delete_contact", by=CITIZEN, at=at)


def _still_theirs(ticket: Ticket) -> None:
    if ticket.withdrawn_at:
        raise Refused("这件诉求已经撤回。")


def _taken_down(ticket: Ticket, at: datetime) -> tuple[dict, bool]:
    """Digests of what was public, and whether anything was: a tombstone keeps its place."""
    ticket.consent_to_publish = False
    if ticket.published_at is None:
        return {}, False
    return taken_down(ticket, "来信人撤回了公开同意", at), True
