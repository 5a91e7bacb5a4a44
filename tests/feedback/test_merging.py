"""Several letters about one matter: one is worked on, everybody is answered."""

from datetime import timedelta

import pytest

from common.errors import Refused
from feedback import actions
from feedback.models import Contact, Reply, Ticket
from feedback.read_models.timeline import steps_for_citizen
from tests.fixtures import letters
from tests.fixtures.people import NOW

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=1)


def merged(head: Ticket, by, token="follower", **answers) -> Ticket:
    ticket = letters.received(token, **answers)
    return actions.merge(ticket=ticket, into=head.number, by=by, at=NOW)


def fresh(ticket: Ticket) -> Ticket:
    return Ticket.objects.get(pk=ticket.pk)


def test_every_sender_gets_the_reply_with_days_of_their_own(desk):
    head = letters.handling(*desk, token="head", at=NOW - timedelta(days=5))
    followers = [merged(head, desk[0], token) for token in ("a", "b")]
    actions.reply(ticket=head, text="电话已修好。", by=desk[2], at=LATER)
    for ticket in map(fresh, followers):
        assert (ticket.status, ticket.days_taken, ticket.answered_by) == ("answered", 1, desk[1])
        assert ticket.replies.sent().get().text == "电话已修好。"
        assert ticket.events.last().unit == "安监局"
    assert fresh(head).days_taken == 4


def test_a_letter_merged_into_an_answered_one_gets_the_answer_at_once(desk):
    head = letters.answered(*desk, token="head")
    assert fresh(merged(head, desk[0])).status == "answered"
    assert Reply.objects.count() == 2


def test_the_unit_sees_nothing_of_letters_merged_into_its_own(desk, people, client):
    head = letters.handling(*desk, token="head")
    follower = merged(head, desk[0], text="我是赵六，也打不通。")
    actions.reply(ticket=head, text="电话已修好。", by=desk[2], at=LATER)
    assert list(Ticket.objects.visible_to(people.reporter)) == [head]
    client.force_login(people.reporter)
    assert client.get(f"/staff/feedback/{follower.number}/").status_code == 404
    page = client.get(f"/staff/feedback/{head.number}/").content.decode()
    assert follower.number not in page
    assert "并入 1 件。答复会发给每一位来信人" in page


def test_the_clerk_sees_merged_letters_beside_the_main_one_and_not_on_the_desk(desk, client):
    head = letters.accepted(desk[0], token="head")
    follower = merged(head, desk[0])
    client.force_login(desk[0])
    assert follower.number in client.get(f"/staff/feedback/{head.number}/").content.decode()
    assert head.number in client.get(f"/staff/feedback/{follower.number}/").content.decode()
    assert follower.number not in client.get("/staff/feedback/").content.decode()


@pytest.mark.parametrize(
    "stage", ["received", "needs_more", "declined", "redirected", "spam", "withdrawn", "merged"]
)
def test_no_letter_is_merged_into_one_that_may_end_without_an_answer(stage, desk):
    head = letters.at_every_stage(*desk)[stage]
    with pytest.raises(Refused, match="请先受理那一件"):
        merged(head, desk[0])
    assert Ticket.objects.filter(merged_into=head).count() == 0


def test_a_letter_is_not_merged_into_itself_a_merged_or_an_unknown_one(desk):
    head, other = letters.accepted(desk[0], token="head"), letters.accepted(desk[0], token="other")
    merged(head, desk[0])
    for into, words in [
        (head.number, "没有找到"),
        ("YT-2013-000999", "没有找到"),
        (other.number, "已有别的诉求并入"),
    ]:
        with pytest.raises(Refused, match=words):
            actions.merge(ticket=head, into=into, by=desk[0], at=NOW)


def test_a_main_letter_out_of_sight_is_not_found_for_merging(people, units):
    head = letters.accepted(
        people.supervisor, kind="complaint", about=units["qufuban"], token="head"
    )
    with pytest.raises(Refused, match="没有找到"):
        merged(head, people.clerk)


def test_withdrawing_the_main_letter_leaves_no_merged_letter_unanswered(desk):
    head = letters.handling(*desk, token="head")
    follower = merged(head, desk[0])
    gone = actions.withdraw(ticket=merged(head, desk[0], "gone"), at=NOW)
    actions.withdraw(ticket=head, at=LATER)
    assert (fresh(follower).status, fresh(follower).merged_into, fresh(gone).status) == (
        "received",
        None,
        "withdrawn",
    )
    assert follower.events.last().get_verb_display() == "解除并案，重新受理"
    assert Contact.objects.get().ticket == follower


def test_a_merged_letter_opened_again_is_a_letter_of_its_own(desk):
    follower = fresh(merged(letters.answered(*desk, token="head"), desk[0]))
    again = actions.reopen(ticket=follower, reason="我的还是打不通。", at=LATER)
    assert (again.status, again.merged_into, again.opening) == ("received", None, 2)
    with pytest.raises(Refused, match="要求重办的诉求不能并案"):
        actions.merge(ticket=again, into="YT-2013-000001", by=desk[0], at=LATER)


def test_only_the_main_letter_of_merged_ones_is_published(desk):
    follower = fresh(merged(letters.answered(*desk, token="head"), desk[0]))
    with pytest.raises(Refused, match="公开主件"):
        actions.publish(ticket=follower, public_text="问", public_reply="答", by=desk[0], at=LATER)
    assert [row.merged_into for row in Ticket.objects.publishable()] == [None]


def test_the_sender_of_a_merged_letter_follows_the_main_one_without_its_words(desk, client):
    head = letters.accepted(desk[0], token="head")
    follower = merged(head, desk[0])
    actions.assign(ticket=head, lead=desk[1], by=desk[0], at=NOW)
    actions.ask_more(
        ticket=actions.start_handling(ticket=head, by=desk[2], at=NOW),
        question="林一您住哪？",
        by=desk[2],
        at=NOW,
    )
    steps = steps_for_citizen(fresh(follower), list(follower.events.all()))
    assert [step.label for step in steps] == ["收到", "并案", "转办", "开始办理", "请补充材料"]
    page = client.post(
        "/feedback/track/", {"number": follower.number, "code": follower.query_code}
    ).content.decode()
    assert "那一件现在是“等待补充材料”" in page
    assert "林一您住哪" not in page
    assert head.number not in page


def test_whoever_may_not_see_the_main_letter_does_not_see_the_merged_ones(people, units):
    head = letters.accepted(people.supervisor, kind="complaint", about=units["qufuban"])
    follower = letters.received("follower", kind="complaint")
    actions.merge(ticket=follower, into=head.number, by=people.supervisor, at=NOW)
    assert not Ticket.objects.visible_to(people.clerk).exists()
    assert Ticket.objects.visible_to(people.supervisor).count() == 2


def test_the_desk_is_offered_what_may_be_the_same_matter_and_nothing_out_of_its_sight(
    desk, units, people, client
):
    head = letters.handling(*desk, token="head")
    hidden = letters.accepted(
        people.supervisor, about=units["qufuban"], token="own", kind="complaint"
    )
    other = actions.accept(
        ticket=letters.received("o"), handling_text="公园的长椅坏了。", by=people.clerk, at=NOW
    )
    ticket = letters.received("new", text="培训的报名电话怎么总是打不通？")
    client.force_login(people.clerk)
    page = client.get(f"/staff/feedback/{ticket.number}/").content.decode()
    assert "可能是同一件事" in page
    assert [one.number in page for one in (head, hidden, other)] == [True, False, False]


def test_a_unit_that_may_not_merge_is_offered_nothing(desk, people, client):
    letters.handling(*desk, token="head")
    ticket = letters.handling(*desk, token="same")
    client.force_login(people.reporter)
    assert client.get(f"/staff/feedback/{ticket.number}/").context["similar"] == []
