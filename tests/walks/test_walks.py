"""Everything a person can reach by links: it answers, it is safely dressed,
and looking at it changes nothing.
"""

import html
import re
from urllib.parse import urldefrag, urlsplit

import pytest
from django.urls import resolve

from tests.fixtures.crawl import crawl, visit
from tests.fixtures.people import PEOPLE
from tests.fixtures.reading import only_reading
from tests.fixtures.routes import needs_sign_in, routes
from tests.fixtures.site import PUBLIC, signed_in
from tests.fixtures.site_setting import HOSTILE

pytestmark = pytest.mark.django_db
EVERYBODY = ["visitor", *PEOPLE]
# Reached by a form, by a machine, by a wish typed into the address, or not at all by this house's
# people.
NO_LINK = re.compile(
    r"^(staff/(components/|reports/sheet\.xlsx|sign-(in|out)/|unsent/.+|go-on/|periods/(quarters/|.*/(close|confirm|withdraw)/)|account/(end-sessions|second-factor/.+)/|feedback/.*(contact|verb|original|register|settle).*|.*(publish|lapse)/"
    r"|reports/.*/(autosave|submit|send-to-sign|sign|hand-back|nudge|recall|withdraw|scans)/"
    r"|review/.*/(verify|agree|reassess|return)/|tasks/.*/breakdown/.+/"
    r"|slips/.*/(reply|close|send-back|raise|withdraw)/|coordination/.*/(decide|instruct|reply|close)/"
    r"|releases/.*/(prepare|approve|drop)/|year-end/.*/prepare/|withholdings/.*/(lift|extend)/"
    r"|imports/(upload|.+/(save|hand-over|discard|return))/"
    r"|publications/.*/(confirm|propose|withdraw)/|requests/.*/(grant|refuse|return)/)"
    r"|admin/|text-size/|feedback/(received|new/(check|edit|send)|track/(copy|.*verb.*))/|api/v1/.*\()"
)

# What a visitor can ask for and no link leads to: single rows of the interface, what forms lead to.
UNLINKED = ["/text-size/large/", "/staff/sign-in/", "/staff/sign-in/code/"]
UNLINKED += ["/admin/login/", "/feedback/received/", "/feedback/track/copy/"]
UNLINKED += [
    "/feedback/track/add/",
    *(f"/feedback/new/{way}/" for way in ("check", "edit", "send")),
]
UNLINKED += [f"/api/v1/{row}/" for row in ("plans/wp2013", "tasks/wp2013-18", "milestones/1")]
UNLINKED += [f"/api/v1/{row}/" for row in ("departments/anjianju", "questions/SL-2013-000008")]


@pytest.mark.parametrize("person", EVERYBODY)
def test_every_link_is_answered(person, walks):
    dead = {address: met.status for address, met in walks(person).items() if met.status >= 400}
    assert dead == {}


@pytest.mark.parametrize("person", EVERYBODY)
def test_every_link_into_a_page_finds_its_place(person, walks):
    walked = walks(person)
    places = {link for met in walked.values() for link in met.links if urlsplit(link).fragment}
    astray = []
    for link in places:
        address, anchor = urldefrag(link)
        met = walked.get(address)
        if met and met.is_page and anchor not in met.anchors:
            astray.append(link)
    assert astray == []


def test_every_address_of_the_house_is_linked_from_somewhere(walks):
    walked = {urlsplit(address).path for person in EVERYBODY for address in walks(person)}
    met = {resolve(path).func for path in walked if not path.startswith("/static/")}
    assert [
        route for route, view in routes() if not NO_LINK.match(route) and view.callback not in met
    ] == []


@pytest.mark.parametrize("person", EVERYBODY)
def test_every_answer_carries_the_security_headers(person, walks):
    bare = {}
    for address, met in walks(person).items():
        lacks = [] if address.startswith("/static/") else undressed(met.headers)
        if lacks:
            bare[address] = lacks
    assert bare == {}


def undressed(headers: dict) -> list[str]:
    """What the headers lack.

    Downloads of evidence have a policy of their own, which is stricter.
    """
    policy = headers.get("Content-Security-Policy", "")
    kept = {
        "no script or style inline": (
            "default-src 'self'" in policy or "default-src 'none'" in policy
        ),
        "nothing unsafe": bool(policy) and "unsafe" not in policy,
        "in nobody's frame": "frame-ancestors 'none'" in policy or policy.startswith("sandbox"),
        "and not in an old browser's": headers.get("X-Frame-Options") == "DENY",
        "read as what it is": headers.get("X-Content-Type-Options") == "nosniff",
        "tells no other site": headers.get("Referrer-Policy") == "same-origin",
        "opened by no stranger": headers.get("Cross-Origin-Opener-Policy") == "same-origin",
        "no sensors": "geolocation=()" in headers.get("Permissions-Policy", ""),
    }
    return [promise for promise, holds in kept.items() if not holds]


@pytest.mark.parametrize("person", PEOPLE)
def test_no_page_of_the_staff_stays_in_a_cache(person, walks):
    own = {address: met for address, met in walks(person).items() if address.startswith("/staff/")}
    assert [
        address
        for address, met in own.items()
        if "no-store" not in met.headers.get("Cache-Control", "")
    ] == []


def test_a_page_that_is_not_found_carries_the_security_headers(client, db):
    for address in ("/nothing/", "/api/v1/nothing/", "/staff/nothing/", "/tasks/nothing/"):
        assert undressed(dict(client.get(address).headers)) == []


@pytest.mark.parametrize("person", EVERYBODY)
def test_following_every_link_changes_no_row(person, walks):
    assert walks(person).changed == []


def test_nothing_that_a_visitor_asks_for_writes_a_row_not_even_a_count(house):
    visitor = signed_in(house, "visitor")
    with only_reading() as written:
        met = [*crawl(visitor, *PUBLIC), *(visit(visitor, at).address for at in UNLINKED)]
    assert written == []
    asked = {resolve(urlsplit(at).path).func for at in met if not at.startswith("/static/")}
    # An earlier route of the same address hides a later one.
    hidden = {"admin/login/"}
    assert {
        route for route, view in routes() if view.callback not in asked and not needs_sign_in(route)
    } == hidden


@pytest.mark.parametrize("person", EVERYBODY)
def test_words_somebody_typed_are_shown_as_words_and_never_as_a_page(person, walks):
    pages = {address: met.text for address, met in walks(person).items() if met.is_page}
    assert [address for address, text in pages.items() if HOSTILE[:10] in text] == []


# A page of each room (its address a pattern) on which such words stand, so that the test above has
# something to find.
SHOWN = {
    "visitor": ["/tasks/wp2013-18/", "/tasks/wp2013-102/", "/quarters/2013-2/", "/feedback/"],
    "reporter": [
        "/staff/reports/wp2013-18/2013-2/",
        "/staff/feedback/SL-2013-000008/",
        "/staff/slips/2013-1/",
    ],
    "clerk": [
        "/staff/feedback/",
        "/staff/feedback/SL-2013-000010/",
        "/staff/feedback/SL-2013-000011/",
    ],
    "supervisor": ["/staff/reports/wp2013-18/2013-2/", "/staff/feedback/SL-2013-000007/"],
    "leader": ["/staff/slips/2013-2/paper/"],
    "publisher": [r"/staff/requests/corrections/\d+/"],
}


@pytest.mark.parametrize("person", SHOWN)
def test_hostile_words_somebody_typed_are_really_shown_on_the_pages_listed(person, walks):
    hostile = [
        address for address, met in walks(person).items() if html.escape(HOSTILE) in met.text
    ]
    assert [
        wanted
        for wanted in SHOWN[person]
        if not any(re.fullmatch(wanted, address) for address in hostile)
    ] == []
