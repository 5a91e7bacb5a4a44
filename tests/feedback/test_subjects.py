"""What a letter is about: chosen by the desk, it finds the unit and the reader finds the answer."""

import csv
from collections import Counter
from datetime import date
from xml.etree import ElementTree as ET

import pytest

from common.site_profile import load_profile
from feedback import actions
from feedback.models import Ticket
from feedback.read_models.data_export import own_copy
from feedback.read_models.inbox import desk
from feedback.subjects import subjects
from ledger.models import Entry
from public.read_models.ledger import entry_line
from tests import rules
from tests.fixtures import letters
from tests.fixtures.people import NOW

pytestmark = pytest.mark.django_db
DESK = "/staff/feedback/"
NOBODY = {"kind": "enquiry", "about_department": "none", "handling_text": letters.HANDLING}
ENDS = {"page": "/feedback/", "API": "/api/v1/questions/", "feed": "/feedback/feed/"}


@pytest.fixture
def clerk(client, people):
    client.force_login(people.clerk)
    return client


def accept(client, ticket, **answers):
    return client.post(f"{DESK}{ticket.number}/accept/", NOBODY | answers)


def proposed(client, ticket) -> int | None:
    """Which unit is written in where it is passed on."""
    [(act, form)] = client.get(f"{DESK}{ticket.number}/").context["first"]
    assert act.verb == "assign"
    return form.initial["lead"]


def about(people, units, subject: str, token="t1", **answers) -> Ticket:
    """A public question with this subject."""
    ticket = actions.accept(
        ticket=letters.received(token, **answers),
        handling_text="办",
        subject=subject,
        by=people.clerk,
        at=NOW,
    )
    actions.assign(ticket=ticket, lead=units["anjianju"], by=people.clerk, at=NOW)
    actions.start_handling(ticket=ticket, by=people.reporter, at=NOW)
    actions.reply(ticket=ticket, text="已修好。", by=people.reporter, at=NOW)
    words = {"public_text": "问题。", "public_reply": "答复。"}
    return actions.publish(ticket=ticket, **words, by=people.clerk, at=NOW)


def test_a_general_letter_is_not_accepted_before_somebody_said_what_it_is_about(clerk, people):
    ticket = letters.received()
    assert (
        "请选择主题或有关承诺；没有合适的，主题选“都不合适”。"
        in accept(clerk, ticket).content.decode()
    )
    assert Ticket.objects.get().status == "received"
    assert accept(clerk, ticket, subject="safety").status_code == 302
    assert (Ticket.objects.get().status, Ticket.objects.get().subject) == ("accepted", "safety")
    assert "主题：safety" in entry_line(Entry.objects.newest_first().first(), internal=True).details


def test_a_letter_can_be_accepted_with_no_subject_that_fits(clerk):
    assert accept(clerk, letters.received(), subject="none").status_code == 302
    assert Ticket.objects.get().subject == ""


def test_the_subject_of_a_letter_about_a_promise_may_be_left_open(clerk, white_paper):
    ticket = letters.received(task=white_paper.task)
    assert accept(clerk, ticket, task=white_paper.task.code).status_code == 302
    assert Ticket.objects.get().subject == ""


def test_a_subject_the_site_does_not_know_is_refused(clerk):
    assert accept(clerk, letters.received(), subject="weather").status_code == 200
    assert Ticket.objects.get().status == "received"


def test_the_subject_writes_in_the_unit_and_the_lead_of_a_promise_comes_first(
    clerk, people, units, white_paper
):
    general, other = letters.received("a"), letters.received("b", task=white_paper.task)
    accept(clerk, general, subject="education")
    accept(clerk, other, subject="education", task=white_paper.task.code)
    assert proposed(clerk, general) == units["jiaoyuju"].pk
    assert proposed(clerk, other) == units["anjianju"].pk


@pytest.mark.parametrize("subject", ["none", "welfare"])
def test_a_letter_without_a_subject_that_has_a_unit_has_no_proposed_unit(subject, clerk, units):
    ticket = letters.received()
    accept(clerk, ticket, subject=subject)
    assert proposed(clerk, ticket) is None


def test_the_successor_of_a_merged_unit_is_proposed_for_its_subject(clerk, units):
    old, between, current_successor = (
        units[name] for name in ("jiaoyuju", "chengguanju", "anjianju")
    )
    for gone, into in ((old, between), (between, current_successor)):
        gone.successor, gone.valid_to = into, date(2013, 6, 30)
        gone.save()
    ticket = letters.received()
    accept(clerk, ticket, subject="education")
    assert proposed(clerk, ticket) == current_successor.pk


def test_a_unit_to_be_merged_is_proposed_for_its_subject_until_it_ends(clerk, units):
    units["jiaoyuju"].successor = units["anjianju"]
    units["jiaoyuju"].save()
    ticket = letters.received()
    accept(clerk, ticket, subject="education")
    assert proposed(clerk, ticket) == units["jiaoyuju"].pk


def test_the_unit_complained_of_is_never_proposed_by_the_subject(clerk, people, units):
    ticket = letters.received()
    accept(clerk, ticket, subject="education", about_department=units["jiaoyuju"].pk)
    assert proposed(clerk, ticket) is None


def test_the_subject_stands_on_desk_page_and_copy_of_the_letter(clerk, people):
    ticket = letters.received()
    accept(clerk, ticket, subject="education")
    [row] = desk(people.clerk, NOW.date())[0].rows
    assert row.words == "【教育】群众反映培训报名电话打不通，请核实。"
    assert "<dt>主题</dt><dd>教育</dd>" in clerk.get(f"{DESK}{ticket.number}/").content.decode()
    assert own_copy(Ticket.objects.get())["主题"] == "教育"


@pytest.mark.parametrize("where", ENDS)
def test_public_answers_are_filtered_by_subject(where, client, people, units):
    about(people, units, "education", "a")
    about(people, units, "safety", "b")
    page = client.get(f"{ENDS[where]}?subject=education").content.decode()
    assert ("YT-2013-000001" in page, "YT-2013-000002" in page) == (True, False)
    assert "教育" in page
    wrong = client.get(f"{ENDS[where]}?subject=weather")
    assert (wrong.status_code, "没有“weather”这个选项" in wrong.content.decode()) == (400, True)


def test_the_feed_names_the_subject_where_there_is_no_promise(client, people, units, white_paper):
    about(people, units, "education", "a")
    about(people, units, "education", "b", task=white_paper.task)
    feed = ET.fromstring(client.get("/feedback/feed/?subject=education").content)
    titles = {entry.text for entry in feed.iter("{http://www.w3.org/2005/Atom}title")}
    assert {"咨询（教育）：问题。", f"咨询（{white_paper.task.title}）：问题。"} < titles
    assert any(title.endswith("问答（主题：教育）") for title in titles)


def test_a_subject_the_site_has_given_up_is_marked_and_can_still_be_filtered(client, people, units):
    ticket = about(people, units, "harbour")
    assert "harbour（已不用的主题）" in client.get(ticket.get_absolute_url()).content.decode()
    for address in ENDS.values():
        assert ticket.number in client.get(f"{address}?subject=harbour").content.decode()
    actions.withdraw_consent(ticket=ticket, at=NOW)
    assert "已撤下" in client.get("/feedback/feed/?subject=harbour").content.decode()


def test_a_site_that_sorts_no_letters_asks_nothing_and_offers_nothing(clerk, settings, people):
    rest = {name: rule for name, rule in settings.SITE["tickets"].items() if name != "subjects"}
    settings.SITE = settings.SITE | {"tickets": rest}
    ticket = letters.received()
    for page in (clerk.get(f"{DESK}{ticket.number}/"), clerk.get("/feedback/")):
        assert "主题" not in page.content.decode()
    assert accept(clerk, ticket).status_code == 302


def test_every_subject_of_our_profile_has_a_unit_that_goes_on():
    with (rules.ROOT / "fixtures/departments.csv").open(encoding="utf-8") as file:
        units = {row["short_name"] for row in csv.DictReader(file) if not row["successor"]}
    assert [one.key for one in subjects().values() if one.unit not in units] == []
    assert max(Counter(one.name for one in subjects().values()).values()) == 1


@pytest.mark.parametrize("keys", [["roads", "roads"], ["roads", "none"]])
def test_a_profile_whose_subjects_cannot_be_told_apart_is_refused(keys, tmp_path):
    ours = (
        (rules.ROOT / "fixtures/sites/yantian/profile.toml")
        .read_text("utf-8")
        .partition("[[tickets.subjects]]")[0]
    )
    rows = [f'[[tickets.subjects]]\nkey = "{key}"\nname = "路"\nunit = ""\n' for key in keys]
    (tmp_path / "profile.toml").write_text(ours + "".join(rows), "utf-8")
    with pytest.raises(ValueError, match="two subjects of one key"):
        load_profile(tmp_path)
