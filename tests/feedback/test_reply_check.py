"""Where the site wants it, a second person looks at each reply before the citizen gets it."""

import pytest

from common.errors import Refused
from departments.models import Membership, Role
from feedback import actions
from feedback.models import Reply, Ticket
from feedback.pages.ticket_actions import ACTIONS
from feedback.read_models.inbox import work_items_for
from tests.fixtures import letters
from tests.fixtures.people import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def replies_are_checked(settings):
    settings.SITE = settings.SITE | {"tickets": settings.SITE["tickets"] | {"reply_check": True}}


@pytest.fixture
def ticket(people, units, calendar_2013):
    return letters.in_check(people.clerk, units["anjianju"], people.reporter)


def own_page(client, ticket) -> str:
    return client.post(
        "/feedback/track/", {"number": ticket.number, "code": ticket.query_code}
    ).content.decode()


def test_a_reply_being_checked_is_not_shown_to_the_writer(ticket, client):
    assert (ticket.status, ticket.answered_at) == ("checking", None)
    page = own_page(client, ticket)
    assert "答复送审核" in page
    assert "电话已修好。" not in page


def test_a_reply_that_passed_the_check_goes_out_in_the_name_of_the_unit(ticket, people, client):
    sent = actions.approve_reply(ticket=ticket, by=people.clerk, at=NOW)
    ticket.refresh_from_db()
    assert (ticket.status, sent.state, sent.checked_by) == ("answered", "sent", people.clerk)
    assert ticket.events.last().unit == "安监局"
    assert "电话已修好。" in own_page(client, ticket)


def test_a_returned_reply_is_revised_and_its_first_words_stay_with_the_reason(
    ticket, people, client
):
    ticket = actions.return_reply(
        ticket=ticket, reason="没有说何时修好", by=people.colleague, at=NOW
    )
    assert ticket.status == "handling"
    client.force_login(people.reporter)
    page = client.get(f"/staff/feedback/{ticket.number}/").content.decode()
    assert "没有说何时修好" in page
    assert "电话已修好。</textarea>" in page
    assert "没有说何时修好" not in own_page(client, ticket)
    actions.reply(ticket=ticket, text="电话昨天修好。", by=people.reporter, at=NOW)
    actions.approve_reply(ticket=ticket, by=people.colleague, at=NOW)
    assert [row.state for row in Reply.objects.all()] == ["returned", "sent"]


@pytest.mark.parametrize("action", ["pass_reply", "return_reply"])
def test_nobody_checks_a_reply_of_their_own(action, people, units, calendar_2013):
    ticket = letters.in_check(people.clerk, units["anjianju"], people.colleague)
    words = {"reason": "改"} if action == "return_reply" else {}
    with pytest.raises(Refused, match="请由其他人审核"):
        ACTIONS[action].action(ticket=ticket, by=people.colleague, at=NOW, **words)
    assert Ticket.objects.get().status == "checking"


def test_a_clerk_of_the_unit_complained_of_lets_nothing_pass(people, units, calendar_2013):
    Membership.objects.create(
        user=people.publisher, department=units["qufuban"], role=Role.REPORTER
    )
    complaint = {"kind": "complaint", "about": units["qufuban"]}
    ticket = letters.in_check(people.supervisor, units["qufuban"], people.publisher, **complaint)
    with pytest.raises(Refused, match="涉及您所在的单位"):
        actions.approve_reply(ticket=ticket, by=people.clerk, at=NOW)
    assert actions.approve_reply(ticket=ticket, by=people.supervisor, at=NOW).state == "sent"


def test_a_reply_in_check_waits_on_the_desks_of_signer_and_clerk(ticket, people):
    for who, waits in [(people.colleague, True), (people.clerk, True), (people.reporter, False)]:
        work_items = [duty.missing for duty in work_items_for(who, NOW.date())]
        assert work_items == (["还差：审核意见"] if waits else [])


def test_a_returned_reply_to_a_suggestion_still_says_whether_it_is_adopted(people, units):
    ticket = letters.handling(people.clerk, units["anjianju"], people.reporter, kind="suggestion")
    actions.reply(ticket=ticket, text="下月采纳。", adoption="partly", by=people.reporter, at=NOW)
    actions.return_reply(ticket=ticket, reason="写明哪一部分", by=people.clerk, at=NOW)
    assert ACTIONS["reply"].form_for(ticket).initial == {"text": "下月采纳。", "adoption": "partly"}
