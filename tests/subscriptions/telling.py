"""The outbox on a day of 2013."""

from collections import Counter
from datetime import datetime

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
