"""Every address is either public or for people who signed in; new ones are found by themselves."""

import pytest
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpResponse
from django.shortcuts import resolve_url
from django.urls import URLPattern, path, reverse

from tests.fixtures.routes import DOORS, needs_sign_in, plain, routes
from yantian_portal.middleware import SignInFirst


def asks_for_sign_in(pattern: URLPattern) -> bool:
    return getattr(pattern.callback, "login_required", True)


def misplaced(found: list[tuple[str, URLPattern]]) -> list[str]:
    """Routes whose view and address disagree.

    REST views answer for themselves and are tried out below.
    """
    return [
        address
        for address, pattern in found
        if needs_sign_in(address) != asks_for_sign_in(pattern) and not address.startswith("admin/")
    ]


def is_sent_to_sign_in(response) -> bool:
    doors = (resolve_url(settings.LOGIN_URL), reverse("admin:login"))
    return response.status_code == 302 and response["Location"].split("?")[0] in doors


STAFF = plain([route for route in routes() if needs_sign_in(route[0])])
PUBLIC = plain([route for route in routes() if not needs_sign_in(route[0])])


def test_pages_are_closed_by_default():
    assert "yantian_portal.middleware.SignInFirst" in settings.MIDDLEWARE
    assert issubclass(SignInFirst, LoginRequiredMiddleware)


def test_no_view_is_open_under_a_closed_address_nor_closed_under_an_open_one():
    assert misplaced(routes()) == []


@pytest.mark.parametrize("address", STAFF)
@pytest.mark.django_db
def test_a_visitor_at_a_staff_address_is_sent_to_sign_in(address, client):
    response = client.get(address)
    assert is_sent_to_sign_in(response) or response.status_code == 403


@pytest.mark.parametrize("address", PUBLIC)
@pytest.mark.django_db
def test_a_public_address_answers_a_visitor_even_of_an_empty_portal(address, client):
    response = client.get(address)
    assert response.status_code in {200, 301, 302, 304, 405}
    assert DOORS.match(address[1:]) or not is_sent_to_sign_in(response)


@pytest.mark.django_db
def test_a_visitor_writes_nothing_through_the_api(client):
    api = [address for address in PUBLIC if address.startswith("/api/")]
    assert [
        address for address in api if client.post(address).status_code not in {401, 403, 405}
    ] == []


def test_a_misplaced_view_is_noticed():
    def closed(request):
        return HttpResponse()

    opened = login_not_required(lambda request: HttpResponse())
    right = [
        ("staff/", path("", closed)),
        ("tasks/", path("", opened)),
        ("staff/sign-in/", path("", opened)),
    ]
    wrong = [("staff/desk/", path("", opened)), ("about/", path("", closed))]
    assert misplaced(right + wrong) == ["staff/desk/", "about/"]
