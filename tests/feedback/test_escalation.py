"""提请督办: what is late or lies too long on one desk comes to the supervisors,
and the citizen is told.
"""

from datetime import timedelta

import pytest

from departments.models import Department
from feedback import actions
from feedback.models import Ticket
from feedback.read_models import inbox
from feedback.read_models.inbox import work_items_for
from feedback.read_models.timeline import steps_for_staff
from tests.fixtures import letters
from tests.fixtures.people import NOW, PORTAL

pytestmark = pytest.mark.django_db


def escalated(days: int) -> int:
    return actions.escalate_waiting(by=PORTAL, at=NOW + timedelta(days=days))


@pytest.mark.parametrize("stage", ["received", "accepted", "assigned", "handling"])
def test_a_letter_is_escalated_once_on_the_day_after_it_was_due(stage, desk):
    needed = {"received": 0, "accepted": 1, "assigned": 2, "handling": 3}[stage]
    ticket = getattr(letters, stage)(*desk[:needed])
    # Due on Friday 5 July; on Saturday it is late.
    assert [escalated(4), escalated(4)] == [1, 0]
    assert ticket.events.last().public_note == "已过答复期限，提请督查部门督促。"


@pytest.mark.parametrize(("stage", "count"), [("assigned", 1), ("handling", 0)])
def test_a_letter_that_nobody_takes_is_escalated_long_before_it_is_due(stage, count, desk):
    ticket = getattr(letters, stage)(*desk[: 2 if stage == "assigned" else 3], kind="suggestion")
    assert [escalated(2), escalated(3)] == [0, count]
    if count:
        assert ticket.events.last().public_note == "在一个环节等得太久，提请督查部门督促。"


def test_an_addition_of_the_citizen_does_not_postpone_the_escalation(desk):
    ticket = letters.assigned(*desk[:2], kind="suggestion")
    actions.add(ticket=ticket, text="请快一点。", at=NOW + timedelta(days=2))
    assert escalated(3) == 1


@pytest.mark.parametrize(
    ("stage", "days"), [("needs_more", 29), ("answered", 60), ("declined", 60), ("merged", 60)]
)
def test_no_letter_is_escalated_where_the_office_owes_nothing(stage, days, desk):
    late = letters.at_every_stage(*desk)[stage]
    escalated(days)
    assert Ticket.objects.get(pk=late.pk).escalated_at is None


def test_the_supervisors_see_an_enquiry_only_once_it_was_escalated(desk, people):
    letters.assigned(*desk[:2])
    assert not Ticket.objects.visible_to(people.supervisor).exists()
    escalated(4)
    today = (NOW + timedelta(days=4)).date()
    [group] = inbox.desk(people.supervisor, today)
    assert group.title == "提请督办，请催办"
    assert [duty.title for duty in work_items_for(people.supervisor, today)] == [
        "咨询 YT-2013-000001（已超期 1 天）"
    ]


def test_an_escalated_letter_leaves_the_supervisors_desk_once_it_is_answered(desk, people):
    ticket = letters.handling(*desk)
    escalated(4)
    actions.reply(ticket=ticket, text="已修好。", by=desk[2], at=NOW + timedelta(days=5))
    assert work_items_for(people.supervisor, NOW.date()) == []


def test_an_escalated_letter_about_the_supervisors_own_unit_stays_out_of_sight(desk, people, units):
    letters.accepted(people.clerk, about=units["duchashi"])
    escalated(4)
    assert not Ticket.objects.visible_to(people.supervisor).exists()
    assert Ticket.objects.visible_to(people.other_supervisor).exists()


def test_every_step_of_a_letter_says_how_long_it_waited(desk, people, client):
    ticket = letters.received()
    for action, days, words in [
        (actions.accept, 1, {"handling_text": "办"}),
        (actions.assign, 3, {"lead": desk[1]}),
    ]:
        ticket = action(ticket=ticket, by=desk[0], at=NOW + timedelta(days=days), **words)
    today = (NOW + timedelta(days=7)).date()
    lines = steps_for_staff(ticket, list(ticket.events.all()), desk[0], today)
    assert [(line.label, line.waited) for line in lines] == [("收到", 1), ("受理", 2), ("转办", 4)]
    [row] = [row for group in inbox.desk(people.clerk, today) for row in group.rows]
    assert row.waited == 4


MONTH = (NOW + timedelta(days=30)).date()


@pytest.mark.parametrize("kind", ["enquiry", "complaint", "suggestion"])
@pytest.mark.parametrize("stage", ["needs_more", "handling"])
def test_thirty_days_without_an_answer_stand_first_on_the_supervisors_desk(
    kind, stage, desk, people
):
    ticket = letters.handling(*desk, kind=kind)
    if stage == "needs_more":
        actions.ask_more(ticket=ticket, question="？", by=desk[2], at=NOW)
    letters.received("young", kind="complaint", at=NOW + timedelta(days=29))
    escalated(30)
    first, *_ = inbox.desk(people.supervisor, MONTH)
    assert (first.title, [row.number for row in first.rows]) == (
        "来信 30 天没有答复",
        [ticket.number],
    )
    assert inbox.desk(people.supervisor, MONTH - timedelta(days=1))[0].title != first.title


def test_a_letter_waiting_for_its_writer_for_thirty_days_is_escalated_once(desk):
    ticket = actions.ask_more(ticket=letters.received(), question="？", by=desk[0], at=NOW)
    assert [escalated(29), escalated(30), escalated(31)] == [0, 1, 0]
    assert ticket.events.last().public_note == "来信 30 天没有答复，提请督查部门督促。"


def test_a_reopened_letter_does_not_count_as_a_letter_without_an_answer(desk):
    ticket = letters.answered(*desk)
    actions.reopen(ticket=ticket, reason="还是打不通", at=NOW + timedelta(days=3))
    assert not Ticket.objects.left_unanswered(MONTH).exists()


def test_the_overview_counts_letters_without_an_answer_only_if_there_are_any(
    desk, people, client, time_machine
):
    letters.received("a", demonstration=True)
    letters.received("b", kind="complaint")
    letters.answered(*desk, token="c")
    letters.accepted(
        people.clerk, token="d", kind="complaint", about=Department.objects.get(slug="duchashi")
    )
    pages = []
    for days in (29, 30):
        time_machine.move_to(NOW + timedelta(days=days))
        client.force_login(people.supervisor)
        pages.append(client.get("/staff/overview/").content.decode())
    assert ["天没有答复" in page for page in pages] == [False, True]
    assert "2 件来信收到后 30 天没有答复" in pages[1]
