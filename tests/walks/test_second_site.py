"""Another district runs the same house: its own name on every page,
and nowhere that of the first.
"""

import re

import pytest
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import OperationalError
from django.shortcuts import render
from django.test import Client, RequestFactory
from django.views import defaults

from feedback.models import Ticket
from public.views import errors
from tests.fixtures.people import PEOPLE
from tests.fixtures.site import signed_in, watched
from tests.fixtures.site_setting import SECOND_SITE

pytestmark = pytest.mark.django_db
FIRST_SITE = re.compile(r"盐田|yantian|\bYT-\d{4}-", re.IGNORECASE)


def names_the_first(visits: dict) -> list[str]:
    return [
        address for address, met in visits.items() if FIRST_SITE.search(f"{met.headers}{met.text}")
    ]


@pytest.mark.parametrize("person", ["visitor", *PEOPLE])
def test_no_page_file_or_answer_names_the_first_district(person, walks):
    assert names_the_first(walks(person)) == []


@pytest.mark.parametrize("person", ["visitor", *PEOPLE])
def test_every_page_of_a_second_site_bears_its_own_name(person, walks):
    pages = [met for met in walks(person).values() if met.is_page]
    assert [met.address for met in pages if SECOND_SITE["name"] not in met.text] == []


@pytest.mark.ignore_template_errors
@pytest.mark.parametrize("person", ["administrator", "supervisor"])
def test_the_reference_data_of_a_second_site_does_not_name_the_first_district(person, house):
    # The way out leads to pages walked elsewhere.
    walk = watched(signed_in(house, person), "/admin/", avoiding=re.compile("/(?!admin/)"))
    rooms = {address: met for address, met in walk.items() if address.startswith("/admin/")}
    assert len(rooms) > 10
    assert names_the_first(rooms) == []
    assert walk.changed == []


def test_a_letter_gets_a_number_of_its_own_district_up_to_its_withdrawal(house):
    citizen, given = Client(), {"kind": "enquiry", "text": "路灯不亮。", "reply_by": "web"}
    token = re.search(
        r'name="token" value="([^"]+)"', citizen.get("/feedback/new/").content.decode()
    )[1]
    check = citizen.post("/feedback/new/check/", given | {"token": token})
    receipt = citizen.post("/feedback/new/send/", given | {"token": token}, follow=True)
    ticket = Ticket.objects.get(form_token=receipt.context["ticket"].form_token)
    assert re.fullmatch(r"SL-2013-\d{6}", ticket.number)
    own = citizen.post("/feedback/track/", {"number": ticket.number, "code": ticket.query_code})
    gone = citizen.post("/feedback/track/withdraw/", {"pass": own.context["pass"]})
    for page in (check, receipt, own, gone):
        assert page.status_code == 200
        assert SECOND_SITE["name"] in page.content.decode()
        assert not FIRST_SITE.search(page.content.decode())


def failing(error: Exception):
    """What the handler of an unforeseen fault answers while that fault is being handled."""
    try:
        raise error
    except type(error):
        return errors.server_error(RequestFactory().get("/"))


PROBLEMS = {
    "400": lambda request: defaults.bad_request(request, SuspiciousOperation()),
    "403": lambda request: defaults.permission_denied(request, PermissionDenied()),
    "403 csrf": lambda request: render(request, "403_csrf.html"),
    "404": lambda request: defaults.page_not_found(request, Exception()),
    "500": lambda request: failing(ZeroDivisionError()),
    "503": lambda request: failing(OperationalError()),
}


@pytest.mark.parametrize("problem", PROBLEMS)
def test_a_problem_page_of_a_second_site_names_it_and_not_the_first_district(problem, house, rf):
    page = PROBLEMS[problem](rf.get("/nowhere/")).content.decode()
    assert SECOND_SITE["name"] in page
    assert not FIRST_SITE.search(page)
