"""What becomes of one mail: a letter, an addition to the letter it answers, or one set aside.

Whatever is wrong with it, nothing of it is lost and the mails behind it are read.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.conf import settings

from common.errors import Refused
from common.files.uploads import check_photo
from common.mail.charsets import clean
from common.mail.headers import MESSAGE_ID, address, raw, split_head, words
from common.mail.mime import Unreadable
from common.mail.parsing import MOST_TEXT, Mail, mail_mark, read_mail
from common.mail.quoting import without_codes, without_quotes
from feedback import actions
from feedback.choices import SetAsideReason
from feedback.mailboxes import MOST_BYTES
from feedback.models import SentMail, Ticket
from feedback.outgoing import our_addresses

NO_WORDS = "（邮件里没有写字。）"
CUT = f"（来信太长，这里是前{MOST_TEXT}字，全文在原邮件里。）"
SEALED = "加了密，或者是 Outlook 专用的格式"
FROM_ANOTHER = "由另一个邮箱发来。"
# A picture costs a second of work; how many a mail may have that turn out to be none.
MOST_BROKEN_PICTURES = 5
ANSWER_MARKS = re.compile(r"\s*(re|回复|答复|回覆|转发|fw|fwd)\s*[:：]", re.IGNORECASE)
MOST_NUMBERS = 5
# A bounce repeats the head of the mail that came back.
MOST_RETURNED = 100_000
MOST_IDS = 100


class Fate(StrEnum):
    """What became of a mail."""

    REGISTERED = "registered"
    ADDED = "added"
    KNOWN = "known"
    SET_ASIDE = "set_aside"
    # Set aside because something went wrong; somebody should look at it.
    FAILED = "failed"


@dataclass(frozen=True)
class Receipt:
    """What became of a mail. `ticket`: the letter it made or was added to; `problem`: what went
    wrong, with the sender.
    """

    fate: Fate
    reason: str = ""
    ticket: Ticket | None = None
    problem: str = ""


def receive_mail(data: bytes, *, at: datetime) -> Receipt:
    """Makes of a mail what it is.

    `data`: the mail as fetched, at most MOST_BYTES and one more.

    Raises only what keeps the mail from being set aside, such as a database that is gone.
    """
    mark = mail_mark(data)
    if actions.is_known_mail(mark):
        return Receipt(Fate.KNOWN)
    if len(data) > MOST_BYTES:
        return _set_aside(data, SetAsideReason.TOO_LARGE, "", at, fate=Fate.FAILED)
    try:
        return _receive(data, at)
    except Unreadable as error:
        problem = str(error)
    # Whatever a mail may hold, it must not keep those behind it from being read.
    except Exception as error:
        problem = f"{type(error).__name__}: {error}"
    return _set_aside(data, SetAsideReason.UNREADABLE, problem, at, fate=Fate.FAILED)


def _receive(data: bytes, at: datetime) -> Receipt:
    mail = read_mail(data, our_addresses())
    if mail.automatic:
        return _set_aside(data, SetAsideReason.AUTOMATIC, _about(data, mail), at, mail=mail)
    if mail.is_empty:
        return _set_aside(data, SetAsideReason.EMPTY, "", at, mail=mail)
    if mail.is_sealed:
        return _set_aside(data, SetAsideReason.UNREADABLE, SEALED, at, mail=mail)
    photo = first_photo(mail)
    left_out = len(mail.attached) - bool(photo)
    answered = answered_letter(mail)
    if _was_added(answered, mail, photo, left_out, at):
        return Receipt(Fate.ADDED, ticket=answered)
    ticket = actions.register_mail(
        mark=mail.mark,
        text=letter_text(mail, left_out, answered),
        sender=mail.sender,
        photo=photo,
        demonstration=settings.DEMO,
        by=actions.CITIZEN,
        at=at,
    )
    # Another run may have been first; only who registered it sends the code.
    return Receipt(Fate.REGISTERED if ticket.received_at == at else Fate.KNOWN, ticket=ticket)


def _about(data: bytes, mail: Mail) -> str:
    """Why a machine seems to have sent a mail and, where one of ours came back, about which letter
    it was.
    """
    answered = answered_letter(mail)
    returned = MESSAGE_ID.findall(data[:MOST_RETURNED].decode("ascii", "ignore"))[:MOST_IDS]
    sent = SentMail.objects.filter(message_id__in=returned).select_related("ticket").last()
    ticket = answered or (sent and sent.ticket)
    return "，".join(filter(None, [mail.automatic, f"与 {ticket.number} 有关" if ticket else ""]))


def _set_aside(
    data: bytes,
    reason: SetAsideReason,
    detail: str,
    at: datetime,
    *,
    mail: Mail | None = None,
    fate: Fate = Fate.SET_ASIDE,
) -> Receipt:
    """Keeps the mail for the desk, with what can be read of it."""
    if mail:
        read = {"sender": mail.sender, "subject": mail.subject, "text": mail.text}
    else:
        head, _ = split_head(data[:MOST_BYTES].replace(b"\r\n", b"\n")[:100_000], 0, 100_000)
        read = {"sender": address(raw(head, "From")), "subject": words(raw(head, "Subject"))[:200]}
    actions.set_aside(
        mark=mail_mark(data), original=data, reason=reason, detail=clean(detail), words=read, at=at
    )
    who = read["sender"] or "没有写发件人"
    return Receipt(
        fate, reason, problem=f"{who}：{reason.label}{f'（{detail}）' if detail else ''}"
    )


def first_photo(mail: Mail) -> bytes | None:
    """The first picture that can be opened; made small like one that came with the form."""
    broken = 0
    for file in mail.attached:
        try:
            return check_photo(file)
        except Refused:
            file.seek(0)
            broken += looks_like_a_picture(file.read(16))
        if broken >= MOST_BROKEN_PICTURES:
            break
    return None


def looks_like_a_picture(start: bytes) -> bool:
    """Whether a file begins as pictures do that are drawn anew."""
    return start.startswith((b"\xff\xd8", b"\x89PNG", b"GIF8", b"RIFF", b"BM"))


def letter_text(mail: Mail, left_out: int, answered: Ticket | None) -> str:
    """Subject and text, with notes on what is missing. `left_out`: how many attachments are not
    kept; `answered`: the letter that the mail answers and that takes nothing in any more.
    """
    pieces, codes, named = [mail.subject, mail.text], [], []
    if answered:
        pieces, codes = [mail.subject, without_quotes(mail.text)], codes_of(answered)
        named = [f"（这是对 {answered.number} 的邮件的回复。）"]
    said = [without_codes(piece, *codes) for piece in filter(None, pieces)]
    return "\n\n".join([*(said or [NO_WORDS]), *_notes(mail, left_out), *named])


def codes_of(ticket: Ticket) -> list[str]:
    """The query code of a letter; nothing where its key is lost."""
    try:
        return [ticket.query_code]
    except StopIteration:
        return []


def _notes(mail: Mail, left_out: int) -> list[str]:
    cut = [CUT] if mail.is_cut else []
    return cut + ([f"（另有附件 {left_out} 个，没有登记。）"] if left_out else [])


def answered_letter(mail: Mail) -> Ticket | None:
    """The letter that a mail answers: by the id of a mail we sent, or by its number if the sender
    has the address that the letter keeps.
    """
    sent = SentMail.objects.filter(message_id__in=mail.answers).select_related("ticket__contact")
    if newest := sent.order_by("-pk").first():
        return newest.ticket
    for ticket in Ticket.objects.filter(number__in=_numbers_in(mail)).select_related("contact"):
        if _is_from_the_writer(mail, ticket):
            return ticket
    return None


def _numbers_in(mail: Mail) -> list[str]:
    """The numbers of letters in the subject and, where it is an answer, in the text."""
    is_answer = bool(mail.answers) or ANSWER_MARKS.match(mail.subject)
    searched = f"{mail.subject}\n{mail.text}" if is_answer else mail.subject
    pattern = rf"(?<!\w){re.escape(settings.SITE['ticket_prefix'])}-\d{{4}}-\d{{6}}(?!\d)"
    return list(dict.fromkeys(re.findall(pattern, searched)))[:MOST_NUMBERS]


def _is_from_the_writer(mail: Mail, ticket: Ticket) -> bool:
    contact = ticket.contact_or_none
    return bool(mail.sender and contact and contact.text.lower() == mail.sender.lower())


def _was_added(
    ticket: Ticket | None, mail: Mail, photo: bytes | None, left_out: int, at: datetime
) -> bool:
    """Adds the words of a reply to its letter; whether there is one that took them."""
    if ticket is None:
        return False
    note = "来信人用邮件发来。" if _is_from_the_writer(mail, ticket) else FROM_ANOTHER
    action = actions.supplement if ticket.allows("supplement") else actions.add
    origin = actions.MailOrigin(mail.mark, note)
    text = addition_text(ticket, mail, left_out, has_photo=photo is not None)
    try:
        action(ticket=ticket, text=text, photo=photo, mail=origin, at=at)
    except Refused:
        return False
    return True


def addition_text(ticket: Ticket, mail: Mail, left_out: int, *, has_photo: bool) -> str:
    """The words of a reply. Its subject only repeats ours, unless it is all there is."""
    only_subject = "" if has_photo or left_out else mail.subject
    said = without_codes(without_quotes(mail.text) or only_subject, *codes_of(ticket))
    return "\n\n".join(filter(None, [said, *_notes(mail, left_out)]))
