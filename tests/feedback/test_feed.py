"""The feed: what is public, told to whoever subscribed, and taken back where it was taken down."""

from datetime import timedelta
from xml.etree import ElementTree as ET

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from feedback import actions
from feedback.models import Ticket
from feedback.read_models.changes import AT_MOST
from tests.fixtures import letters
from tests.fixtures.people import NOW
from tests.fixtures.quarter import JULY_30

pytestmark = [pytest.mark.both, pytest.mark.django_db]
FEED = "/feedback/feed/"
ATOM = "{http://www.w3.org/2005/Atom}"
PUBLISHED, LATER = NOW + timedelta(days=2), NOW + timedelta(days=5)


def read(client, address=FEED, **headers) -> ET.Element:
    response = client.get(address, headers=headers)
    assert (response.status_code, response["Content-Type"]) == (
        200,
        "application/atom+xml; charset=utf-8",
    )
    return ET.fromstring(response.content)


def entries(client, address=FEED) -> list[ET.Element]:
    return read(client, address).findall(f"{ATOM}entry")


def said(element: ET.Element, name: str) -> str | None:
    return element.findtext(ATOM + name)


def links(element: ET.Element) -> dict[str, str]:
    return {link.get("rel"): link.get("href") for link in element.findall(f"{ATOM}link")}


def test_an_entry_is_the_public_question_with_its_answer_unit_and_days(client, desk, white_paper):
    ticket = letters.published(*desk, task=white_paper.task)
    [entry] = entries(client)
    assert said(entry, "title") == f"咨询（{white_paper.task.title}）：报名电话打不通。"
    assert entry.findtext(f"{ATOM}author/{ATOM}name") == "安监局"
    assert links(entry) == {"alternate": f"http://testserver/feedback/{ticket.number}/"}
    for shown in (
        "报名电话打不通。",
        "电话已修好。",
        "2013年7月2日",
        "用时 1 个工作日",
        "来信人没有评价",
    ):
        assert shown in said(entry, "summary")
    for private in ("林一", "海景路", letters.PHONE, "群众反映"):
        assert private not in ET.tostring(entry, "unicode")


def test_every_feed_and_entry_has_what_atom_asks_of_it(client, desk):
    letters.published(*desk)
    feed = read(client, f"{FEED}?kind=enquiry&utm_source=1")
    for one in (feed, *feed.findall(f"{ATOM}entry")):
        assert all(said(one, name) for name in ("id", "title", "updated"))
        assert one.find(f"{ATOM}author/{ATOM}name") is not None
    assert links(feed) == {
        "alternate": "http://testserver/feedback/?kind=enquiry",
        "self": "http://testserver/feedback/feed/?kind=enquiry",
    }
    assert said(feed, "title").endswith("问答（类别：咨询）")


def test_the_id_of_a_feed_entry_is_the_same_however_the_site_is_reached(client, desk, settings):
    settings.ALLOWED_HOSTS = ["*"]
    letters.published(*desk)
    [here] = entries(client)
    [there] = ET.fromstring(client.get(FEED, headers={"host": "other.example"}).content).findall(
        f"{ATOM}entry"
    )
    assert said(here, "id") == said(there, "id")
    assert said(here, "id").startswith("urn:uuid:")
    assert links(there)["alternate"].startswith("http://other.example/feedback/")


def test_a_letter_that_is_not_public_is_no_entry_of_the_feed(client, desk):
    letters.answered(*desk, token="a")
    letters.received("b", kind="complaint")
    actions.withdraw(ticket=letters.answered(*desk, token="c"), at=LATER)
    assert entries(client) == []


def test_a_question_taken_down_is_withdrawn_in_the_feed_without_its_words(client, desk):
    ticket = letters.published(*desk)
    [before] = entries(client)
    actions.take_down(ticket=ticket, reason="涉及他人隐私", by=desk[0], at=LATER)
    [after] = entries(client)
    assert said(after, "id") == said(before, "id")
    assert (said(after, "title"), said(after, "published")) == (f"已撤下：{ticket.number}", None)
    assert said(after, "updated") > said(before, "updated")
    assert "在2013年7月7日撤下，原因：涉及他人隐私。" in said(after, "summary")
    assert "电话" not in ET.tostring(after, "unicode")


@pytest.mark.parametrize(
    "asked", ["q=电话", "department=anjianju", "kind=enquiry", "task=wp2013-18"]
)
def test_a_filtered_feed_announces_a_question_that_was_taken_down(asked, client, desk, white_paper):
    ticket = letters.published(*desk, task=white_paper.task)
    assert len(entries(client, f"{FEED}?{asked}")) == 1
    actions.withdraw_consent(ticket=ticket, at=LATER)
    [entry] = entries(client, f"{FEED}?{asked}")
    assert said(entry, "title") == f"已撤下：{ticket.number}"


def test_a_later_rating_and_another_answer_update_the_feed_entry(client, desk):
    ticket = actions.rate(ticket=letters.published(*desk), grade="bad", at=LATER)
    [rated] = entries(client)
    assert (
        said(rated, "published")
        == said(entry_of(client, ticket), "published")
        != said(rated, "updated")
    )
    assert "来信人评价：不满意" in said(rated, "summary")
    actions.reopen(ticket=ticket, reason="还是打不通。", at=LATER)
    again = actions.assign(ticket=ticket, lead=desk[1], by=desk[0], at=LATER)
    actions.start_handling(ticket=again, by=desk[2], at=LATER)
    actions.reply(ticket=again, text="又修好了。", by=desk[2], at=LATER + timedelta(days=1))
    assert said(entry_of(client, ticket), "updated") > said(rated, "updated")


def entry_of(client, ticket) -> ET.Element:
    address = f"http://testserver/feedback/{ticket.number}/"
    [found] = [one for one in entries(client) if links(one)["alternate"] == address]
    return found


def test_a_finding_is_an_update_and_the_newest_change_comes_first(client, desk, office):
    office.verify(office.submit())
    office.publish()
    shown = office.white_paper.task.publications.get()
    old = letters.published(*desk, token="old", kind="complaint", task=shown.task)
    letters.published(*desk, token="new")
    actions.dispute(ticket=old, publication=shown, by=desk[0], at=JULY_30)
    decision = {"outcome": "partly", "note": "少报了一场。", "by": office.people.other_supervisor}
    actions.decide_review(ticket=old, at=JULY_30 + timedelta(days=3), **decision)
    first, second = entries(client)
    assert links(first)["alternate"].endswith(f"{old.number}/")
    assert said(first, "updated") > said(second, "updated")
    assert "督查单位核实：部分属实。" in said(first, "summary")


def test_the_feed_of_a_demonstration_is_marked_and_stays_out_of_search(client, desk, settings):
    settings.DEMO = True
    ticket = letters.published(*desk, demonstration=True)
    feed = read(client)
    assert "不是真实情况" in said(feed, "subtitle")
    assert said(feed, "title").startswith("演示 ")
    assert said(entry_of(client, ticket), "title").startswith("演示 咨询（一般）：")
    assert "演示样例" in said(entry_of(client, ticket), "summary")
    assert client.get(FEED)["X-Robots-Tag"] == "noindex"
    actions.take_down(ticket=ticket, reason="依法", by=desk[0], at=LATER)
    assert said(entry_of(client, ticket), "title").startswith("演示 已撤下")


def test_a_real_answer_is_never_called_a_sample(client, desk):
    letters.published(*desk)
    assert b"\xe6\xbc\x94\xe7\xa4\xba" not in client.get(FEED).content


def test_the_feed_stops_at_the_newest_fifty_entries(client, desk):
    first = letters.published(*desk)
    row = {
        field.attname: getattr(first, field.attname)
        for field in Ticket._meta.concrete_fields
        if field.name != "id"
    }
    for number in range(AT_MOST):
        told = {"number": f"{number}", "form_token": f"{number}", "published_at": LATER}
        twin = Ticket.objects.create(**row | told)
        reply = first.replies.get()
        reply.pk, reply.ticket = None, twin
        reply.save(force_insert=True)
    shown = [links(one)["alternate"] for one in entries(client)]
    assert len(shown) == 50
    assert not any(first.number in address for address in shown)


def test_a_character_that_xml_cannot_hold_does_not_break_the_feed(client, desk):
    letters.published(*desk)
    Ticket.objects.update(public_text="报名\x08电话\ufffe<b>打不通</b> & 没人接。")
    [entry] = entries(client)
    assert said(entry, "title") == "咨询（一般）：报名电话<b>打不通</b> & 没人接。"
    assert "报名电话&lt;b&gt;打不通&lt;/b&gt; &amp; 没人接。" in said(entry, "summary")
    assert entries(client, f"{FEED}?q=a%08b") == []


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("kind=praise", "kind：没有“praise”这个选项，请从列出的选项中选择。"),
        ("department=nobody", "department："),
        (f"q={'长' * 61}", "q：关键词最多60个字。"),
    ],
)
def test_a_feed_with_a_wrong_filter_is_refused_in_words(asked, told, client, desk):
    response = client.get(f"{FEED}?{asked}")
    assert (response.status_code, response["Content-Type"]) == (400, "text/plain; charset=utf-8")
    assert response.content.decode().startswith(told)


def test_a_feed_asked_for_again_is_sent_only_if_something_changed(client, desk):
    ticket = letters.published(*desk)
    first = client.get(FEED)
    assert first["Cache-Control"] == "no-cache"
    for header, value in (
        ("If-None-Match", first["ETag"]),
        ("If-Modified-Since", first["Last-Modified"]),
    ):
        again = client.get(FEED, headers={header: value})
        assert (again.status_code, again.content) == (304, b"")
    actions.withdraw(ticket=ticket, at=LATER)
    for header, value in (
        ("If-None-Match", first["ETag"]),
        ("If-Modified-Since", first["Last-Modified"]),
    ):
        assert client.get(FEED, headers={header: value}).status_code == 200


def test_the_feed_asks_as_many_queries_for_twenty_entries_as_for_one(client, desk):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            read(client)
        return len(captured)

    letters.published(*desk, token="one")
    few = queries()
    for n in range(19):
        letters.published(*desk, token=f"many{n}")
    assert queries() == few <= 3


def test_the_feed_does_not_fetch_the_text_of_the_letter(client, desk):
    letters.published(*desk)
    with CaptureQueriesContext(connection) as captured:
        read(client)
    assert '"feedback_ticket"."text"' not in "".join(query["sql"] for query in captured)


def test_the_pages_of_questions_and_tasks_link_the_feed_of_what_they_show(
    client, desk, white_paper
):
    letters.published(*desk, task=white_paper.task)
    everything = client.get("/feedback/").content.decode()
    assert everything.count(f'href="{FEED}"') == 2
    narrowed = client.get("/feedback/?kind=enquiry&page=1").content.decode()
    assert narrowed.count(f'href="{FEED}?kind=enquiry"') == 2
    assert f'href="{FEED}"' in client.get("/feedback/?kind=praise").content.decode()
    task = client.get("/tasks/wp2013-18/").content.decode()
    assert task.count(f'href="{FEED}?task=wp2013-18"') == 2
