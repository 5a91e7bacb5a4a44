"""Every form of the staff: leave it, come back, sign in again, open it in a second window.

Addresses and forms are found in the table of addresses and on its pages, so that a new one is
tried without being named here.
"""

import json

import pytest
from django.contrib.auth.hashers import make_password
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import resolve

from common.ui.action_views import page_of
from departments.models import UnsentForm, User
from tests.fixtures.page_forms import PageForm, forms_of
from tests.fixtures.site import signed_in
from tests.fixtures.staff_addresses import DONE, RIGHTS, pages_with_forms, place

pytestmark = pytest.mark.django_db

TYPERS = {"reporter", "supervisor", "publisher", "clerk", "leader"}
KEEP, DROP, DOOR = "/staff/unsent/keep/", "/staff/unsent/drop/", "/staff/sign-in/"
WORDS, LATER, PASSWORD = "写到一半的话。\n第二行", "另一个窗口里写的话", "a-password-of-the-house"
# Buttons without a word: nothing is typed there, and they have no page of their own.
WORDLESS = {route for route in DONE if "verb" not in route}
# The home of the staff has no form; it names what lies on other pages.
WORDLESS |= {"staff/"}


@pytest.fixture(scope="module")
def forms(house) -> list[tuple[str, str, PageForm]]:
    """(person, address of the page, form) of every form with a text, each kind once."""
    found: dict[tuple, tuple[str, str, PageForm]] = {}
    for page, gets in pages_with_forms(house):
        for person in sorted(TYPERS & gets):
            response = signed_in(house, person).get(page)
            response.close()
            if response.streaming or response.status_code != 200:
                continue
            for form in filter(is_typed_into, forms_of(page, response)):
                match = resolve(form.address.partition("?")[0])
                kind = (match.view_name, match.kwargs.get("verb"), *form.texts)
                found.setdefault(kind, (person, page, form))
    return list(found.values())


def is_typed_into(form: PageForm) -> bool:
    return form.method == "post" and bool(form.texts) and not form.is_secret


def keep(client: Client, form: PageForm, typed, known: str = ""):
    """What the page's script sends; (status, version)."""
    sent = {"address": form.address, "known": known, "typed": json.dumps(typed)}
    response = client.post(KEEP, sent, headers={"X-Autosave": "1"})
    return response.status_code, response.json().get("version")


def brought_back(page: str, response) -> dict[str, list[tuple[str, str]]]:
    """Address -> names and values of each form that the page brings back."""
    kept = [form for form in forms_of(page, response) if "data-typed" in form.attributes]
    return {form.address: form.sent for form in kept}


def test_what_is_typed_into_any_form_is_there_after_leaving_and_coming_back(house, forms):
    assert len(forms) > 30
    for person, page, form in forms:
        client, typed = signed_in(house, person), form.filled_in(WORDS)
        assert keep(client, form, typed)[0] == 200, form.address
        assert brought_back(page, client.get(page)) == {form.address: typed}, form.address
        client.post(DROP, {"address": form.address})
        assert not UnsentForm.objects.exists()


def test_a_second_window_of_any_form_overwrites_nothing_newer(house, forms):
    for person, _, form in forms:
        client, typed = signed_in(house, person), form.filled_in(WORDS)
        _, first = keep(client, form, typed)
        assert keep(client, form, form.filled_in(LATER)) == (409, None), form.address
        assert UnsentForm.objects.get().typed == typed
        assert keep(client, form, form.filled_in(LATER), known=first)[0] == 200
        UnsentForm.objects.all().delete()


@pytest.fixture
def door(house):
    """door(person, response): signs in on the page that says so; the client and where it led."""
    names = {min(gets) for _, _, gets in RIGHTS.values() if gets}
    User.objects.filter(username__in=names).update(password=make_password(PASSWORD))

    def enter(person, client, response):
        [form] = [one for one in forms_of("", response) if one.is_secret]
        given = dict(form.sent) | {"username": person, "password": PASSWORD}
        assert form.address == DOOR
        return client.post(DOOR, given).url

    return enter


OF_SOMEBODY = {route for route, (_, _, gets) in RIGHTS.items() if gets}


@pytest.mark.parametrize("route", sorted(OF_SOMEBODY - WORDLESS))
def test_what_was_sent_after_the_session_ended_is_there_after_signing_in(route, house, door):
    address, person = place(RIGHTS[route][0], house), min(RIGHTS[route][2])
    typed = [("text", WORDS), ("pace", "on_course"), ("value", "12.5"), ("initial-text", "")]
    client = Client()
    refused = client.post(address, dict(typed))
    assert refused.status_code == 403
    assert not UnsentForm.objects.exists()
    page = door(person, client, refused)
    assert page == page_of(address)
    response = client.get(page)
    response.close()
    # Into files and papers nothing is typed.
    if not response.streaming and b'<body class="staff">' in response.content:
        assert brought_back(page, response) == {address: typed}


def test_a_bad_file_takes_no_word_of_any_form_with_it(house, forms):
    with_files = [found for found in forms if found[2].files]
    assert len(with_files) >= 4
    for person, page, form in with_files:
        client, typed = signed_in(house, person), form.filled_in(WORDS)
        sent = {name: [value for key, value in typed if key == name] for name, _ in typed}
        bad = {name: SimpleUploadedFile("旧格式.doc", b"no picture") for name in form.files}
        answer = client.post(form.address, sent | bad, follow=True)
        assert WORDS.splitlines()[1] in answer.content.decode(), form.address
        assert WORDS.splitlines()[1] in client.get(page).content.decode(), form.address
