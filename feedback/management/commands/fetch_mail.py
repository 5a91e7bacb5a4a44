"""Registers the unread mails of the mailbox as letters."""

import imaplib
from collections.abc import Callable

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from common.errors import Refused
from common.files.uploads import check_photo
from common.mail.parsing import Mail, read_mail
from common.security.crypto import in_fours
from common.text.wording import cn_date
from feedback import actions
from feedback.assignment import lacking_to_take_letters
from feedback.choices import ReplyMethod, TicketChannel, TicketKind
from feedback.mailboxes import unread_mails
from feedback.models import Ticket
from feedback.outgoing import send_mail_or_explain

# Whoever writes a mail has not seen the privacy notice of the form.
NO_NOTICE = "邮件，未出示"
NO_WORDS = "（邮件里没有写字。）"
RECEIPT = """已收到您的来信。
登记编号：{number}
查询码：{code}
最迟{due}答复您，答复也会发到这个邮箱。办理情况请在网站的“查办理进度”里，凭登记编号和查询码查看。请不要回复这封邮件。
"""


class Command(BaseCommand):
    help = (
        "把 MAILBOX_URL（imaps:// 或 maildir://）里还没有读过的邮件登记为诉求；再运行一次，"
        "同一封不会登记两次"
    )

    def handle(self, *args: str, **options: object) -> None:
        if not settings.MAILBOX_URL:
            raise CommandError("没有设置 MAILBOX_URL，不知道从哪里取邮件。")
        if lacking := lacking_to_take_letters():
            raise CommandError(
                f"受理还没有开通（缺{'、'.join(lacking)}），邮件留在邮箱里，开通后再取。"
            )
        try:
            counts = [
                self.handle_mail(read_mail(data), mark)
                for data, mark in unread_mails(settings.MAILBOX_URL)
            ]
        except (OSError, imaplib.IMAP4.error) as error:
            raise CommandError(
                f"邮箱读不下去了：{error}。已登记的不受影响，下次接着取。"
            ) from error
        summary = f"登记 {counts.count('registered')} 封，空的 {counts.count('empty')} 封"
        self.stdout.write(f"{summary}，自动回复之类没有登记的 {counts.count('automatic')} 封。")

    def handle_mail(self, mail: Mail, mark: Callable[[], object]) -> str:
        if mail.automatic or is_empty(mail):
            mark()
            return "automatic" if mail.automatic else "empty"
        ticket = register_mail(mail)
        mark()
        self.send_receipt(mail, ticket)
        return "registered"

    def send_receipt(self, mail: Mail, ticket: Ticket) -> None:
        if not (settings.EMAIL_URL and mail.sender):
            return
        due = cn_date(ticket.due_on)
        if ticket.due_provisional:
            due += "（工作日历还没有公布，暂按周一至周五推算）"
        fields = {"number": ticket.number, "code": in_fours(ticket.query_code), "due": due}
        if problem := send_mail_or_explain(
            mail.sender, f"已收到您的来信 {ticket.number}", RECEIPT.format(**fields)
        ):
            self.stderr.write(f"{ticket.number} 已登记，回执没有发出：{problem}")


def is_empty(mail: Mail) -> bool:
    return not (mail.subject or mail.text or mail.attached)


def first_photo(mail: Mail) -> bytes | None:
    """The first that is one, and can be opened; made small like one that came with the form."""
    for file in mail.attached:
        try:
            return check_photo(file)
        except Refused:
            continue
    return None


def letter_text(mail: Mail, *, skipped: int) -> str:
    """Subject and text. `skipped`: how many attachments are not registered."""
    parts = [part for part in (mail.subject, mail.text) if part] or [NO_WORDS]
    if skipped:
        parts.append(f"（另有附件 {skipped} 个，没有登记。）")
    return "\n\n".join(parts)


def register_mail(mail: Mail) -> Ticket:
    """The same mail fetched twice is one ticket.

    Its kind the clerk puts right when accepting it.
    """
    photo = first_photo(mail)
    return actions.register(
        form_token=f"mail{mail.mark[:60]}",
        kind=TicketKind.ENQUIRY,
        channel=TicketChannel.MAIL,
        text=letter_text(mail, skipped=len(mail.attached) - bool(photo)),
        photo=photo,
        contact=mail.sender[:100],
        reply_by=ReplyMethod.MAIL if mail.sender else ReplyMethod.WEB,
        notice_version=NO_NOTICE,
        demonstration=settings.DEMO,
        by=actions.CITIZEN,
        at=timezone.now(),
    )
