"""No page, file or answer asks the database more often when there is more to show."""

import re
from collections import defaultdict
from collections.abc import Iterable
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection, transaction
from django.urls import resolve

from tests.fixtures.routes import routes
from tests.fixtures.scale import grow
from tests.fixtures.site import signed_in
from tests.fixtures.staff_addresses import LOOKED_AT

pytestmark = pytest.mark.django_db
READERS = [
    "visitor",
    "reporter",
    "colleague",
    "supervisor",
    "publisher",
    "clerk",
    "leader",
    "auditor",
]
# Of what these see every page is looked at twice; the others see the same pages with less in them.
TWICE = {"visitor", "supervisor"}
ALIKE = re.compile(r"/static/|/ledger/\d|/feedback/new/\?")
# Linked only where there is something to file, which is more of after the house has grown.
WITHOUT_LINK = {"reporter": ["/staff/reports/sheet.xlsx?unit=anjianju"]}
WITHOUT_LINK["supervisor"] = [
    f"/staff/periods/quarters/2013-{action}/" for action in ("4/open", "3/close")
]
# No row is in the gallery; and while an early closing waits its page leads to that proposal.
NOT_COUNTED = re.compile(r"components|periods/.*/<year:year>-<quarter:quarter>/close/")
LONG = [
    ("visitor", "/tasks/?plan=wp2013"),
    ("visitor", "/quarters/2013-2/"),
    ("visitor", "/plans/wp2013/"),
]
LONG += [
    ("visitor", "/plans/"),
    ("visitor", "/departments/"),
    ("visitor", "/departments/anjianju/"),
]
LONG += [
    ("reporter", "/staff/reports/"),
    ("supervisor", "/staff/review/"),
    ("supervisor", "/staff/responsibilities/"),
]
LONG += [
    ("supervisor", "/staff/periods/"),
    ("supervisor", "/staff/reminders/"),
    ("supervisor", "/staff/releases/wp2013/2013-2/"),
]
LONG += [
    ("other_supervisor", "/staff/requests/"),
    ("supervisor", "/staff/periods/wp2013/2013-1/unlock/"),
]
LONG += [
    ("supervisor", "/staff/changes/"),
    ("supervisor", "/staff/slips/"),
    ("supervisor", "/staff/slips/2013-1/"),
]
LONG += [("supervisor", "/staff/changes/"), ("leader", "/staff/coordination/")]
LONG += [
    ("visitor", f"{at}?as_of=2013-07-30")
    for at in ("/tasks/", "/quarters/2013-2/", "/plans/wp2013/")
]
LONG += [
    ("visitor", "/plans/wp2012/year-end/2012/"),
    ("supervisor", "/staff/year-end/wp2013/2013/"),
]


@pytest.fixture(scope="module")
def counted(house, walks):
    """Person -> address -> how many questions for few rows and for many."""
    roads = {
        name: unalike(
            (at for at, met in walks(name).items() if is_built(at, met)),
            of_each_kind=2 if name in TWICE else 1,
        )
        for name in READERS
    }
    for name, further in WITHOUT_LINK.items():
        roads[name] += further
    # The other walks know nothing of what it grows to.
    with transaction.atomic():
        grow(house, range(201, 204))
        few = {name: questions(house, name, roads[name]) for name in READERS}
        grow(house, range(301, 313))
        many = {name: questions(house, name, roads[name]) for name in READERS}
        yield {
            name: {at: (few[name][at], many[name][at]) for at in roads[name]} for name in READERS
        }
        transaction.set_rollback(True)


def is_built(address: str, met) -> bool:
    """Entries of the record are read one by one; they and the forms to ask look all the same."""
    return met.status == 200 and not ALIKE.match(address)


def unalike(roads: Iterable[str], *, of_each_kind: int) -> list[str]:
    """A page or two of a kind with the same questions asked of it:
    what holds for them holds for their sisters.
    """
    kinds = defaultdict(list)
    for address in roads:
        parts = urlsplit(address)
        kinds[resolve(parts.path).func, frozenset(parse_qs(parts.query))].append(address)
    return [address for alike in kinds.values() for address in alike[:of_each_kind]]


def questions(house, name: str, roads: list[str]) -> dict[str, int]:
    client, asked = signed_in(house, name), {}
    for address in roads:
        # Counted only: Django's log of queries asks SQLite once more to quote each of them.
        counter = QueryCounter()
        with connection.execute_wrapper(counter):
            response = client.get(address)
            assert response.status_code == 200
            list(response.streaming_content) if response.streaming else None
        asked[address] = counter.number
    return asked


class QueryCounter:
    number = 0

    def __call__(self, execute, sql, params, many, context):
        self.number += 1
        return execute(sql, params, many, context)


@pytest.mark.parametrize("person", READERS)
def test_a_page_of_fifteen_rows_costs_no_more_queries_than_one_of_three(person, counted):
    assert {at: (few, many) for at, (few, many) in counted[person].items() if many > few} == {}


def test_the_queries_of_every_staff_page_are_counted(counted):
    """But for the list of parts, which no row is in, and for what can only be done."""
    met = {resolve(urlsplit(at).path).func for roads in counted.values() for at in roads}
    looked_at = [
        (route, view)
        for route, view in routes()
        if route in LOOKED_AT and not NOT_COUNTED.search(route)
    ]
    assert [route for route, view in looked_at if view.callback not in met] == []


def test_the_longer_pages_of_the_query_count_show_more_rows(house, counted):
    pages = {
        address: signed_in(house, name).get(address).content.decode() for name, address in LONG
    }
    assert [address for address, page in pages.items() if page.count("第3") < 6] == []
