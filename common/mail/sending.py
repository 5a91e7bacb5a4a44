"""The mails a machine sends: each says so, so that no other machine answers it."""

from django.core.mail import EmailMessage


def machine_mail(
    subject: str, text: str, to: str, *, is_answer: bool = False, **headers: str
) -> EmailMessage:
    """A mail that is not sent yet.

    `is_answer`: the person wrote to us; `headers`: others, with _ for -.
    """
    said = {
        "Auto-Submitted": "auto-replied" if is_answer else "auto-generated",
        "X-Auto-Response-Suppress": "All",
    }
    said |= {name.replace("_", "-"): value for name, value in headers.items() if value}
    return EmailMessage(subject, text, to=[to], headers=said)
