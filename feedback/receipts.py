"""The receipt of a letter that came by mail: number, query code and day."""

from datetime import datetime

from django.conf import settings

from common.security.crypto import in_fours
from common.security.throttling import Throttle
from common.text.wording import cn_date
from feedback.models import Ticket
from feedback.outgoing import send_to_writer

# Two machines that answer each other stop here.
RECEIPT_THROTTLE = Throttle("receipt", 24 * 3600, most={"sender": 5})
RECEIPT = """已收到您的来信。
登记编号：{number}
查询码：{code}
最迟{due}答复您，答复也会发到这个邮箱。办理情况请在网站的“查办理进度”里，凭登记编号和查询码查看。
要补充情况，直接回复这封邮件就行。
"""


def send_receipt(ticket: Ticket, *, at: datetime) -> str:
    """Sends the receipt to the address the letter keeps; returns why it was not sent, "" where it
    was or where there is nothing to send.

    An address gets only so many in a day.
    """
    contact = ticket.contact_or_none
    if not settings.EMAIL_URL or contact is None:
        return ""
    sender = {"sender": contact.text.lower()}
    if RECEIPT_THROTTLE.wait(sender, at.timestamp()):
        return f"今天已经给这个邮箱发过 {RECEIPT_THROTTLE.most['sender']} 封回执"
    RECEIPT_THROTTLE.count_each(sender, at.timestamp())
    return send_to_writer(ticket, f"已收到您的来信 {ticket.number}", receipt_text(ticket), at=at)


def receipt_text(ticket: Ticket) -> str:
    """The words of the receipt; its code stands nowhere else."""
    due = cn_date(ticket.due_on)
    if ticket.due_provisional:
        due += "（工作日历还没有公布，暂按周一至周五推算）"
    return RECEIPT.format(number=ticket.number, code=in_fours(ticket.query_code), due=due)
