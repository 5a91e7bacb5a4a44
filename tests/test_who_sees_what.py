"""Person by address: who is let in, who is told no (403),
and for whom a thing does not exist (404).
"""

import pytest
from django.test import Client

from progress.models import ExtensionRequest
from publishing.models import Clearance, CorrectionRequest, Objection, Publication
from supervision.models import CoordinationItem, SlipFile
from tasks.models import ChangeRequest
from tests.fixtures.people import PEOPLE
from tests.fixtures.site import signed_in
from tests.test_urls import needs_sign_in, routes

pytestmark = pytest.mark.django_db
EVERYBODY = set(PEOPLE)
OWN = {"reporter", "colleague"}
REPORTERS = OWN | {"stranger"}
SUPERVISORS = {"supervisor", "other_supervisor"}
READERS = {"leader", "auditor"}

GATHERERS = REPORTERS | SUPERVISORS | READERS | {"publisher"}
HEADS_OF_QUARTERS = SUPERVISORS | {"publisher", "leader"}
REPORT, QUARTER = "<slug:code>/<int:year>-<int:quarter>/", "<slug:slug>/<int:year>-<int:quarter>/"
ALL, PUBLISHED_REPORT = "/staff/periods/quarters/", OWN | SUPERVISORS | READERS | {"publisher"}
ONE_REPORT, ONE_LETTER = OWN | SUPERVISORS | READERS, OWN | READERS | {"clerk"}
# To whom no matter for coordination is shown, so that the room itself says no.
ROOMLESS = {"publisher", "clerk", "administrator"}

# Route as written -> (an address of the house, for whom the thing exists, who of them gets it).
LOOKED_AT = {
    "staff/": ("/staff/", EVERYBODY, EVERYBODY),
    "staff/components/": ("/staff/components/", EVERYBODY, EVERYBODY),
    "staff/account/": ("/staff/account/", EVERYBODY, EVERYBODY),
    "staff/password/": ("/staff/password/", EVERYBODY, EVERYBODY),
    "staff/reports/": ("/staff/reports/", EVERYBODY, EVERYBODY),
    "staff/reports/sheet/": ("/staff/reports/sheet/", EVERYBODY, REPORTERS),
    "staff/reports/sheet.xlsx": ("/staff/reports/sheet.xlsx", EVERYBODY, REPORTERS),
    f"staff/reports/{REPORT}": ("/staff/reports/wp2013-18/2013-3/", ONE_REPORT, ONE_REPORT),
    f"staff/reports/{REPORT}form/": (
        "/staff/reports/wp2013-18/2013-3/form/",
        ONE_REPORT,
        ONE_REPORT,
    ),
    "staff/inspection/": ("/staff/inspection/", EVERYBODY, GATHERERS),
    "staff/inspection/package.zip": (
        "/staff/inspection/package.zip?plan=wp2013",
        EVERYBODY,
        GATHERERS,
    ),
    "staff/quarters/<int:year>-<int:quarter>/circular.docx": (
        "/staff/quarters/2013-2/circular.docx",
        EVERYBODY,
        EVERYBODY,
    ),
    "staff/review/": ("/staff/review/", EVERYBODY, SUPERVISORS),
    f"staff/review/{REPORT}": ("/staff/review/wp2013-18/2013-3/", ONE_REPORT, SUPERVISORS),
    "staff/periods/": ("/staff/periods/", EVERYBODY, HEADS_OF_QUARTERS),
    "staff/periods/<slug:slug>/generate/": (
        "/staff/periods/wp2013/generate/",
        EVERYBODY,
        SUPERVISORS,
    ),
    f"staff/periods/{QUARTER}open/": ("/staff/periods/wp2013/2013-4/open/", EVERYBODY, SUPERVISORS),
    f"staff/periods/{QUARTER}close/": (
        "/staff/periods/wp2013/2013-3/close/",
        EVERYBODY,
        SUPERVISORS,
    ),
    f"staff/releases/{QUARTER}": ("/staff/releases/wp2013/2013-2/", EVERYBODY, HEADS_OF_QUARTERS),
    f"staff/releases/{QUARTER}draft.docx": (
        "/staff/releases/wp2013/2013-3/draft.docx",
        EVERYBODY,
        HEADS_OF_QUARTERS,
    ),
    f"staff/releases/{QUARTER}approval/": (
        "/staff/releases/wp2013/2013-2/approval/",
        HEADS_OF_QUARTERS,
        HEADS_OF_QUARTERS,
    ),
    "staff/withholdings/<int:pk>/": (
        "/staff/withholdings/{held}/",
        EVERYBODY,
        SUPERVISORS | {"publisher"},
    ),
    "staff/publications/<int:pk>/take-down/": (
        "/staff/publications/{now}/take-down/",
        EVERYBODY,
        {"publisher"},
    ),
    "staff/tasks/<slug:code>/breakdown/": (
        "/staff/tasks/wp2013-18/breakdown/",
        EVERYBODY,
        ONE_REPORT,
    ),
    "staff/year-end/<slug:slug>/<int:year>/": (
        "/staff/year-end/wp2013/2013/",
        EVERYBODY,
        HEADS_OF_QUARTERS,
    ),
    "staff/publications/<int:pk>/correct/": ("/staff/publications/{now}/correct/", EVERYBODY, OWN),
    "staff/publications/<int:pk>/correct-verdict/": (
        "/staff/publications/{now}/correct-verdict/",
        EVERYBODY,
        SUPERVISORS,
    ),
    "staff/requests/corrections/<int:pk>/": (
        "/staff/requests/corrections/{correction}/",
        EVERYBODY,
        SUPERVISORS | {"publisher"},
    ),
    "staff/overview/": ("/staff/overview/", EVERYBODY, SUPERVISORS | {"leader"}),
    "staff/dashboard/": ("/staff/dashboard/", EVERYBODY, SUPERVISORS | {"leader"}),
    "staff/meeting/": ("/staff/meeting/", EVERYBODY, SUPERVISORS | {"leader"}),
    "staff/meeting/meeting.docx": (
        "/staff/meeting/meeting.docx",
        EVERYBODY,
        SUPERVISORS | {"leader"},
    ),
    "staff/coordination/": ("/staff/coordination/", EVERYBODY, REPORTERS | SUPERVISORS | READERS),
    "staff/coordination/<int:pk>/": (
        "/staff/coordination/{item}/",
        OWN | SUPERVISORS | READERS | ROOMLESS,
        ONE_REPORT,
    ),
    f"staff/reports/{REPORT}coordination/": (
        "/staff/reports/wp2013-18/2013-3/coordination/",
        ONE_REPORT,
        OWN | SUPERVISORS,
    ),
    f"staff/reports/{REPORT}extension/": ("/staff/reports/wp2013-18/2013-1/extension/", OWN, OWN),
    "staff/publications/<int:pk>/objection/": (
        "/staff/publications/{now}/objection/",
        PUBLISHED_REPORT,
        OWN,
    ),
    "staff/requests/": ("/staff/requests/", EVERYBODY, SUPERVISORS | {"publisher"}),
    "staff/requests/extensions/<int:pk>/": (
        "/staff/requests/extensions/{extension}/",
        EVERYBODY,
        SUPERVISORS,
    ),
    "staff/requests/objections/<int:pk>/": (
        "/staff/requests/objections/{objection}/",
        EVERYBODY,
        SUPERVISORS,
    ),
    f"staff/periods/{QUARTER}unlock/": (
        "/staff/periods/wp2013/2013-1/unlock/",
        EVERYBODY,
        SUPERVISORS,
    ),
    "staff/periods/quarters/<int:year>-<int:quarter>/open/": (
        ALL + "2013-4/open/",
        EVERYBODY,
        SUPERVISORS,
    ),
    "staff/periods/quarters/<int:year>-<int:quarter>/close/": (
        ALL + "2013-3/close/",
        EVERYBODY,
        SUPERVISORS,
    ),
    "staff/slips/": ("/staff/slips/", EVERYBODY, REPORTERS | SUPERVISORS | READERS),
    "staff/slips/new/": ("/staff/slips/new/?task=wp2013-102", EVERYBODY, SUPERVISORS),
    "staff/slips/<int:year>-<int:number>/": ("/staff/slips/2013-1/", ONE_REPORT, ONE_REPORT),
    "staff/slips/<int:year>-<int:number>/paper/": (
        "/staff/slips/2013-1/paper/",
        ONE_REPORT,
        ONE_REPORT,
    ),
    "staff/slips/files/<int:pk>/": ("/staff/slips/files/{slip_file}/", ONE_REPORT, ONE_REPORT),
    "staff/responsibilities/": ("/staff/responsibilities/", EVERYBODY, SUPERVISORS),
    "staff/reminders/": ("/staff/reminders/", EVERYBODY, SUPERVISORS),
    "staff/coverage/": ("/staff/coverage/", EVERYBODY, SUPERVISORS | {"administrator"}),
    "staff/hand-over/": ("/staff/hand-over/", EVERYBODY, OWN | {"stranger", "administrator"}),
    "staff/changes/": ("/staff/changes/", EVERYBODY, SUPERVISORS | READERS),
    "staff/changes/<int:pk>/paper/": (
        "/staff/changes/{paper}/paper/",
        EVERYBODY,
        SUPERVISORS | READERS,
    ),
    "staff/tasks/<slug:code>/change/": ("/staff/tasks/wp2013-18/change/", EVERYBODY, SUPERVISORS),
    "staff/record/": ("/staff/record/", EVERYBODY, {"auditor"}),
    "staff/feedback/": ("/staff/feedback/", EVERYBODY, EVERYBODY),
    "staff/feedback/all/": ("/staff/feedback/all/", EVERYBODY, EVERYBODY),
    "staff/feedback/new/": ("/staff/feedback/new/", EVERYBODY, {"clerk"}),
    "staff/feedback/<slug:number>/photo/": (
        "/staff/feedback/{handling}/photo/",
        ONE_LETTER,
        OWN | {"clerk"},
    ),
    "staff/feedback/<slug:number>/photo/<int:addition>/": (
        "/staff/feedback/{handling}/photo/{added}/",
        ONE_LETTER,
        OWN | {"clerk"},
    ),
    "staff/feedback/<slug:number>/": ("/staff/feedback/{handling}/", ONE_LETTER, ONE_LETTER),
}
# The same for what can only be done and not looked at.
DONE = {
    f"staff/reports/{REPORT}publish/": (
        "/staff/reports/wp2013-18/2013-3/publish/",
        EVERYBODY,
        {"publisher"},
    ),
    "staff/publications/<int:pk>/lapse/": (
        "/staff/publications/{now}/lapse/",
        EVERYBODY,
        {"publisher"},
    ),
    "staff/feedback/<slug:number>/contact/": (
        "/staff/feedback/{handling}/contact/",
        ONE_LETTER,
        OWN | {"clerk"},
    ),
    "staff/feedback/<slug:number>/<slug:verb>/": (
        "/staff/feedback/{handling}/hand_back/",
        ONE_LETTER,
        OWN,
    ),
    "staff/sign-out/": ("/staff/sign-out/", EVERYBODY, EVERYBODY),
}
SLIP, ITEM = "staff/slips/<int:year>-<int:number>/", "staff/coordination/<int:pk>/"
RELEASE, YEAR_END = f"staff/releases/{QUARTER}", "staff/year-end/<slug:slug>/<int:year>/"
HELD, TAKE_DOWN = "staff/withholdings/<int:pk>/", "staff/publications/<int:pk>/take-down/"
CORRECT = "staff/publications/<int:pk>/correct/"
VERDICT = "staff/publications/<int:pk>/correct-verdict/"
EXTENSION = "staff/requests/extensions/<int:pk>/"
CORRECTION = "staff/requests/corrections/<int:pk>/"
HANDLERS = SUPERVISORS | {"publisher"}
# Actions of a page people open; looked at, each leads to that page.
# Route as written -> (an address of it, the route of the page, who takes the action).
ACTIONS = {
    f"{SLIP}reply/": ("/staff/slips/2013-1/reply/", SLIP, OWN),
    f"{SLIP}close/": ("/staff/slips/2013-1/close/", SLIP, SUPERVISORS),
    f"{SLIP}send-back/": ("/staff/slips/2013-1/send-back/", SLIP, SUPERVISORS),
    f"{SLIP}raise/": ("/staff/slips/2013-1/raise/", SLIP, SUPERVISORS),
    f"{SLIP}withdraw/": ("/staff/slips/2013-1/withdraw/", SLIP, SUPERVISORS),
    f"{ITEM}decide/": ("/staff/coordination/{item}/decide/", ITEM, SUPERVISORS | {"leader"}),
    f"{ITEM}instruct/": ("/staff/coordination/{item}/instruct/", ITEM, {"leader"}),
    f"{ITEM}reply/": ("/staff/coordination/{item}/reply/", ITEM, OWN),
    f"{ITEM}close/": ("/staff/coordination/{item}/close/", ITEM, SUPERVISORS),
    f"{RELEASE}prepare/": ("/staff/releases/wp2013/2013-2/prepare/", RELEASE, SUPERVISORS),
    f"{RELEASE}approve/": ("/staff/releases/wp2013/2013-2/approve/", RELEASE, HANDLERS),
    f"{RELEASE}publish/": ("/staff/releases/wp2013/2013-2/publish/", RELEASE, {"publisher"}),
    f"{RELEASE}drop/": ("/staff/releases/wp2013/2013-2/drop/", RELEASE, HANDLERS),
    f"{YEAR_END}prepare/": ("/staff/year-end/wp2013/2013/prepare/", YEAR_END, SUPERVISORS),
    f"{YEAR_END}publish/": ("/staff/year-end/wp2013/2013/publish/", YEAR_END, {"publisher"}),
    f"{HELD}lift/": ("/staff/withholdings/{held}/lift/", HELD, {"publisher"}),
    f"{HELD}extend/": ("/staff/withholdings/{held}/extend/", HELD, SUPERVISORS),
    f"{TAKE_DOWN}confirm/": (
        "/staff/publications/{now}/take-down/confirm/",
        TAKE_DOWN,
        {"publisher"},
    ),
    f"{CORRECT}propose/": ("/staff/publications/{now}/correct/propose/", CORRECT, OWN),
    f"{VERDICT}propose/": (
        "/staff/publications/{now}/correct-verdict/propose/",
        VERDICT,
        SUPERVISORS,
    ),
    f"{EXTENSION}grant/": ("/staff/requests/extensions/{extension}/grant/", EXTENSION, SUPERVISORS),
    f"{EXTENSION}refuse/": (
        "/staff/requests/extensions/{extension}/refuse/",
        EXTENSION,
        SUPERVISORS,
    ),
    f"{CORRECTION}publish/": (
        "/staff/requests/corrections/{correction}/publish/",
        CORRECTION,
        {"publisher"},
    ),
    f"{CORRECTION}return/": (
        "/staff/requests/corrections/{correction}/return/",
        CORRECTION,
        {"publisher"},
    ),
    f"{CORRECT}withdraw/": ("/staff/publications/{now}/correct/withdraw/", CORRECT, OWN),
    f"{VERDICT}withdraw/": (
        "/staff/publications/{now}/correct-verdict/withdraw/",
        VERDICT,
        SUPERVISORS,
    ),
}
# Whose form names the row it is about: sent without a name, they find nothing for who may.
NAMING = {f"{CORRECT}withdraw/", f"{VERDICT}withdraw/"}
# Route -> (address, for whom it exists, who may).
TAKEN = {
    route: (address, LOOKED_AT[page][1], may) for route, (address, page, may) in ACTIONS.items()
}
# What is done to a thing that has a page: asked for without a form, the address leads to that page.
REPORT_3, DESK_3 = "/staff/reports/wp2013-18/2013-3/", "/staff/review/wp2013-18/2013-3/"
BREAKDOWN = "/staff/tasks/wp2013-18/breakdown/"
REPORT_ACTIONS = {
    f"staff/reports/{REPORT}autosave/": (REPORT_3 + "autosave/", ONE_REPORT, OWN),
    f"staff/reports/{REPORT}submit/": (REPORT_3 + "submit/", ONE_REPORT, OWN),
    f"staff/reports/{REPORT}send-to-sign/": (REPORT_3 + "send-to-sign/", ONE_REPORT, OWN),
    f"staff/reports/{REPORT}sign/": (REPORT_3 + "sign/", ONE_REPORT, {"colleague"}),
    f"staff/reports/{REPORT}hand-back/": (REPORT_3 + "hand-back/", ONE_REPORT, {"colleague"}),
    f"staff/reports/{REPORT}recall/": (REPORT_3 + "recall/", ONE_REPORT, OWN),
    f"staff/reports/{REPORT}scans/": (REPORT_3 + "scans/", ONE_REPORT, OWN),
    f"staff/review/{REPORT}verify/": (DESK_3 + "verify/", ONE_REPORT, SUPERVISORS),
    f"staff/review/{REPORT}agree/": (DESK_3 + "agree/", ONE_REPORT, SUPERVISORS),
    f"staff/review/{REPORT}return/": (DESK_3 + "return/", ONE_REPORT, SUPERVISORS),
    "staff/tasks/<slug:code>/breakdown/propose/": (BREAKDOWN + "propose/", EVERYBODY, OWN),
    "staff/tasks/<slug:code>/breakdown/withdraw/": (BREAKDOWN + "withdraw/", EVERYBODY, OWN),
    "staff/tasks/<slug:code>/breakdown/confirm/": (BREAKDOWN + "confirm/", EVERYBODY, SUPERVISORS),
    "staff/tasks/<slug:code>/breakdown/return/": (BREAKDOWN + "return/", EVERYBODY, SUPERVISORS),
}
RIGHTS = LOOKED_AT | DONE | TAKEN | REPORT_ACTIONS


def place(address: str, house) -> str:
    row = Publication.objects.get(task=house.paper.task, is_current=True)
    asked = {
        "extension": ExtensionRequest.objects.first().pk,
        "objection": Objection.objects.first().pk,
    }
    asked["correction"] = CorrectionRequest.objects.first().pk
    asked |= {"item": CoordinationItem.objects.order_by("pk").last().pk}
    asked |= {"held": Clearance.objects.withheld().get().pk}
    asked["slip_file"] = SlipFile.objects.first().pk
    asked["paper"] = (
        ChangeRequest.objects.exclude(basis_scan="").values_list("pk", flat=True).first()
    )
    asked["added"] = house.tickets["handling"].additions.first().pk
    return address.format(now=row.pk, handling=house.tickets["handling"].number, **asked)


def expected(person: str, exists: set, gets: set) -> str:
    return "in" if person in gets else "403" if person in exists else "404"


def told(response) -> str:
    if response.streaming:
        list(response)
    # 422 is what a program hears for a form with an error in it.
    return "in" if response.status_code in {200, 302, 422} else str(response.status_code)


def test_every_address_of_the_staff_has_its_row():
    staff = {
        route for route, _ in routes() if needs_sign_in(route) and not route.startswith("admin/")
    }
    assert staff == RIGHTS.keys()


@pytest.mark.parametrize("route", LOOKED_AT)
def test_who_may_look(route, house):
    address, exists, gets = LOOKED_AT[route]
    answers = {
        person: told(signed_in(house, person).get(place(address, house))) for person in PEOPLE
    }
    assert answers == {person: expected(person, exists, gets) for person in PEOPLE}


@pytest.mark.parametrize("route", DONE)
def test_who_may_do_what_has_no_page(route, house):
    address, exists, gets = DONE[route]
    answers = {
        person: told(signed_in(house, person).post(place(address, house))) for person in PEOPLE
    }
    assert answers == {person: expected(person, exists, gets) for person in PEOPLE}
    assert signed_in(house, "clerk").get(place(address, house)).status_code == 405


@pytest.mark.parametrize("route", ACTIONS)
def test_who_may_take_an_action(route, house):
    address, exists, may = TAKEN[route]
    answers = {
        person: told(signed_in(house, person).post(place(address, house))) for person in PEOPLE
    }
    right = {person: expected(person, exists, may) for person in PEOPLE}
    if route in NAMING:
        right |= dict.fromkeys(may, "404")
    assert answers == right


@pytest.mark.parametrize("route", ACTIONS)
def test_an_action_looked_at_leads_to_its_page_and_is_out_of_sight_where_the_page_is(route, house):
    address, page, _ = ACTIONS[route]
    page, exists, sees = LOOKED_AT[page]
    for person in PEOPLE:
        answer = signed_in(house, person).get(place(address, house))
        if person in sees:
            assert (answer.status_code, answer["Location"]) == (302, place(page, house))
        else:
            assert told(answer) == expected(person, exists, sees)


# They also show what was typed into them, before it is done.
CHECKED_FIRST = {TAKE_DOWN, CORRECT, VERDICT}


@pytest.mark.parametrize("route", sorted({page for _, page, _ in ACTIONS.values()} - CHECKED_FIRST))
def test_a_page_whose_actions_have_their_own_addresses_takes_nothing(route, house):
    address, _, sees = LOOKED_AT[route]
    for person in sees:
        answer = signed_in(house, person).post(place(address, house), {"publish": "", "close": ""})
        assert answer.status_code == 405


@pytest.mark.parametrize("route", REPORT_ACTIONS)
def test_who_may_do_what_has_a_page_and_whoever_reloads_is_led_there(route, house):
    address, exists, gets = REPORT_ACTIONS[route]
    answers = {person: told(signed_in(house, person).post(address)) for person in PEOPLE}
    assert answers == {person: expected(person, exists, gets) for person in PEOPLE}
    page = address[: address.rindex("/", 0, -1) + 1]
    response = signed_in(house, min(gets)).get(address + "?unit=anjianju")
    assert (response.status_code, response["Location"]) == (302, page + "?unit=anjianju")
    assert signed_in(house, min(gets)).put(address).status_code == 405


@pytest.mark.parametrize("route", RIGHTS)
def test_a_form_of_another_site_does_nothing(route, house):
    """Without our own mark in the form even the right person is refused."""
    address, _, gets = RIGHTS[route]
    client = Client(enforce_csrf_checks=True)
    client.force_login(getattr(house.people, min(gets)))
    assert client.post(place(address, house), {"yes": "", "publish": ""}).status_code == 403


@pytest.mark.parametrize("route", RIGHTS)
def test_a_visitor_gets_the_door(route, house):
    address = place(RIGHTS[route][0], house)
    response = Client().get(address)
    assert (response.status_code, response["Location"].split("?")[0]) == (302, "/staff/sign-in/")
    typed = Client().post(address, {"yes": "", "publish": ""})
    assert "/staff/sign-in/" in typed.get("Location", "") + typed.content.decode()
    assert typed.status_code in {302, 403}
