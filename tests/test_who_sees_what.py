"""Person by address: who is let in, who is told no (403),
and for whom a thing does not exist (404).
"""

import pytest
from django.test import Client

from tests.fixtures.people import PEOPLE
from tests.fixtures.routes import needs_sign_in, routes
from tests.fixtures.site import signed_in
from tests.fixtures.staff_addresses import (
    ACTIONS,
    CORRECT,
    DONE,
    LOOKED_AT,
    NAMING,
    REPORT_ACTIONS,
    RIGHTS,
    TAKE_DOWN,
    TAKEN,
    VERDICT,
    place,
)

pytestmark = pytest.mark.django_db


def expected(person: str, exists: set, gets: set) -> str:
    return "in" if person in gets else "403" if person in exists else "404"


def told(response) -> str:
    if response.streaming:
        list(response)
    # 422 is what a program hears for a form with an error in it.
    return "in" if response.status_code in {200, 302, 422} else str(response.status_code)


def test_every_staff_address_has_its_row_in_the_table_of_access():
    staff = {
        route for route, _ in routes() if needs_sign_in(route) and not route.startswith("admin/")
    }
    assert staff == RIGHTS.keys()


@pytest.mark.parametrize("route", LOOKED_AT)
def test_who_may_open_each_staff_page(route, house):
    address, exists, gets = LOOKED_AT[route]
    at = place(address, house)
    answers = {person: told(signed_in(house, person).get(at)) for person in PEOPLE}
    assert answers == {person: expected(person, exists, gets) for person in PEOPLE}


@pytest.mark.parametrize("route", DONE)
def test_who_may_take_each_action_without_a_page(route, house):
    address, exists, gets = DONE[route]
    at = place(address, house)
    assert signed_in(house, "clerk").get(at).status_code == 405
    answers = {person: told(signed_in(house, person).post(at)) for person in PEOPLE}
    assert answers == {person: expected(person, exists, gets) for person in PEOPLE}


@pytest.mark.parametrize("route", ACTIONS)
def test_who_may_take_each_action_of_a_page(route, house):
    address, exists, may = TAKEN[route]
    at = place(address, house)
    answers = {person: told(signed_in(house, person).post(at)) for person in PEOPLE}
    right = {person: expected(person, exists, may) for person in PEOPLE}
    if route in NAMING:
        right |= dict.fromkeys(may, "404")
    assert answers == right


@pytest.mark.parametrize("route", ACTIONS)
def test_opening_the_address_of_an_action_leads_to_its_page_or_is_not_found(route, house):
    address, page, _ = ACTIONS[route]
    page, exists, sees = LOOKED_AT[page]
    at, leads_to = place(address, house), place(page, house)
    for person in PEOPLE:
        answer = signed_in(house, person).get(at)
        if person in sees:
            assert (answer.status_code, answer["Location"]) == (302, leads_to)
        else:
            assert told(answer) == expected(person, exists, sees)


# They also show what was typed into them, before it is done.
CHECKED_FIRST = {TAKE_DOWN, CORRECT, VERDICT}


@pytest.mark.parametrize("route", sorted({page for _, page, _ in ACTIONS.values()} - CHECKED_FIRST))
def test_a_page_whose_actions_have_their_own_addresses_refuses_a_post(route, house):
    address, _, sees = LOOKED_AT[route]
    at = place(address, house)
    for person in sees:
        answer = signed_in(house, person).post(at, {"publish": "", "close": ""})
        assert answer.status_code == 405


@pytest.mark.parametrize("route", REPORT_ACTIONS)
def test_who_may_take_each_action_of_a_report_and_a_reload_leads_to_its_page(route, house):
    address, exists, gets = REPORT_ACTIONS[route]
    answers = {person: told(signed_in(house, person).post(address)) for person in PEOPLE}
    assert answers == {person: expected(person, exists, gets) for person in PEOPLE}
    page = address[: address.rindex("/", 0, -1) + 1]
    response = signed_in(house, min(gets)).get(address + "?unit=anjianju")
    assert (response.status_code, response["Location"]) == (302, page + "?unit=anjianju")
    assert signed_in(house, min(gets)).put(address).status_code == 405


@pytest.mark.parametrize("route", RIGHTS)
def test_a_form_posted_from_another_site_is_refused(route, house):
    """Without our own mark in the form even the right person is refused."""
    address, _, gets = RIGHTS[route]
    client = Client(enforce_csrf_checks=True)
    client.force_login(getattr(house.people, min(gets, default="supervisor")))
    assert client.post(place(address, house), {"yes": "", "publish": ""}).status_code == 403


@pytest.mark.parametrize("route", RIGHTS)
def test_a_visitor_at_a_staff_address_gets_the_sign_in_page(route, house):
    address = place(RIGHTS[route][0], house)
    response = Client().get(address)
    assert (response.status_code, response["Location"].split("?")[0]) == (302, "/staff/sign-in/")
    typed = Client().post(address, {"yes": "", "publish": ""})
    assert "/staff/sign-in/" in typed.get("Location", "") + typed.content.decode()
    assert typed.status_code in {302, 403}
