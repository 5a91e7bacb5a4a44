"""By number alone, by trying codes, by comparing answers or the work they cost:
nothing is learnt.
"""

import re

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from common.security.throttling import Throttle
from feedback import querysets
from feedback.models import Ticket
from feedback.pages import throttles
from tests.fixtures import letters
from tests.fixtures.letter_form import solved

pytestmark = pytest.mark.django_db
TRACK = "/feedback/track/"
NOBODYS, WRONG = "YT-2013-999999", "A" * 16


@pytest.fixture(autouse=True)
def fresh_cache():
    cache.clear()


@pytest.fixture
def ticket() -> Ticket:
    return letters.received()


def tried(client, number: str, code: str = WRONG, **more):
    return client.post(TRACK, {"number": number, "code": code} | more)


def shown(page) -> str:
    """The page without what was typed and what is new with every page."""
    return re.sub(r'value="[^"]*"', "", page.content.decode())


def stages(people, units) -> dict[str, Ticket]:
    return letters.at_every_stage(people.clerk, units["anjianju"], people.reporter)


def test_a_wrong_code_and_a_number_nobody_has_get_the_same_answer_in_every_state(
    client, people, units
):
    for ticket in stages(people, units).values():
        cache.clear()
        wrong = tried(client, ticket.number)
        cache.clear()
        nobody = tried(client, NOBODYS, ticket.query_code)
        assert (shown(wrong), wrong.status_code, wrong.headers.keys()) == (
            shown(nobody),
            nobody.status_code,
            nobody.headers.keys(),
        )
        assert "登记编号或查询码不对。" in shown(wrong)


def test_a_wrong_code_and_an_unknown_number_cost_the_same_queries_and_comparison(
    ticket, monkeypatch
):
    compared, fits = [], querysets.code_fits

    def watched(code, stored):
        compared.append(len(stored))
        return fits(code, stored)

    monkeypatch.setattr("feedback.querysets.code_fits", watched)
    asked = []
    for number in (ticket.number, NOBODYS):
        with CaptureQueriesContext(connection) as captured:
            assert Ticket.objects.opened_with(number, WRONG) is None
        asked.append([query["sql"].replace(number, "") for query in captured])
    assert asked[0] == asked[1]
    assert len(asked[0]) == 1
    assert compared == [64, 64]


@pytest.mark.parametrize(
    "address", ["/feedback/{}/", "/feedback/track/?number={}", "/feedback/?q={}"]
)
def test_the_number_of_a_letter_without_its_code_reveals_nothing(address, client, people, units):
    tickets = stages(people, units)
    unknown = client.get(address.format(NOBODYS))
    for ticket in tickets.values():
        page = client.get(address.format(ticket.number))
        assert page.status_code == unknown.status_code
        assert shown(page).replace(ticket.number, NOBODYS) == shown(unknown)


def test_the_pass_of_a_letter_opens_no_other_letter_and_cannot_be_forged(client, ticket):
    other = letters.received("other")
    handed_out = tried(client, ticket.number, ticket.query_code).context["pass"]
    page = client.post(f"{TRACK}withdraw/", {"pass": handed_out, "number": other.number})
    assert ticket.number in page.content.decode()
    assert Ticket.objects.get(pk=other.pk).withdrawn_at is None
    forged = handed_out.replace(handed_out[:6], handed_out[6:12])
    assert client.post(f"{TRACK}withdraw/", {"pass": forged}).status_code == 404


def test_many_tries_on_one_number_ask_the_owner_for_a_sum_and_never_shut_the_door(client, ticket):
    for n in range(150):
        throttles.count(
            throttles.TRACK_THROTTLE,
            {"address": f"10.{n}.0.1", "network": f"10.{n}.0.0", "number": ticket.number},
        )
    right = {"number": ticket.number, "code": ticket.query_code}
    page = client.post(TRACK, right)
    assert letters.WORDS not in page.content.decode()
    page = client.post(TRACK, right | solved(page))
    assert page.status_code == 200
    assert letters.WORDS in page.content.decode()


def test_an_unknown_number_is_asked_for_a_sum_as_soon_as_a_known_one(client, ticket):
    answers = {}
    for number in (ticket.number, NOBODYS):
        cache.clear()
        addresses = [f"10.{n}.0.1" for n in range(22)]
        pages = [
            client.post(TRACK, {"number": number, "code": WRONG}, REMOTE_ADDR=one)
            for one in addresses
        ]
        answers[number] = ["请算一算" in page.content.decode() for page in pages]
    assert answers[ticket.number] == answers[NOBODYS] == [False] * 20 + [True] * 2


def test_one_address_is_asked_after_ten_tries_and_waits_after_a_hundred(
    client, ticket, monkeypatch
):
    monkeypatch.setattr(
        "feedback.pages.throttles.TRACK_THROTTLE",
        Throttle("track", 900, {"address": 3}, {"address": 2}),
    )
    pages = [tried(client, ticket.number) for _ in range(3)]
    assert ["请算一算" in page.content.decode() for page in pages] == [False, False, True]
    page = tried(client, ticket.number, **solved(pages[-1]))
    page = tried(client, ticket.number, ticket.query_code, **solved(page))
    assert page.status_code == 429
    assert "请过15分钟再试" in page.content.decode()
    right = {"number": ticket.number, "code": ticket.query_code}
    assert letters.WORDS in client.post(TRACK, right, REMOTE_ADDR="10.0.0.9").content.decode()


def test_a_solved_sum_lets_one_try_through_and_a_forged_one_none(client, ticket, monkeypatch):
    monkeypatch.setattr(
        "feedback.pages.throttles.TRACK_THROTTLE", Throttle("track", 900, {}, {"address": 1})
    )
    tried(client, NOBODYS)
    done = solved(client.get(TRACK))
    assert "登记编号或查询码不对。" in tried(client, ticket.number, **done).content.decode()
    again = tried(client, ticket.number, ticket.query_code, **done)
    assert "每道题只能用一次" in again.content.decode()
    assert letters.WORDS not in again.content.decode()
    fresh = solved(again)
    assert fresh["token"] != done["token"]
    assert (
        letters.WORDS in tried(client, ticket.number, ticket.query_code, **fresh).content.decode()
    )
