"""A letter with a receipt is in the register, once and whole: however many write at once,
whatever is killed.
"""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client

from feedback.models import Ticket
from ledger.verification import verify
from tests.fixtures.killing import database_for_others, rows_of, said_until_killed
from tests.fixtures.letter_form import SEND, answers

pytestmark = [
    pytest.mark.both,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("taking_letters"),
]
NUMBER = re.compile(r"YT-\d{4}-\d{6}")
LETTERS = """
SELECT ticket.number, COUNT(step.id) FROM feedback_ticket ticket
LEFT JOIN feedback_ticketevent step ON step.ticket_id = ticket.id AND step.verb = 'receive'
GROUP BY ticket.number
"""
RECORDED = "SELECT subject_id FROM ledger_entry WHERE verb = 'receive_ticket'"


def written(letter: int) -> set[str]:
    """The numbers of the receipts of one form, which every fourth person sends twice."""
    given = answers(text=f"第{letter}封", contact="", reply_by="web")
    client = Client(REMOTE_ADDR=f"10.7.{letter}.1")
    try:
        pages = [client.post(SEND, given, follow=True) for _ in range(1 if letter % 4 else 2)]
    finally:
        connection.close()
    return {NUMBER.search(page.content.decode()).group() for page in pages}


@pytest.mark.postgresql
def test_two_hundred_people_at_once_each_have_one_number_and_a_resend_has_the_same(units):
    cache.clear()
    with ThreadPoolExecutor(16) as pool:
        receipts = list(pool.map(written, range(200)))
    assert {len(numbers) for numbers in receipts} == {1}
    assert set().union(*receipts) == set(Ticket.objects.values_list("number", flat=True))
    assert Ticket.objects.count() == 200
    assert verify().sound


def test_a_process_killed_in_the_middle_loses_no_letter_that_has_a_receipt(units, tmp_path):
    database = database_for_others(tmp_path)
    receipts = said_until_killed("tests.fixtures.letter_writer", database, 1)
    kept, recorded = (
        dict(rows_of(database, LETTERS)),
        [number for (number,) in rows_of(database, RECORDED)],
    )
    assert len(receipts) > 1
    assert set(receipts) <= kept.keys()
    # The one in hand may be there without its receipt having come out; nothing of any letter is
    # there alone.
    assert len(kept) <= len(receipts) + 1
    assert set(kept.values()) == {1}
    assert sorted(kept) == sorted(recorded)
