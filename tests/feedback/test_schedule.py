"""Contacts are deleted by schedule and sealed with a new key,
and neither leaves anything half done when killed.
"""

import json
from datetime import timedelta

import pytest
from django.core.management import call_command

from common.security import crypto
from feedback import actions
from feedback.actions import key_rotation, scheduled
from feedback.models import Contact, Ticket
from ledger.models import Entry
from tests.fixtures import letters
from tests.fixtures.people import NOW, PORTAL

pytestmark = [pytest.mark.both, pytest.mark.django_db]
LATER = NOW + timedelta(days=365)
OLD, NEW = "旧钥匙", "新钥匙"


class Killed(BaseException):
    """As a process ends that was told to: no handler of ours hears of it."""


@pytest.fixture
def small(monkeypatch):
    """Batches of two, so that five letters are three of them."""
    for module in (key_rotation, scheduled):
        monkeypatch.setattr(module, "BATCH", 2)


@pytest.fixture
def rotating(settings, small, units):
    settings.CONTACT_KEYS = [OLD]
    for n in range(5):
        letters.received(str(n), contact=f"1381234000{n}")
    settings.CONTACT_KEYS = [NEW, OLD]
    return settings


def readable_with(settings, *only) -> list[str | None]:
    """The contacts one gets at with these keys alone; None for those that stay shut."""
    settings.CONTACT_KEYS = list(only)
    return [row.text or None for row in Contact.objects.order_by("pk")]


def test_after_a_rotation_the_new_key_alone_opens_every_contact(rotating, capsys):
    call_command("rotate_keys")
    assert "联系方式 5 条：改用新密钥 5 条，原来就是新密钥 0 条。" in capsys.readouterr().out
    assert readable_with(rotating, NEW) == [f"1381234000{n}" for n in range(5)]
    assert readable_with(rotating, OLD) == [None] * 5


def test_a_rotation_killed_in_the_middle_of_a_batch_goes_on_where_it_was(
    rotating, monkeypatch, capsys
):
    opened = iter(range(3))

    def dies(sealed):
        if next(opened, None) is None:
            raise Killed
        return crypto.reseal(sealed)

    with monkeypatch.context() as patched:
        patched.setattr(key_rotation, "reseal", dies)
        with pytest.raises(Killed):
            call_command("rotate_keys")
    assert readable_with(rotating, NEW).count(None) == 3
    assert None not in readable_with(rotating, NEW, OLD)
    call_command("rotate_keys")
    assert "改用新密钥 3 条，原来就是新密钥 2 条。" in capsys.readouterr().out
    assert None not in readable_with(rotating, NEW)


def test_the_record_counts_what_was_sealed_anew_and_holds_no_contact(rotating):
    call_command("rotate_keys")
    call_command("rotate_keys")
    rows = Entry.objects.filter(verb="reseal_contacts")
    assert [json.loads(row.payload)["facts"]["count"] for row in rows] == [2, 2, 1]
    assert {row.visibility for row in rows} == {"internal"}
    assert not any("1381234" in row.payload for row in rows)


def test_a_contact_that_no_key_opens_is_counted_and_left_as_it_is(rotating, capsys):
    rotating.CONTACT_KEYS = [NEW]
    call_command("rotate_keys")
    assert "5 条用现有的密钥都打不开" in capsys.readouterr().out
    assert readable_with(rotating, OLD) == [f"1381234000{n}" for n in range(5)]


@pytest.fixture
def closed(small, people):
    return [
        actions.decline(
            ticket=letters.received(str(n)), reason="不属于受理范围。", by=people.clerk, at=NOW
        )
        for n in range(5)
    ]


def forget() -> int:
    return actions.forget_contacts(before=LATER, by=PORTAL, at=LATER)


def proven() -> set[str]:
    """Of which letters the record says that the contact was deleted."""
    return set(Entry.objects.filter(verb="forget_contact").values_list("subject_id", flat=True))


def without_contact() -> set[str]:
    return set(Ticket.objects.filter(contact=None).values_list("number", flat=True))


def test_a_deletion_killed_between_rows_and_record_leaves_both_or_neither(closed, monkeypatch):
    assert forget() == 2

    def dies(*args, **kwargs):
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(scheduled, "append", dies)
        with pytest.raises(Killed):
            forget()
    assert (len(without_contact()), proven()) == (2, without_contact())
    assert [forget(), forget(), forget()] == [2, 1, 0]
    assert proven() == without_contact() == {ticket.number for ticket in closed}


def test_the_contact_of_an_open_letter_is_never_forgotten(closed):
    waiting = letters.received("open")
    while forget():
        pass
    assert Contact.objects.get().ticket == waiting
    assert waiting.number not in proven()
