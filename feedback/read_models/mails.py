"""The mails set aside, as the desk reads them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse

from common.security.personal_data import mask
from common.text.wording import shortened
from common.ui.chips import Chip, Tone
from departments.models import User
from feedback.choices import SetAsideReason
from feedback.models import SetAsideMail
from feedback.permissions import can_register
from progress.read_models.work_item import WorkItem

NO_SENDER = "没有写发件人"
NO_SUBJECT = "（没有标题）"


@dataclass(frozen=True)
class SetAsideRow:
    """A mail set aside. `sender` with most of it hidden; `settled`: what was done, "" before."""

    url: str
    subject: str
    sender: str
    text: str
    reason: str
    received_at: datetime
    chip: Chip
    settled: str


def set_aside_row(mail: SetAsideMail) -> SetAsideRow:
    """One mail, with all of its words that could be read."""
    words = mail.words
    sender = words.get("sender", "")
    label = str(SetAsideReason(mail.reason).label)
    return SetAsideRow(
        url=reverse("staff_feedback:mail", args=[mail.pk]),
        subject=words.get("subject", "") or NO_SUBJECT,
        sender=mask(sender) if sender else NO_SENDER,
        text=words.get("text", ""),
        reason=f"{label}（{mail.detail}）" if mail.detail else label,
        received_at=mail.received_at,
        chip=Chip(label, Tone.QUIET if mail.is_settled else Tone.BEHIND),
        settled=mail.settled_note,
    )


def set_aside_rows(mails: Iterable[SetAsideMail]) -> list[tuple[SetAsideRow, str]]:
    """The mails of a list, each with the first of its words."""
    rows = map(set_aside_row, mails)
    return [(row, shortened(row.text)) for row in rows]


def work_items_for(user: User, today: date) -> list[WorkItem]:
    """One item for all mails that may be letters and could not be taken in, for the clerks."""
    if not can_register(user):
        return []
    count = SetAsideMail.objects.perhaps_letters().count()
    item = WorkItem(
        due_on=today,
        title=f"另放的邮件 {count} 封",
        missing="没有登记成诉求，还差：看一看是不是来信",
        url=reverse("staff_feedback:mails"),
        verb="查看",
    )
    return [item] if count else []


def letter_of_mail(mail: SetAsideMail) -> str:
    """What the desk finds filled in where it registers the mail as a letter."""
    words = mail.words
    return "\n\n".join(filter(None, [words.get("subject", ""), words.get("text", "")]))
