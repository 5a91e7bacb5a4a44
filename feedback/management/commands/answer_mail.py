"""Sends the answers to writers who wanted a mail."""

from contextlib import suppress

from django.conf import settings
from django.core.management.base import CommandError
from django.utils import timezone

from common.commands import WritingCommand
from common.errors import Refused
from feedback import actions
from feedback.choices import NotificationOutcome, ReplyMethod, TicketVerb
from feedback.models import Ticket
from feedback.outgoing import NO_REPLY, send_to_writer
from feedback.transitions import WRITER_NOTICE_VERBS

ANSWER = """您的来信 {number}：{what}。

{words}

办理情况请在网站的“查办理进度”里查看，凭登记编号和收到来信时给您的查询码。补充材料、评价答复也在那里。{reply}
"""

REPLY = "要补充的，也可以直接回复这封邮件。"


class Command(WritingCommand):
    help = (
        "把答复、补充材料的要求和不予受理的理由，发给希望用邮件答复的来信人；没有发成的，下次再发"
    )

    def handle(self, *args: str, **options: object) -> None:
        if not settings.EMAIL_URL:
            raise CommandError("没有设置 EMAIL_URL，不能发邮件。要邮件答复的，请受理员告知。")
        waiting = (
            Ticket.objects.to_notify()
            .filter(reply_by=ReplyMethod.MAIL)
            .select_related("contact")
            .order_by("pk")
        )
        sent = sum(self.notify(ticket) for ticket in waiting)
        self.stdout.write(f"已发邮件告知 {sent} 位来信人。")

    def notify(self, ticket: Ticket) -> bool:
        now, subject = timezone.now(), f"关于您的来信 {ticket.number}"
        if problem := send_to_writer(ticket, subject, answer(ticket), at=now):
            self.stderr.write(f"{ticket.number} 没有发出：{problem}")
            return False
        # Somebody may have called the writer in the same minute, or the letter may have moved on.
        with suppress(Refused):
            actions.record_notification(ticket=ticket, outcome=NotificationOutcome.MAIL, at=now)
        return True


def answer(ticket: Ticket) -> str:
    event = ticket.events.filter(verb__in=WRITER_NOTICE_VERBS).latest("pk")
    words = event.public_note
    if event.verb == TicketVerb.REPLY:
        words = ticket.replies.sent().latest("pk").text
    return ANSWER.format(
        number=ticket.number,
        what=event.get_verb_display(),
        words=words,
        reply=REPLY if settings.MAILBOX_URL and ticket.is_open else NO_REPLY,
    )
