"""The door: what every page carries, and the few addresses that belong to no document."""

import ast
import hashlib
import re
from datetime import UTC, date, datetime

import pytest

from feedback.choices import TicketVerb
from ledger.actions import Actor, LedgerEvent, append
from ledger.models import Entry
from progress.choices import PUBLIC_TRAJECTORY, Pace, Reporting, State, Timing
from public.ledger_words import VERBS
from tests import rules
from tests.fixtures.page_text import text_of, words_in

PAGES = [
    "/",
    "/plans/",
    "/tasks/",
    "/departments/",
    "/quarters/",
    "/search/",
    "/data/",
    "/ledger/",
    "/about/",
]
PAGES += ["/about/accessibility/", "/about/privacy/", "/about/contact/", "/about/site-map/"]
PAGES += ["/dashboard/", "/dashboard/recount/"]
PAGES += [
    "/plans/wp2013/",
    "/plans/wp2013/document/",
    "/tasks/wp2013-18/",
    "/departments/anjianju/",
]

# Every way a browser can be talked into leaving the site.
ELSEWHERE = [
    "https://evil.example/",
    "//evil.example",
    "///evil.example",
    "http:evil.example",
    "javascript:alert(1)",
]
ELSEWHERE += [
    "/\\evil.example",
    "\\\\evil.example",
    "\x01//evil.example",
    "https://testserver@evil.example/",
]


@pytest.fixture
def record(db) -> list[Entry]:
    """One public entry and one internal."""
    at = datetime(2013, 7, 30, tzinfo=UTC)
    actions = [
        LedgerEvent("change_target", "task", "wp2013-18", {"headline": "done"}),
        LedgerEvent("verify", "report", "7", public=False),
    ]
    return append(actions, by=Actor("3", "督查室", "督查员"), at=at)


@pytest.mark.parametrize("address", PAGES)
def test_every_page_has_a_title_a_heading_and_meta_names(address, white_paper, client):
    page = client.get(address).content.decode()
    assert re.search(r"<title>[^<]{2,} - [^<]+</title>", page)
    assert len(re.findall(r"<h1[ >]", page)) == 1
    assert re.search(r'name="(ColumnName|ArticleTitle|robots)" content="[^"]+"', page)


@pytest.mark.parametrize(
    "address", ["/plans/wp2013/", "/plans/wp2013/document/", "/tasks/", "/dashboard/", "/"]
)
def test_pages_about_documents_say_the_day_of_their_data(address, white_paper, client):
    white_paper.plan.published_on = date(2013, 4, 17)
    white_paper.plan.save()
    assert re.search(r"数据截至\s+<time", client.get(address).content.decode())


@pytest.mark.parametrize("address", PAGES)
def test_a_public_page_refuses_a_post(address, white_paper, client):
    assert client.post(address).status_code == 405


@pytest.mark.parametrize(
    ("back", "goes"),
    [("/tasks/?q=a", "/tasks/?q=a"), ("", "/"), *[(address, "/") for address in ELSEWHERE]],
)
def test_a_text_size_is_remembered_and_leads_back_only_to_this_site(back, goes, client):
    response = client.get("/text-size/large/", {"next": back} if back else {})
    assert (response.status_code, response["Location"]) == (302, goes)
    assert response.cookies["text_size"].value == "large"
    assert client.get("/text-size/huge/").status_code == 404


@pytest.mark.django_db
def test_the_chosen_size_is_on_the_next_page(client):
    client.get("/text-size/xlarge/")
    assert 'data-text="xlarge"' in client.get("/about/").content.decode()


def test_search_engines_stay_out_of_the_demonstration(client, settings):
    assert "Disallow: /staff/" in client.get("/robots.txt").content.decode()
    settings.DEMO = True
    assert client.get("/robots.txt").content.decode() == "User-agent: *\nDisallow: /\n"


@pytest.mark.django_db
def test_healthz_answers(client):
    assert client.get("/healthz").json() == {"ok": True}


@pytest.mark.django_db
def test_unknown_pages_under_about_are_not_found(client):
    assert client.get("/about/nothing/").status_code == 404


@pytest.mark.django_db
def test_every_word_of_every_axis_is_explained(client):
    page = text_of(client.get("/about/"))
    words = [word.label for axis in (Pace, State, Reporting, Timing) for word in axis] + [
        *PUBLIC_TRAJECTORY.values()
    ]
    assert [word for word in words if str(word) not in page] == []
    assert "审核通过即认可单位逐条自评，另行核定的除外" in page


def test_the_near_words_of_a_quarter_are_explained_and_the_workspace_leads_there(people, client):
    page = client.get("/about/").content.decode().split('id="steps"')[1].split("</section>")[0]
    words = ["审签", "核查", "核定", "审核通过", "保密审查", "报审", "复核"]
    assert [word for word in words if f"<dt>{word}</dt>" not in page] == []
    client.force_login(people.reporter)
    assert 'href="/about/#steps"' in client.get("/staff/").content.decode()


def test_the_page_of_downloads_leads_to_each_and_prints_the_digest_of_the_original(
    white_paper, client
):
    page = client.get("/data/").content.decode()
    main = page.split("<main", 1)[1].split("</main>")[0]
    links = {href.split("#")[0] for href in re.findall(r'href="([^"]+)"', main)}
    assert {href: client.get(href).status_code for href in links} == dict.fromkeys(links, 200)
    original = b"".join(client.get("/plans/wp2013/source.txt"))
    assert hashlib.sha256(original).hexdigest() in main


def test_units_that_nobody_confirmed_are_not_counted(white_paper, units, client):
    page = text_of(client.get("/departments/"))
    assert re.search(r"安监局\s+1 项", page)
    assert re.search(r"教育局\s+0 项", page)
    white_paper.task.responsibilities.update(basis="proposed")
    assert re.search(r"安监局\s+0 项", text_of(client.get("/departments/")))


def test_a_unit_shows_its_successor_and_its_duties(white_paper, units, client):
    old = units["anjianju"]
    old.successor = units["chengguanju"]
    old.save()
    page = text_of(client.get("/departments/anjianju/"))
    assert "职能已由其他单位承接" in page
    assert "负责 1 项承诺" in page
    assert "文件载明" in page
    assert "安监局" in client.get("/departments/chengguanju/").content.decode()


def test_an_internal_entry_shows_that_it_happened_and_nothing_else(record, client):
    internal = client.get("/ledger/2/").content.decode()
    assert "内部记录" in internal
    assert record[1].hash in internal
    for hidden in ("督查室", "督查员", "核查通过", "report", "进展填报", record[1].payload):
        assert hidden not in words_in(client.get("/ledger/2/"), "main")
    assert "督查室督查员" in text_of(client.get("/ledger/1/"))
    assert client.get("/ledger/3/").status_code == 404


MAKERS = re.compile(r"(LedgerEvent|_event|_change|_about|_membership)$")


def verbs_in_code() -> set[str]:
    """First words given to whatever makes a ledger event, and the steps of a ticket,
    named by their enum.
    """
    found = {f"{verb}_ticket" for verb in TicketVerb.values}
    for _, tree in rules.modules(rules.ROOT):
        for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
            if MAKERS.search(getattr(call.func, "attr", getattr(call.func, "id", ""))):
                found |= {
                    a.value
                    for a in call.args[:2]
                    if isinstance(a, ast.Constant) and "_" in str(a.value)
                }
    return found


def test_every_verb_of_the_record_has_a_word():
    assert {"change_target", "add_person", "set_tracked_from", "see_contact"} <= verbs_in_code()
    assert verbs_in_code() - VERBS.keys() == set()
