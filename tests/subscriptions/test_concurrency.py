"""Two runs at the same moment. Only PostgreSQL lets two writers start at all."""

import time

import pytest

from subscriptions.models import Notice
from subscriptions.outbox import send
from subscriptions.querysets import NoticeQuerySet
from tests.fixtures.concurrency import at_once
from tests.fixtures.outbox import Kept, morning, remind, states

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def narrow_moment_made_wide(monkeypatch):
    """Between asking whether a person's notices are free and taking them."""
    free = NoticeQuerySet.free

    def slow(self, at):
        time.sleep(0.1)
        return free(self, at)

    monkeypatch.setattr(NoticeQuerySet, "free", slow)


class Slow(Kept):
    """Takes its time, so that the other run comes while a mail is on its way."""

    def send(self, user, subject, text):
        time.sleep(0.2)
        super().send(user, subject, text)


def test_of_two_runs_at_once_each_person_gets_one_mail(office):
    remind("07-09")
    channel = Slow()

    def run():
        send(channel=channel, clock=lambda: morning("07-09"))

    assert at_once(run, run) == ["done", "done"]
    assert sorted(name for name, _, _ in channel.mails) == ["colleague", "reporter"]
    assert states() == {"sent": 4}


def test_of_three_runs_sending_again_today_each_person_gets_one_mail(office):
    remind("07-09")
    channel = Slow()

    def run():
        send(channel=channel, clock=lambda: morning("07-09"), at_once=True)

    assert at_once(run, run, run) == ["done"] * 3
    assert sorted(name for name, _, _ in channel.mails) == ["colleague", "reporter"]


def test_the_outbox_filled_twice_at_once_holds_everything_once(office):
    assert at_once(lambda: remind("07-09"), lambda: remind("07-09")) == ["done", "done"]
    assert Notice.objects.count() == 4
