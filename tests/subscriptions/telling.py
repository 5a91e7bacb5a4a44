"""The outbox on a day of 2013, and a mail server that takes what it is given."""

from collections import Counter
from contextlib import contextmanager
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.controller import Controller

from subscriptions.models import Notice
from subscriptions.outbox import fill, send
from tests.quarter import moment


def morning(day: str) -> datetime:
    return moment(f"2013-{day}T08:00:00")


def remind(day: str) -> int:
    return fill(at=morning(day))


def told(event: str, **where) -> set[tuple[str, int]]:
    """(user name, offset) of the notices of one event in the outbox."""
    rows = Notice.objects.filter(event=event, **where)
    return set(rows.values_list("recipient__username", "offset"))


def states() -> Counter:
    return Counter(Notice.objects.values_list("state", flat=True))


class Kept:
    """A channel that keeps what it was given: (user name, subject, text)."""

    def __init__(self, fails: Exception | None = None):
        self.mails, self.fails = [], fails

    def send(self, user, subject, text):
        if self.fails:
            raise self.fails
        self.mails.append((user.username, subject, text))

    def text_to(self, name: str) -> str:
        return "\n".join(text for user, _, text in self.mails if user == name)


def deliver(day: str, **options) -> Kept:
    channel = Kept()
    send(channel=channel, clock=lambda: morning(day), **options)
    return channel


class Postbox:
    """What the handler of a mail server calls for each message."""

    def __init__(self):
        self.received: list[EmailMessage] = []

    async def handle_DATA(self, server, session, envelope):
        self.received.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 OK"


@contextmanager
def mail_server(port: int, **hooks):
    """The mails it received; `hooks` are further handlers as aiosmtpd names them."""
    postbox = Postbox()
    vars(postbox).update(hooks)
    controller = Controller(postbox, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield postbox.received
    finally:
        controller.stop()
