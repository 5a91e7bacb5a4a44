"""The rails hold: what tests/conftest.py promises."""

import socket

import pytest
from django.db import connection

from ledger import triggers


def test_another_machine_is_out_of_reach():
    with socket.socket() as outside, pytest.raises(RuntimeError, match="another machine"):
        outside.connect(("192.0.2.1", 9))


def test_this_machine_is_within_reach():
    with socket.socket() as server, socket.socket() as client:
        server.bind(("127.0.0.1", 0))
        server.listen()
        client.connect(server.getsockname())


@pytest.mark.parametrize("turn", ["first", "after a flush"])
@pytest.mark.django_db(transaction=True)
def test_the_ledger_refuses_deletion_in_transactional_tests_too(turn):
    assert triggers.missing(connection) == []


@pytest.mark.django_db
def test_the_ledger_refuses_deletion_in_ordinary_tests():
    assert triggers.missing(connection) == []
