"""What the writer does with number and code: add, rate, have the work done again, withdraw."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from common.errors import Refused
from common.text.canonical import digest
from departments.models import User
from departments.roles import Role
from feedback.actions.merging import release_followers
from feedback.actions.pauses import resume_handling
from feedback.actions.photos import forget_photos
from feedback.actions.steps import (
    CITIZEN,
    Facts,
    apply_transition,
    build_step,
    check_not_about_own_unit,
    leave_tombstone,
    lock,
    log_step,
    rules,
    set_due,
)
from feedback.choices import ReplyMethod, TicketChannel, TicketVerb
from feedback.models import Addition, Contact, Rating, Ticket, TicketEvent
from ledger.actions import Actor, append


@dataclass(frozen=True)
class MailOrigin:
    """The mail an addition came in: its digest, and what the step says about it."""

    mark: str
    note: str


@transaction.atomic
def supplement(
    *,
    ticket: Ticket,
    at: datetime,
    text: str = "",
    photo: bytes | None = None,
    by: User | None = None,
    channel: str = "",
    mail: MailOrigin | None = None,
) -> Ticket:
    """Takes in what the writer was asked for, as words or as a photo; the clock runs again.

    `by` and `channel`: the clerk who heard it, and over which `TicketChannel`; None and "" where
    the writer sent it. `photo`: a checked JPEG. `mail`: the mail it came in.

    Raises Refused when nothing was asked, or when the letter is about a unit of `by`.
    """
    ticket = lock(ticket, "supplement")
    actor, facts, note = _attribute(ticket, by, channel, mail)
    return resume_handling(
        ticket,
        "supplement",
        facts | _store_addition(ticket, at, text, photo, mail),
        note,
        by=actor,
        at=at,
    )


@transaction.atomic
def add(
    *,
    ticket: Ticket,
    at: datetime,
    text: str = "",
    photo: bytes | None = None,
    by: User | None = None,
    channel: str = "",
    mail: MailOrigin | None = None,
) -> Ticket:
    """Takes in what the writer adds without being asked; the same addition sent twice is kept once.

    `by` and `channel`: the clerk who heard it, and over which `TicketChannel`; None and "" where
    the writer sent it. `photo`: a checked JPEG. `mail`: the mail it came in.

    Raises Refused when the letter is no longer open or waits for a supplement, or when the letter
    is about a unit of `by`.
    """
    ticket = lock(ticket, "add")
    actor, facts, note = _attribute(ticket, by, channel, mail)
    last = ticket.additions.last()
    if last is None or not last.holds(text, photo):
        facts = facts | _store_addition(ticket, at, text, photo, mail)
        log_step(ticket, "add", facts, note, by=actor, at=at)
    return ticket


def _attribute(
    ticket: Ticket, by: User | None, channel: str, mail: MailOrigin | None = None
) -> tuple[Actor, Facts, str]:
    """Who leaves the step, and the facts and the note that name the channel a clerk used or the
    mail it came in.
    """
    if mail:
        return CITIZEN, {"channel": TicketChannel.MAIL}, mail.note
    if by is None:
        return CITIZEN, {}, ""
    check_not_about_own_unit(ticket, by)
    return (
        by.actor(Role.CLERK),
        {"channel": channel},
        f"来信人的话，由受理员登记（{TicketChannel(channel).label}）。",
    )


def _store_addition(
    ticket: Ticket,
    at: datetime,
    text: str,
    photo: bytes | None = None,
    mail: MailOrigin | None = None,
) -> Facts:
    """Saves what was sent later and returns its digests, the facts of the ledger event."""
    addition = Addition(ticket=ticket, text=text, at=at, mail_mark=mail.mark if mail else "")
    addition.attach_photo(photo)
    addition.save()
    facts: Facts = {"text": digest(text)} if text else {}
    return facts | ({"photo": addition.photo_sha256} if photo else {})


@transaction.atomic
def rate(
    *,
    ticket: Ticket,
    grade: str,
    at: datetime,
    words: str = "",
    by: User | None = None,
    channel: str = "",
) -> Ticket:
    """Keeps the writer's rating of the latest answer, once for each answer, and closes the letter.

    `grade`: a `RatingGrade`. `by` and `channel`: the clerk who heard it, and over which
    `TicketChannel`; nobody enters a rating of their own unit's answer.

    Raises Refused when the letter is not waiting for a rating or was withdrawn, when the answer
    came from a unit of `by`, or when the letter is about a unit of `by`.
    """
    ticket = lock(ticket, "rate")
    _check_not_withdrawn(ticket)
    if by and ticket.answered_by_id in by.related_units:
        raise Refused("答复是您所在的单位作的，评价请由其他单位的同事登记。")
    actor, facts, note = _attribute(ticket, by, channel)
    rating = Rating(reply=ticket.replies.sent().latest("pk"), grade=grade, words=words, at=at)
    rating.save()
    public_note = rating.get_grade_display() + (f"。{note}" if note else "")
    return apply_transition(
        ticket, "rate", facts | {"grade": rating.grade}, public_note, by=actor, at=at
    )


@transaction.atomic
def reopen(*, ticket: Ticket, reason: str, at: datetime) -> Ticket:
    """Sends an answered letter back to the desk, once, as new work with a due day of its own.

    The earlier answer stays. The unit that gave it sees nothing more of the letter until it is
    assigned again.

    Raises Refused when the letter is not answered, was withdrawn or was opened again before, or
    when the days for a rating are over.
    """
    ticket = lock(ticket, "reopen")
    _check_not_withdrawn(ticket)
    if ticket.opening > 1:
        raise Refused("这件诉求已经重办过一次，不能再重办。有新的情况，请重新提一件。")
    if ticket.closes_at is None or at > ticket.closes_at:
        raise Refused(
            f"答复已满 {rules()['rating_days']} 天，不能再要求重办。有新的情况，请重新提一件。"
        )
    facts = _store_addition(ticket, at, reason)
    ticket.opening, ticket.lead_department, ticket.merged_into, ticket.escalated_at = (
        2,
        None,
        None,
        None,
    )
    ticket.supporting_departments.clear()
    set_due(ticket, TicketEvent(verb=TicketVerb.REOPEN, at=at))
    return apply_transition(ticket, "reopen", facts, by=CITIZEN, at=at, due_on=ticket.due_on)


@transaction.atomic
def withdraw(*, ticket: Ticket, at: datetime) -> Ticket:
    """Withdraws the letter: its contact and photos are deleted, an open letter ends, a public page
    is taken down, and the letters merged into it are released.

    Raises Refused when the letter was withdrawn before or has ended without an answer.
    """
    ticket = lock(ticket, "withdraw")
    _check_not_withdrawn(ticket)
    Contact.objects.filter(ticket=ticket).delete()
    facts, was_public = _end_publication(ticket, at)
    forget_photos([ticket])
    ticket.withdrawn_at, ticket.extension_asked_until = at, None
    ticket.advance("withdraw")
    ticket.save()
    events = [build_step(ticket, "withdraw", facts, by=CITIZEN, at=at, public=was_public)]
    append(events + release_followers(ticket, by=CITIZEN, at=at), by=CITIZEN, at=at)
    return ticket


@transaction.atomic
def withdraw_consent(*, ticket: Ticket, at: datetime) -> Ticket:
    """Ends the consent to publish and takes a public page down; the work itself goes on.

    Raises Refused when there is no consent to withdraw.
    """
    ticket = lock(ticket, "withdraw_consent")
    if not ticket.consent_to_publish:
        raise Refused("这件诉求没有同意公开，不用撤回。")
    facts, was_public = _end_publication(ticket, at)
    return apply_transition(ticket, "withdraw_consent", facts, by=CITIZEN, at=at, public=was_public)


@transaction.atomic
def delete_contact(*, ticket: Ticket, at: datetime) -> Ticket:
    """Deletes the writer's contact at once; from now on the writer reads the answer on the site.

    Raises Refused when no contact is kept.
    """
    ticket = lock(ticket, "delete_contact")
    if not Contact.objects.filter(ticket=ticket).delete()[0]:
        raise Refused("没有留联系方式，或者已经删除。")
    ticket.reply_by = ReplyMethod.WEB
    return apply_transition(ticket, "delete_contact", by=CITIZEN, at=at)


def _check_not_withdrawn(ticket: Ticket) -> None:
    if ticket.withdrawn_at:
        raise Refused("这件诉求已经撤回。")


def _end_publication(ticket: Ticket, at: datetime) -> tuple[Facts, bool]:
    """Ends the consent; returns the digests of what was public, and whether anything was."""
    ticket.consent_to_publish = False
    if ticket.published_at is None:
        return {}, False
    return leave_tombstone(ticket, "来信人撤回了公开同意", at), True
