"""Registers the unread mails of the mailbox as letters."""

import imaplib
from collections import Counter
from contextlib import closing

from django.conf import settings
from django.core.management.base import CommandError
from django.utils import timezone

from common.commands import WritingCommand
from feedback.assignment import lacking_to_take_letters
from feedback.choices import SetAsideReason
from feedback.incoming import Fate, Receipt, receive_mail
from feedback.mailboxes import NotFetched, WaitingMail, unread_mails
from feedback.receipts import send_receipt

BROKEN_MAILBOX = (OSError, imaplib.IMAP4.error)


def check_may_fetch() -> None:
    """Raises CommandError where there is no mailbox, or nobody who takes letters."""
    if not settings.MAILBOX_URL:
        raise CommandError("没有设置 MAILBOX_URL，不知道从哪里取邮件。")
    if lacking := lacking_to_take_letters():
        raise CommandError(
            f"受理还没有开通（缺{'、'.join(lacking)}），邮件留在邮箱里，开通后再取。"
        )


class Command(WritingCommand):
    help = (
        "把 MAILBOX_URL（imaps://、imap+tls:// 或 maildir://）里还没有读过的邮件登记为诉求；"
        "再运行一次，同一封不会登记两次"
    )

    def handle(self, *args: str, **options: object) -> None:
        check_may_fetch()
        counts: Counter[str] = Counter()
        try:
            with closing(unread_mails(settings.MAILBOX_URL)) as mails:
                for waiting in mails:
                    counts.update(self.take(waiting))
        except BROKEN_MAILBOX as error:
            self.stdout.write(summary(counts))
            raise CommandError(
                f"邮箱读不下去了：{error}。已登记的不受影响，下次接着取。"
            ) from error
        self.stdout.write(summary(counts))
        if failed := counts[Fate.FAILED]:
            raise CommandError(f"有 {failed} 封邮件没有登记成，原因见上面。其余的不受影响。")

    def take(self, waiting: WaitingMail) -> list[str]:
        """Deals with one mail; returns what is counted of it."""
        try:
            data = waiting.fetch()
        except NotFetched as error:
            self.stderr.write(f"{waiting.name} 没有取到，下次再取：{error}")
            return [Fate.FAILED]
        try:
            received = receive_mail(data, at=timezone.now())
        # Not even set aside, so it stays unread; those behind it may fare better.
        except Exception as error:
            self.stderr.write(f"{waiting.name} 没有登记，下次再试：{type(error).__name__}: {error}")
            return [Fate.FAILED]
        waiting.mark_read()
        self.tell(waiting, received)
        return [received.fate, received.reason]

    def tell(self, waiting: WaitingMail, received: Receipt) -> None:
        """Sends the receipt of a letter made just now; names what went wrong."""
        if received.fate == Fate.FAILED:
            self.stderr.write(f"{waiting.name} 已另放，请受理员查看。{received.problem}")
        if received.fate != Fate.REGISTERED or received.ticket is None:
            return
        if problem := send_receipt(received.ticket, at=timezone.now()):
            self.stderr.write(f"{received.ticket.number} 已登记，回执没有发出：{problem}")


def summary(counts: Counter[str]) -> str:
    """What a run did, in one sentence."""
    said = (
        f"登记 {counts[Fate.REGISTERED]} 封，记为补充 {counts[Fate.ADDED]} 封，"
        f"空的 {counts[SetAsideReason.EMPTY]} 封，"
        f"自动回复之类没有登记的 {counts[SetAsideReason.AUTOMATIC]} 封"
    )
    machines = counts[SetAsideReason.EMPTY] + counts[SetAsideReason.AUTOMATIC]
    if sealed := counts[Fate.SET_ASIDE] - machines:
        said += f"，打不开、等受理员看的 {sealed} 封"
    if known := counts[Fate.KNOWN]:
        said += f"，以前取过的 {known} 封"
    if failed := counts[Fate.FAILED]:
        said += f"，没有登记成的 {failed} 封"
    return f"{said}。"
