"""The public register: taken down with a tombstone, counted by month,
alike on the page and in the open interface.
"""

from collections import Counter
from datetime import timedelta

import pytest
from django.core.cache import cache

from common.errors import Refused
from common.text.canonical import digest
from feedback import actions
from feedback.forms.after_reply import TakeDownTicketForm
from feedback.models import Ticket
from feedback.read_models.counts import months
from ledger.models import Entry
from tests.fixtures import letters
from tests.fixtures.people import NOW

pytestmark = [pytest.mark.both, pytest.mark.django_db]
QUESTIONS, LETTERS = "/api/v1/questions/", "/api/v1/letters/"
TODAY = (NOW + timedelta(days=60)).date()


@pytest.fixture(autouse=True)
def fresh_counter():
    cache.clear()


@pytest.mark.parametrize(("said", "kept"), [("法院判决。", "法院判决"), ("。", "")])
def test_the_reason_of_a_take_down_loses_its_full_stop(said, kept, desk):
    ticket = letters.published(*desk)
    form = TakeDownTicketForm({"reason": said}, ticket=ticket)
    assert form.is_valid() == bool(kept)
    assert form.cleaned_data.get("reason", "") == kept


def take_down(ticket, by, reason="法院判决：侵害他人名誉"):
    return actions.take_down(ticket=ticket, reason=reason, by=by, at=NOW + timedelta(days=3))


def test_taken_down_by_law_a_question_leaves_number_day_and_reason_everywhere(
    desk, white_paper, client
):
    ticket = letters.published(*desk, task=white_paper.task)
    take_down(ticket, desk[0])
    page, task = (
        client.get(f"/feedback/{ticket.number}/"),
        client.get("/tasks/wp2013-18/").content.decode(),
    )
    told = client.get(f"{QUESTIONS}{ticket.number}/")
    assert (page.status_code, told.status_code) == (410, 410)
    assert told.json()["reason"] == "法院判决：侵害他人名誉"
    assert told.json()["detail"] == "这条问答已于2013年7月5日撤下：法院判决：侵害他人名誉。"
    for shown in (page.content.decode(), task):
        assert "2013年7月5日" in shown
        assert "法院判决：侵害他人名誉" in shown
    for shown in (
        page.content.decode(),
        task,
        told.content.decode(),
        client.get("/feedback/").content.decode(),
    ):
        assert "报名电话打不通" not in shown


def test_the_record_keeps_the_digests_of_what_was_taken_down_in_public(desk):
    ticket = take_down(letters.published(*desk), desk[0])
    entry = Entry.objects.public().get(verb="take_down_ticket")
    assert digest("报名电话打不通。") in entry.payload
    assert ticket.number == entry.subject_id


def test_a_letter_taken_down_by_law_is_never_published_again(desk):
    ticket = take_down(letters.published(*desk), desk[0])
    assert not ticket.allows("publish")
    words = {"public_text": "报名电话打不通。", "public_reply": "电话已修好。"}
    with pytest.raises(Refused, match="这件诉求已经公开过"):
        actions.publish(ticket=ticket, **words, by=desk[0], at=NOW + timedelta(days=4))
    ticket.refresh_from_db()
    assert (ticket.published_at, ticket.public_text, ticket.public_reply) == (None, "", "")


def test_a_published_letter_is_not_published_a_second_time(desk):
    ticket = letters.published(*desk)
    words = {"public_text": "另一段话。", "public_reply": "另一个答复。"}
    with pytest.raises(Refused, match="这件诉求已经公开过"):
        actions.publish(ticket=ticket, **words, by=desk[0], at=NOW + timedelta(days=4))
    ticket.refresh_from_db()
    assert ticket.public_text == "报名电话打不通。"


@pytest.mark.parametrize("stage", ["accepted", "assigned", "handling", "needs_more"])
def test_a_question_is_taken_down_also_while_its_work_is_done_again(stage, desk, client):
    clerk, unit, reporter = desk
    at = {"at": NOW + timedelta(days=2)}
    ticket = actions.reopen(ticket=letters.published(*desk), reason="又坏了", **at)
    if stage != "accepted":
        ticket = actions.assign(ticket=ticket, lead=unit, by=clerk, **at)
    if stage in {"handling", "needs_more"}:
        ticket = actions.start_handling(ticket=ticket, by=reporter, **at)
    if stage == "needs_more":
        ticket = actions.ask_more(ticket=ticket, question="哪条路？", by=reporter, **at)
    client.force_login(clerk)
    assert "依法撤下公开的问答" in client.get(f"/staff/feedback/{ticket.number}/").content.decode()
    assert take_down(ticket, clerk).status == stage
    assert client.get(f"/feedback/{ticket.number}/").status_code == 410


def test_a_letter_is_not_taken_down_twice(desk):
    ticket = take_down(letters.published(*desk), desk[0])
    assert not ticket.allows("take_down")
    with pytest.raises(Refused, match="没有公开，不用撤下"):
        take_down(ticket, desk[0])


def test_the_reason_of_a_tombstone_names_nobody(desk):
    with pytest.raises(Refused, match="像手机号"):
        take_down(letters.published(*desk), desk[0], reason="当事人13912345678要求")


def test_the_list_shows_what_the_writer_thought_of_the_answer_and_what_became_of_a_suggestion(
    desk, client
):
    ticket = letters.handling(*desk, kind="suggestion")
    actions.reply(ticket=ticket, text="好。", adoption="partly", by=desk[2], at=NOW)
    actions.publish(ticket=ticket, public_text="问", public_reply="答", by=desk[0], at=NOW)
    assert "来信人没有评价" in client.get("/feedback/").content.decode()
    actions.rate(ticket=ticket, grade="good", at=NOW)
    for page in ("/feedback/", f"/feedback/{ticket.number}/"):
        shown = client.get(page).content.decode()
        assert "部分采纳" in shown
        assert "来信人评价：满意" in shown


def test_the_open_interface_has_the_questions_of_the_page(
    desk, white_paper, client, django_assert_max_num_queries
):
    for n in range(4):
        letters.published(*desk, token=str(n), task=white_paper.task)
    letters.answered(*desk, token="answered")
    with django_assert_max_num_queries(4):
        told = client.get(QUESTIONS).json()
    assert told["count"] == 4
    assert {row["text"] for row in told["results"]} == {"报名电话打不通。"}
    assert client.get(QUESTIONS, {"department": "jiaoyuju"}).status_code == 400
    assert client.get(QUESTIONS, {"q": "海景路"}).json()["count"] == 0
    assert client.get(f"{QUESTIONS}{told['results'][0]['number']}/").json() == told["results"][0]


@pytest.fixture
def every_stage(desk):
    """Every state there is, in two months, with both kinds of rating,
    and every reason not to be public.
    """
    letters.at_every_stage(*desk)
    for token, grade in (("good", "fair"), ("bad", "bad"), ("again", "very_good")):
        made = actions.rate(
            ticket=letters.answered(*desk, token=token), grade=grade, at=NOW + timedelta(days=1)
        )
    bad = Ticket.objects.get(form_token="bad")
    actions.follow_up(ticket=bad, result="已上门核实。", by=desk[0], at=NOW + timedelta(days=2))
    actions.reopen(ticket=made, reason="还是打不通", at=NOW + timedelta(days=2))
    letters.published(*desk, token="public")
    take_down(letters.published(*desk, token="down"), desk[0])
    letters.answered(*desk, token="silent", consent=False)
    letters.answered(*desk, token="late", at=NOW - timedelta(days=9))
    letters.received("june", at=NOW - timedelta(days=9))
    head = letters.answered(*desk, token="head")
    actions.merge(
        ticket=letters.received("follower"),
        into=head.number,
        by=desk[0],
        at=NOW + timedelta(days=2),
    )


def recounted(ticket: Ticket, today) -> set[str]:
    """What one letter counts as, from its own story and not from the columns the page counts by."""
    verbs = [step.verb for step in ticket.events.all()]
    last = [verb for verb in verbs if verb in {"reply", "reopen"}][-1:]
    found = {"received"} | ({"accepted"} if {"accept", "merge"} & set(verbs) else set())
    for verb, name in (("redirect", "passed_on"), ("decline", "declined"), ("spam", "unrelated")):
        found |= {name} if verb in verbs else set()
    if last == ["reply"]:
        reply = ticket.replies.filter(state="sent").last()
        found |= {"answered", _why_or_why_not_public(verbs, ticket)}
        found |= (
            {"within_limit"}
            if (reply.sent_at + timedelta(hours=8)).date() <= ticket.due_on
            else set()
        )
        grade = getattr(getattr(reply, "rating", None), "grade", "")
        found |= {"rated"} if grade else set()
        found |= {"followed_up"} if verbs[-1] == "follow_up" else set()
        return found | ({"satisfied"} if grade in {"very_good", "good", "fair"} else set())
    if "withdraw" in verbs:
        return found | {"withdrawn"}
    if found & {"passed_on", "declined", "unrelated"}:
        return found
    waits_for_us = verbs[-1] != "ask_more"
    return found | {"in_hand"} | ({"overdue"} if waits_for_us and ticket.due_on < today else set())


def _why_or_why_not_public(verbs: list[str], ticket: Ticket) -> str:
    if "take_down" in verbs:
        return "taken_down"
    if "publish" in verbs:
        return "published"
    if "merge" in verbs:
        return "merged"
    return "not_yet" if ticket.consent_to_publish else "no_consent"


def test_the_months_are_what_an_independent_recount_finds(every_stage):
    counted = {
        (row.month.month, name): n for row in months(TODAY) for name, n in figures(row).items()
    }
    found = Counter()
    for ticket in Ticket.objects.all():
        month = (ticket.received_at + timedelta(hours=8)).month
        found.update((month, name) for name in recounted(ticket, TODAY))
    assert {key: n for key, n in counted.items() if n} == dict(found)
    assert len({name for _, name in found}) == 18, "every figure is tried"


def figures(row) -> dict[str, int]:
    return {
        name: value for name, value in vars(row).items() if name not in {"month", "demonstration"}
    }


def test_the_counts_of_letters_of_a_month_add_up(every_stage):
    counted = list(months(TODAY))
    assert len(counted) == 2
    for row in counted:
        ends = (
            row.in_hand
            + row.answered
            + row.passed_on
            + row.declined
            + row.unrelated
            + row.withdrawn
        )
        assert row.received == ends
        assert (
            row.answered
            == row.published + row.no_consent + row.not_yet + row.merged + row.taken_down
        )
        assert row.satisfied <= row.rated <= row.answered


def test_page_and_open_interface_say_the_same_and_ask_once(
    every_stage, client, django_assert_max_num_queries
):
    with django_assert_max_num_queries(1):
        told = client.get(LETTERS).json()["results"]
    page = client.get("/feedback/months/").content.decode().replace("&nbsp;", " ")
    assert [row["month"] for row in told] == ["2013-07", "2013-06"]
    for row in told:
        assert f"收到 {row['received']} 件" in page
        assert f"{row['answered']} / {row['received']} 件" in page
        assert f"{row['within_limit']} / {row['answered']} 件已答复的" in page


def test_a_month_without_letters_says_so(client, db):
    assert "还没有收到来信" in client.get("/feedback/months/").content.decode()
