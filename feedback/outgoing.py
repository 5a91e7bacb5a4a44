"""Mails to the writers of letters."""

from smtplib import SMTPException

from django.core.mail import send_mail


def send_mail_or_explain(address: str, subject: str, text: str) -> str:
    """Hands one mail to the server; returns why it was not sent, "" where it was."""
    try:
        send_mail(subject, text, None, [address])
    except (OSError, SMTPException, ValueError) as error:
        return str(error)
    return ""
