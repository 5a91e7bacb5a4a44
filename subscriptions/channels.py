"""The channels by which notices leave the outbox.

A site names one by dotted path in NOTICE_CHANNEL; docs/notices.md tells how to write one.
"""

from smtplib import SMTPDataError, SMTPRecipientsRefused
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from common.mail.sending import machine_mail
from departments.models import User


class Undelivered(Exception):
    """This person cannot be reached, with the reason in Chinese; others still can."""


class Channel(Protocol):
    """What a channel has to do. It is made anew for each run, without arguments."""

    def send(self, user: User, subject: str, text: str) -> None:
        """Hands the message over.

        Raises Undelivered when this person cannot be reached. Any other exception means that nobody
        can be reached now: the run ends, and the next one goes on.
        """


class MailChannel:
    """Sends by e-mail through the server that EMAIL_URL names."""

    def send(self, user: User, subject: str, text: str) -> None:
        if not user.email:
            raise Undelivered("没有登记邮箱")
        try:
            machine_mail(subject, text, user.email).send()
        except (SMTPRecipientsRefused, SMTPDataError) as error:
            raise Undelivered(f"邮件服务器不收这封信：{error}") from error
        except OSError as error:
            raise OSError(f"连不上邮件服务器：{error}") from error


def configured() -> Channel | None:
    """The site's channel; None where it sends nothing, so that notices wait in the outbox."""
    return import_string(settings.NOTICE_CHANNEL)() if settings.NOTICE_CHANNEL else None
