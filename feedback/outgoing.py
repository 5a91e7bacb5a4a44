from smtplib import SMTPException

from django.core.mail import send_mail


def failure(address: str, subject: str, text: str) -> str:
    """Hands one mail to the server; why it did not go out, "" where it did. The next one may still."""
    try:
        send_mail(subject, text, None, [address])
    except (OSError, SMTPException, ValueError) as error:
        return str(error)
    return ""
