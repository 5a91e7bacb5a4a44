"""Mails to the writers of letters."""

from datetime import datetime
from email.utils import make_msgid
from smtplib import SMTPException

from django.conf import settings

from common.mail.headers import address
from common.mail.parsing import own_addresses
from common.mail.sending import machine_mail
from feedback import actions
from feedback.mailboxes import mailbox_address
from feedback.models import Ticket

NO_REPLY = "请不要回复这封邮件。"


def send_to_writer(ticket: Ticket, subject: str, text: str, *, at: datetime) -> str:
    """Sends one mail to the address that the letter keeps; returns why it was not sent, "" where it
    was. Its id is kept, so that an answer to it finds the letter.
    """
    contact = ticket.contact_or_none
    to = contact.text if contact else ""
    if "@" not in to:
        return "没有可用的邮箱"
    sender = address(settings.DEFAULT_FROM_EMAIL)
    message_id = make_msgid(domain=sender.partition("@")[2] or None)
    mail = machine_mail(
        subject, text, to, is_answer=True, Message_ID=message_id, Reply_To=_reply_to(sender)
    )
    actions.record_sent_mail(ticket=ticket, message_id=message_id, at=at)
    try:
        mail.send()
    except (OSError, SMTPException, ValueError) as error:
        return str(error)
    return ""


def _reply_to(sender: str) -> str:
    """Where an answer reaches the mailbox that is fetched, if the sender's address does not."""
    own = mailbox_address(settings.MAILBOX_URL)
    return "" if own == sender else own


def our_addresses() -> frozenset[str]:
    """The addresses from which only we ourselves write."""
    return own_addresses(
        settings.DEFAULT_FROM_EMAIL,
        getattr(settings, "EMAIL_HOST_USER", ""),
        mailbox_address(settings.MAILBOX_URL),
    )
