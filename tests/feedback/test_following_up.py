"""回访: whoever was not satisfied is gone back to, never by the unit that answered,
and reads the result.
"""

from datetime import timedelta

import pytest
from django.db import transaction

from common.errors import Refused
from departments.models import Membership, Role
from feedback import actions
from feedback.models import Ticket
from feedback.read_models.inbox import work_items_for
from ledger.models import Entry
from tests.fixtures import letters
from tests.fixtures.people import NOW

pytestmark = pytest.mark.django_db
SOON = NOW + timedelta(days=2)


def rated(desk, grade="bad", **answers) -> Ticket:
    return actions.rate(ticket=letters.answered(*desk, **answers), grade=grade, at=SOON)


def is_owed(user) -> bool:
    return any("回访" in duty.missing for duty in work_items_for(user, SOON.date()))


@pytest.mark.parametrize(
    ("grade", "owed"), [("very_bad", True), ("bad", True), ("fair", False), ("good", False)]
)
def test_only_a_dissatisfied_writer_is_followed_up(grade, owed, desk, people):
    rated(desk, grade)
    assert is_owed(people.clerk) == owed


def test_the_writer_reads_the_result_of_a_follow_up_and_the_ledger_keeps_its_digest(
    desk, people, client
):
    ticket = rated(desk)
    client.force_login(people.clerk)
    client.post(f"/staff/feedback/{ticket.number}/follow_up/", {"result": "已上门核实，换了号码。"})
    step, entry = ticket.events.last(), Entry.objects.newest_first().first()
    assert (step.verb, step.public_note) == ("follow_up", "已上门核实，换了号码。")
    assert (entry.verb, "上门" in entry.payload) == ("follow_up_ticket", False)
    assert not is_owed(people.clerk)


def test_one_rating_is_followed_up_once(desk, people):
    ticket = rated(desk)
    actions.follow_up(ticket=ticket, result="核实。", by=people.clerk, at=SOON)
    with pytest.raises(Refused, match="没有要回访的评价"), transaction.atomic():
        actions.follow_up(ticket=ticket, result="核实。", by=people.clerk, at=SOON)


def test_the_supervisors_follow_up_a_complaint(desk, people):
    rated(desk, kind="complaint")
    assert is_owed(people.supervisor)
    assert not is_owed(people.clerk)


def test_nobody_of_the_unit_that_answered_follows_up_its_own_answer(desk, people, units):
    Membership.objects.create(user=people.clerk, department=units["anjianju"], role=Role.REPORTER)
    with pytest.raises(Refused, match="其他单位"):
        actions.follow_up(ticket=rated(desk), result="核实。", by=people.clerk, at=SOON)


def test_no_page_offers_the_follow_up_to_a_clerk_of_the_unit_that_answered(
    desk, people, units, client
):
    ticket = rated(desk)
    page = f"/staff/feedback/{ticket.number}/"
    client.force_login(people.clerk)
    assert "登记结果" in client.get(page).content.decode()
    Membership.objects.create(user=people.clerk, department=units["anjianju"], role=Role.REPORTER)
    assert "登记结果" not in client.get(page).content.decode()
    assert client.post(f"{page}follow_up/", {"result": "已核实。"}).status_code == 403
    assert not is_owed(people.clerk)


def test_where_every_clerk_is_of_the_unit_that_answered_supervisors_follow_up(
    desk, people, units, client
):
    Membership.objects.create(user=people.stranger, department=units["qufuban"], role=Role.REPORTER)
    ticket = rated((people.supervisor, units["qufuban"], people.stranger))
    assert [is_owed(one) for one in (people.clerk, people.supervisor)] == [False, True]
    client.force_login(people.supervisor)
    page = f"/staff/feedback/{ticket.number}/follow_up/"
    assert client.post(page, {"result": "已核实。"}).status_code == 302
    assert ticket.events.last().unit == "督查室"


def test_after_reopening_the_rating_of_the_new_answer_decides_on_a_follow_up(desk, people):
    ticket = rated(desk)
    actions.reopen(ticket=ticket, reason="还是打不通", at=SOON)
    assert not is_owed(people.clerk)
    actions.assign(ticket=ticket, lead=desk[1], by=people.clerk, at=SOON)
    actions.start_handling(ticket=ticket, by=people.reporter, at=SOON)
    actions.reply(ticket=ticket, text="换了号码。", by=people.reporter, at=SOON)
    actions.rate(ticket=ticket, grade="good", at=SOON)
    assert not is_owed(people.clerk)


def shown(ticket) -> str:
    return Ticket.objects.with_owner().get(pk=ticket.pk).chip.label


def test_a_letter_is_not_called_closed_while_a_follow_up_is_owed(desk, people, client):
    ticket = rated(desk, "very_bad")
    assert shown(ticket) == "评价不满意，等待核实"
    client.force_login(people.clerk)
    for page in (f"/staff/feedback/{ticket.number}/", "/staff/feedback/all/"):
        assert "评价不满意，等待核实" in client.get(page).content.decode()
    actions.follow_up(ticket=ticket, result="核实。", by=people.clerk, at=SOON)
    assert shown(ticket) == "已办结"


def test_a_letter_is_not_called_answered_for_good_while_its_writer_is_not_told(desk):
    ticket = letters.answered(*desk, reply_by="telephone")
    assert shown(ticket) == "已答复，待告知"
