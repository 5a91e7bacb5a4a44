"""The rails hold: what tests/conftest.py promises."""

import socket

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from ledger.actions import Actor, LedgerEvent, append
from ledger.models import Entry


def test_tests_cannot_reach_another_machine():
    with socket.socket() as outside, pytest.raises(RuntimeError, match="another machine"):
        outside.connect(("192.0.2.1", 9))


def test_tests_can_reach_this_machine():
    with socket.socket() as server, socket.socket() as client:
        server.bind(("127.0.0.1", 0))
        server.listen()
        client.connect(server.getsockname())


def write_an_entry_and_try_to_delete_it():
    with transaction.atomic():
        append([LedgerEvent("tried", "plan", "ap2017")], by=Actor(), at=timezone.now())
    with transaction.atomic():
        Entry.objects.all().delete()


@pytest.mark.parametrize("turn", ["first", "after a flush"])
@pytest.mark.django_db(transaction=True)
def test_the_ledger_refuses_deletion_and_is_yet_cleared_between_transactional_tests(turn):
    assert not Entry.objects.exists()
    with pytest.raises(DatabaseError, match="append-only"):
        write_an_entry_and_try_to_delete_it()


@pytest.mark.django_db
def test_the_ledger_refuses_deletion_in_ordinary_tests():
    with pytest.raises(DatabaseError, match="append-only"):
        write_an_entry_and_try_to_delete_it()
