"""What the house tells a unit of the complaints about it: nothing; once passed on, what is to be
done, and no more.

Whoever belongs to that unit meets every page, file and answer they can reach, as staff and as a
visitor would.
"""

import re
from datetime import timedelta

import pytest
from django.db import transaction
from django.urls import reverse

from feedback import actions
from feedback.models import Addition, Ticket
from feedback.pages.ticket_actions import ACTIONS
from feedback.views.tracking import ACTIONS as WRITER_ACTIONS
from tests.fixtures import letters
from tests.fixtures.crawl import crawl, visit
from tests.fixtures.people import NOW, PEOPLE
from tests.fixtures.routes import plain, routes
from tests.fixtures.site import PUBLIC, signed_in
from tests.fixtures.staff_addresses import RIGHTS, place

pytestmark = pytest.mark.django_db
UNIT_OF = {name: unit for name, (_, unit, _) in PEOPLE.items()}
ABOUT = sorted(set(UNIT_OF.values()))
# One for each way of seeing tickets; the others see what these see, or less.
INSIDERS = ["reporter", "supervisor", "clerk", "leader", "auditor"]
TO_DO = "请核实所反映的窗口收费。"


def private(unit: str) -> dict[str, str]:
    """What its writer trusted us with, piece by piece; the last is how a list hides a number."""
    phone = f"1399876{ABOUT.index(unit):04}"
    return {
        "text": f"我看见{unit}门前七巷的窗口收钱",
        "location": f"{unit}门前七巷",
        "contact": phone,
        "addition": f"补充{unit}当天的情形",
        "picture": f"{unit}窗口的照片",
        "later picture": f"{unit}窗口后来的照片",
        "question": f"请问在{unit}哪个柜台",
        "rating": f"{unit}没有回答我",
        "masked": f"{phone[:3]}****{phone[-4:]}",
    }


@pytest.fixture(scope="module")
def about(house):
    """Unit -> stage -> the number of a complaint about it.

    `kept` ones were never passed on to that unit.
    """
    return {unit: complaints(house, unit) for unit in ABOUT}


def complaints(house, unit: str) -> dict[str, str]:
    elsewhere = house.units["chengguanju" if unit != "chengguanju" else "anjianju"]
    made = {
        "kept": screened(house, unit, "kept"),
        "kept, at another unit": passed_on(house, unit, elsewhere, "elsewhere"),
        "passed on": passed_on(house, unit, house.units[unit], "passed on"),
    }
    made["kept, merged"] = merged(house, unit, made["passed on"])
    if unit == UNIT_OF["reporter"]:
        made["passed on, answered"] = answered(house, unit)
    return {stage: ticket.number for stage, ticket in made.items()}


def screened(house, unit: str, token: str) -> Ticket:
    """By somebody of another unit; its writer was asked for more and added what was asked."""
    by, told = desk_of(house, unit), private(unit)
    ticket = sent(told, f"{token} {unit}")
    actions.ask_more(ticket=ticket, question=told["question"], by=by, at=NOW)
    actions.supplement(
        ticket=ticket, text=told["addition"], photo=told["later picture"].encode(), at=NOW
    )
    return actions.accept(
        ticket=ticket, handling_text=TO_DO, about_department=house.units[unit], by=by, at=NOW
    )


def sent(told: dict[str, str], token: str) -> Ticket:
    """As photos there are words too, so that one that got out would be read."""
    words = {"text": told["text"], "location": told["location"], "contact": told["contact"]}
    return letters.received(token, kind="complaint", photo=told["picture"].encode(), **words)


def desk_of(house, unit: str):
    return (
        house.people.supervisor if unit != UNIT_OF["supervisor"] else house.people.other_supervisor
    )


def passed_on(house, unit: str, lead, token: str) -> Ticket:
    return actions.assign(
        ticket=screened(house, unit, token), lead=lead, by=desk_of(house, unit), at=NOW
    )


def merged(house, unit: str, head: Ticket) -> Ticket:
    """The same complaint of another writer, about whose unit nobody said a word:
    it follows the one passed on.
    """
    told = private(unit)
    ticket = sent(told, f"merged {unit}")
    actions.add(ticket=ticket, photo=told["later picture"].encode(), at=NOW)
    return actions.merge(ticket=ticket, into=head.number, by=desk_of(house, unit), at=NOW)


def answered(house, unit: str) -> Ticket:
    """By the unit itself, published and found bad: the words of the rating are the writer's too."""
    ticket = passed_on(house, unit, house.units[unit], "answered")
    by = {"by": house.people.reporter, "at": NOW}
    actions.start_handling(ticket=ticket, **by)
    actions.reply(ticket=ticket, text="已核实。", **by)
    actions.publish(
        ticket=ticket,
        public_text="窗口收费",
        public_reply="已核实。",
        by=desk_of(house, unit),
        at=NOW,
    )
    return actions.rate(
        ticket=ticket, grade="bad", words=private(unit)["rating"], at=NOW + timedelta(days=1)
    )


@pytest.fixture(scope="module")
def meets(house, about):
    """Person -> address -> what they are told at every route there is,
    and where they ask for the words themselves.
    """
    met = {}

    def everything(name: str) -> dict[str, str]:
        if name not in met:
            client = signed_in(house, name)
            typed = addresses(
                house, about[UNIT_OF[name]].values(), private(UNIT_OF[name])["location"]
            )
            met[name] = {address: visit(client, address).text for address in typed}
        return met[name]

    return everything


def addresses(house, numbers, word: str) -> list[str]:
    """Every route: those without a part to fill in,
    those with the house's own things in them, those of the tickets.
    """
    found = plain(routes()) + [place(row[0], house) for row in RIGHTS.values()]
    found += [filled(route, number) for route in numbered() for number in numbers]
    found += [filled(route, number, row) for route in numbered() for number, row in added(numbers)]
    lists = [route for route in plain(routes()) if not route.startswith("/admin/")]
    return list(dict.fromkeys([*found, *(f"{at}?q={word}" for at in lists)]))


def numbered() -> list[str]:
    return [route for route, _ in routes() if "<slug:number>" in route]


def added(numbers) -> list[tuple[str, int]]:
    """The number of the letter and the row of each addition."""
    return list(
        Addition.objects.filter(ticket__number__in=numbers).values_list("ticket__number", "pk")
    )


def filled(route: str, number: str, addition: int = 0) -> str:
    parts = {"<slug:number>": number, "<slug:verb>": "take", "<row:addition>": str(addition)}
    for part, value in parts.items():
        route = route.replace(part, value)
    return f"/{route}"


def leaks(met: dict[str, str], words: dict[str, str]) -> list[tuple[str, str]]:
    """Asked for by its own words an empty list repeats the question:
    what was typed is no answer.
    """
    return [
        (address, piece)
        for address, text in met.items()
        for piece, secret in words.items()
        if secret in text and not address.endswith(f"?q={secret}")
    ]


@pytest.mark.parametrize("name", INSIDERS)
def test_nobody_meets_a_word_of_a_complaint_about_their_own_unit(name, meets):
    assert leaks(meets(name), private(UNIT_OF[name])) == []


@pytest.mark.parametrize("name", INSIDERS)
def test_a_complaint_kept_from_the_unit_is_named_nowhere_and_has_no_page_for_it(
    name, meets, about, house
):
    """But for the whole record: the auditor reads who did what to which number, never a word."""
    shown = {at: text for at, text in meets(name).items() if not at.startswith("/staff/record/")}
    for number in kept(about[UNIT_OF[name]]):
        named = [
            address for address, text in shown.items() if number in text and number not in address
        ]
        assert named == []
        assert signed_in(house, name).get(f"/staff/feedback/{number}/").status_code == 404


def kept(numbers: dict[str, str]) -> list[str]:
    return [number for stage, number in numbers.items() if stage.startswith("kept")]


def test_the_unit_complained_of_reads_what_is_to_be_done_once_the_complaint_is_assigned(
    meets, about
):
    assert TO_DO in meets("reporter")[f"/staff/feedback/{about['anjianju']['passed on']}/"]


def test_nobody_of_the_unit_meets_more_as_a_visitor(house, about):
    met = crawl(signed_in(house, "reporter"), *PUBLIC)
    assert about["anjianju"]["passed on, answered"] in "".join(one.text for one in met.values())
    assert leaks({at: one.text for at, one in met.items()}, private("anjianju")) == []


@pytest.mark.parametrize("name", INSIDERS)
def test_no_action_tried_by_the_unit_complained_of_reveals_more(name, house, about):
    client, words = signed_in(house, name), private(UNIT_OF[name])
    attempts = [reverse("feedback:act", args=[verb]) for verb in WRITER_ACTIONS]
    for number in about[UNIT_OF[name]].values():
        attempts += [f"/staff/feedback/{number}/{verb}/" for verb in [*ACTIONS, "contact"]]
    told = {}
    for action in attempts:
        with transaction.atomic():
            told[action] = client.post(action, follow=True).content.decode()
            transaction.set_rollback(True)
    assert leaks(told, words) == []


def test_a_clerk_reads_the_words_kept_from_the_unit_so_that_a_leak_would_be_seen(house, about):
    number = about["anjianju"]["kept"]
    at = f"/staff/feedback/{number}/"
    row = Addition.objects.get(ticket__number=number).pk
    pages = [
        visit(signed_in(house, "clerk"), page).text
        for page in (at, f"{at}photo/", f"{at}photo/{row}/")
    ]
    found = {piece for _, piece in leaks({"": "".join(pages)}, private("anjianju"))}
    assert found >= {
        "text",
        "location",
        "addition",
        "question",
        "masked",
        "picture",
        "later picture",
    }


def test_every_route_with_a_number_is_tried(house, about):
    tried = addresses(house, about["anjianju"].values(), "")
    rows = {str(row) for _, row in added(about["anjianju"].values())}
    assert all(any(re.fullmatch(_pattern(route), at) for at in tried) for route in numbered())
    assert len(rows) > 3
    assert rows <= {at.split("/")[-2] for at in tried if "/photo/" in at}


def _pattern(route: str) -> str:
    return "/" + re.sub("<[^>]+>", "[^/]+", route)
