"""What mails leave behind that are no letters of their own: those set aside for the desk, the ones
we sent, and a letter that the desk makes of one set aside.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from common.errors import Refused
from departments.models import User
from departments.roles import Role
from feedback.actions.registration import register
from feedback.choices import ReplyMethod, SetAsideReason, TicketChannel, TicketKind
from feedback.models import Addition, SentMail, SetAsideMail, Ticket
from ledger.actions import Actor, LedgerEvent, append

# Whoever writes a mail has not seen the privacy notice of the form.
NO_NOTICE = "邮件，未出示"
BATCH = 100


def form_token(mark: str) -> str:
    """The one-time token of the letter that a mail becomes."""
    return f"mail{mark[:60]}"


def is_known_mail(mark: str) -> bool:
    """Whether a mail with this digest was dealt with before."""
    return (
        Ticket.objects.filter(form_token=form_token(mark)).exists()
        or Addition.objects.filter(mail_mark=mark).exists()
        or SetAsideMail.objects.filter(mark=mark).exists()
    )


@transaction.atomic
def register_mail(
    *,
    mark: str,
    text: str,
    sender: str,
    photo: bytes | None,
    demonstration: bool,
    by: Actor,
    at: datetime,
) -> Ticket:
    """Registers a mail as a letter, once; the desk puts its kind right when accepting it."""
    return register(
        form_token=form_token(mark),
        kind=TicketKind.ENQUIRY,
        channel=TicketChannel.MAIL,
        text=text,
        photo=photo,
        contact=sender,
        reply_by=ReplyMethod.MAIL if sender else ReplyMethod.WEB,
        notice_version=NO_NOTICE,
        demonstration=demonstration,
        by=by,
        at=at,
    )


@transaction.atomic
def set_aside(
    *, mark: str, original: bytes, reason: str, detail: str, words: dict[str, str], at: datetime
) -> SetAsideMail:
    """Keeps a mail that became no letter for the desk, once.

    `mark`: its digest; `reason`: a `SetAsideReason`; `detail`: in Chinese, for the desk; `words`:
    what could be read, as `sender`, `subject` and `text`.
    """
    if earlier := SetAsideMail.objects.filter(mark=mark).first():
        return earlier
    mail = SetAsideMail(mark=mark, reason=reason, detail=detail[:200], received_at=at)
    mail.seal(words, original)
    mail.save()
    append([_event("set_aside_mail", mail, {"set_aside": reason})], by=Actor(), at=at)
    return mail


@transaction.atomic
def see_original(*, mail: SetAsideMail, by: User, at: datetime) -> bytes:
    """Returns the original of a mail set aside; the look itself is kept in the ledger.

    Raises NoKey where the key is lost.
    """
    original = mail.original
    append([_event("see_mail", mail)], by=by.actor(Role.CLERK), at=at)
    return original


@transaction.atomic
def settle_mail(*, mail: SetAsideMail, note: str, by: User, at: datetime) -> SetAsideMail:
    """Closes a mail set aside. `note`: what was done with it.

    Raises Refused when somebody was first.
    """
    mail = _locked(mail)
    mail.settled_at, mail.settled_by, mail.settled_note = at, by, note
    mail.save(update_fields=["settled_at", "settled_by", "settled_note"])
    append([_event("settle_mail", mail)], by=by.actor(Role.CLERK), at=at)
    return mail


@transaction.atomic
def register_set_aside(
    *, mail: SetAsideMail, text: str, demonstration: bool, by: User, at: datetime
) -> Ticket:
    """Registers a mail set aside as a letter after all, with the sender's address.

    `text`: the letter as the desk read it in the mail.

    The mail set aside is deleted: what is kept of its writer is deleted with the letter's contact.

    Raises Refused when somebody was first.
    """
    mail = _locked(mail)
    ticket = register_mail(
        mark=mail.mark,
        text=text,
        sender=mail.words.get("sender", ""),
        photo=None,
        demonstration=demonstration,
        by=by.actor(Role.CLERK),
        at=at,
    )
    event = _event("settle_mail", mail, {"into": ticket.number})
    mail.delete()
    append([event], by=by.actor(Role.CLERK), at=at)
    return ticket


def _locked(mail: SetAsideMail) -> SetAsideMail:
    rows = SetAsideMail.objects.defer_sealed().select_for_update()
    fresh = rows.filter(pk=mail.pk, settled_at=None).first()
    if fresh is None:
        raise Refused("这封邮件已经有人处理过了。")
    return fresh


@transaction.atomic
def forget_mails(*, before: datetime, by: Actor, at: datetime) -> int:
    """Deletes mails settled before that moment, and those of machines that came before it, at most
    `BATCH` at a time. Call it until it returns 0.

    What a person may have written stays until somebody has looked at it.
    """
    old = Q(settled_at__lt=before) | Q(
        settled_at=None, reason__in=SetAsideReason.of_machines(), received_at__lt=before
    )
    mails = list(SetAsideMail.objects.filter(old).defer_sealed().order_by("pk")[:BATCH])
    SetAsideMail.objects.filter(pk__in=[mail.pk for mail in mails]).delete()
    append([_event("forget_mail", mail) for mail in mails], by=by, at=at)
    return len(mails)


def _event(verb: str, mail: SetAsideMail, facts: dict[str, str] | None = None) -> LedgerEvent:
    return LedgerEvent(verb, "mail", str(mail.pk), facts or {}, public=False)


def record_sent_mail(*, ticket: Ticket, message_id: str, at: datetime) -> None:
    """Keeps the id of a mail about a letter before it is sent. Sending changes nothing on record,
    so it leaves no ledger entry.
    """
    SentMail.objects.create(ticket=ticket, message_id=message_id, sent_at=at)
