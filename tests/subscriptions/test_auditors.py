"""The auditors are told what the check of the record found, and it is said how that went."""

import pytest

from subscriptions.auditors import tell_auditors
from subscriptions.channels import Undelivered


class Channel:
    def __init__(self, error: Exception | None = None):
        self.error, self.told = error, []

    def send(self, user, subject, text):
        if self.error:
            raise self.error
        self.told.append((user.username, subject, text))


def test_every_auditor_is_told_once_and_nobody_else(people):
    channel = Channel()
    assert tell_auditors(channel, "核对", "逐条相符") == "已告知 1 位审计员。"
    assert channel.told == [("auditor", "核对", "逐条相符")]


@pytest.mark.parametrize(
    ("channel", "words"),
    [
        (None, "没有配置发送方式，没有告知审计员。"),
        (Channel(Undelivered("没有登记邮箱")), "已告知 0 位审计员。1 位没有送达。"),
        (Channel(OSError("连不上")), "没有告知审计员：连不上。"),
    ],
)
def test_who_could_not_be_told_is_said(people, channel, words):
    assert tell_auditors(channel, "核对", "逐条相符") == words
