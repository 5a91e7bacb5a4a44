"""Ways out of the outbox. A site names one by dotted path in NOTICE_CHANNEL; docs/notices.md tells how to write one."""

from smtplib import SMTPDataError, SMTPRecipientsRefused
from typing import Protocol

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils.module_loading import import_string

from departments.models import User


class Undelivered(Exception):
    """This person cannot be reached, and why in Chinese; the others still can."""


class Channel(Protocol):
    """Made anew for each run, without arguments."""

    def send(self, user: User, subject: str, text: str) -> None:
        """Returns once the message is handed over. Raises `Undelivered` for a person who cannot be reached.

        Anything else it raises means that nobody can be reached now: the run ends there and the next one goes on.
        """


class MailChannel:
    """By electronic mail, through the server that EMAIL_URL names."""

    def send(self, user: User, subject: str, text: str) -> None:
        if not user.email:
            raise Undelivered("没有登记邮箱")
        try:
            EmailMessage(subject, text, to=[user.email]).send()
        except (SMTPRecipientsRefused, SMTPDataError) as error:
            raise Undelivered(f"邮件服务器不收这封信：{error}") from error
        except OSError as error:
            raise OSError(f"连不上邮件服务器：{error}") from error


def configured() -> Channel | None:
    """None where the site sends nothing: the outbox fills, is shown, and waits."""
    return import_string(settings.NOTICE_CHANNEL)() if settings.NOTICE_CHANNEL else None
