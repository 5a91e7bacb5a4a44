"""What only a server with several writers can show."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from feedback import actions
from feedback.models import Ticket
from ledger.verification import verify
from tests.cast import NOW
from tests.feedback import letters
from yantian_portal.lib.errors import Refused

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


def at_once(work, given: list) -> list:
    def one(value):
        try:
            return work(value)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(given)) as pool:
        return list(pool.map(one, given))


def test_twelve_letters_at_once_get_twelve_numbers_without_a_gap(units):
    numbers = at_once(lambda token: letters.received(token).number, [f"t{n}" for n in range(12)])
    assert sorted(numbers) == [f"YT-2013-{n:06d}" for n in range(1, 13)]
    assert verify().sound


def test_one_form_sent_six_times_at_once_is_one_ticket(units):
    tickets = at_once(letters.received, ["same"] * 6)
    assert len({ticket.number for ticket in tickets}) == Ticket.objects.count() == 1


def test_of_two_decisions_at_once_one_stands(people):
    ticket = letters.received()

    def decide(deed):
        try:
            deed(ticket)
        except Refused:
            return "refused"
        return "done"

    outcomes = at_once(
        decide,
        [
            lambda t: actions.accept(ticket=t, handling_text="办", by=people.clerk, at=NOW),
            lambda t: actions.decline(ticket=t, reason="不", by=people.clerk, at=NOW),
        ],
    )
    assert sorted(outcomes) == ["done", "refused"]
    assert ticket.events.count() == 2
