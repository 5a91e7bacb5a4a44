"""Asked for more, the citizen has the time and the office's clock stands still."""

from datetime import date, timedelta

import pytest

from common.errors import Refused
from feedback import actions
from feedback.models import Ticket
from feedback.read_models import inbox, timeline
from feedback.read_models.inbox import work_items_for
from tests.fixtures import letters
from tests.fixtures.people import NOW

pytestmark = pytest.mark.django_db
QUESTION = "请问是哪一条路？"


def days(number: int):
    return NOW + timedelta(days=number)


def groups(user, today=NOW) -> dict[str, list[str]]:
    return {
        group.title: [row.days_left for row in group.rows]
        for group in inbox.desk(user, today.date())
    }


def test_more_material_asked_by_the_desk_before_screening_comes_back_to_the_desk(desk):
    ticket = actions.ask_more(ticket=letters.received(), question=QUESTION, by=desk[0], at=days(1))
    assert (ticket.status, ticket.due_on) == ("needs_more", date(2013, 7, 5))
    assert ticket.events.last().public_note == QUESTION
    ticket = actions.supplement(ticket=ticket, text="海景路。", at=days(9))
    assert (ticket.status, ticket.due_on) == ("received", date(2013, 7, 15))
    assert ticket.events.last().due_on == ticket.due_on
    assert [one.text for one in ticket.additions.all()] == ["海景路。"]


def test_more_material_asked_by_the_handling_unit_comes_back_to_the_unit(desk):
    ticket = actions.ask_more(
        ticket=letters.handling(*desk), question=QUESTION, by=desk[2], at=days(0)
    )
    assert actions.supplement(ticket=ticket, text="海景路。", at=days(2)).status == "handling"


def test_whoever_asked_for_more_material_may_resume_without_it(desk):
    ticket = actions.ask_more(
        ticket=letters.handling(*desk), question=QUESTION, by=desk[2], at=days(0)
    )
    assert groups(desk[2])["等来信人补充"] == ["期限停算"]
    assert work_items_for(desk[2], NOW.date()) == []
    ticket = actions.resume(ticket=ticket, by=desk[2], at=days(1))
    assert (ticket.status, ticket.due_on) == ("handling", date(2013, 7, 8))


def test_an_answer_counts_only_the_days_the_office_had(desk):
    ticket = actions.ask_more(
        ticket=letters.handling(*desk), question=QUESTION, by=desk[2], at=days(1)
    )
    ticket = actions.supplement(ticket=ticket, text="海景路。", at=days(8))
    actions.reply(ticket=ticket, text="已修好。", by=desk[2], at=days(9))
    assert Ticket.objects.get().days_taken == 2


def test_the_unit_complained_of_asks_nobody_and_reads_no_addition(desk, people, units, client):
    complaint = {"kind": "complaint", "about": units["anjianju"]}
    ticket = letters.handling(people.supervisor, units["anjianju"], people.reporter, **complaint)
    with pytest.raises(Refused, match="涉及您所在的单位"):
        actions.ask_more(ticket=ticket, question=QUESTION, by=people.reporter, at=NOW)
    actions.add(ticket=ticket, text="我是林一，请快办。", at=NOW)
    client.force_login(people.reporter)
    page = client.get(f"/staff/feedback/{ticket.number}/").content.decode()
    assert "来信人补充说明" in page
    assert "林一" not in page
    client.force_login(people.supervisor)
    assert "我是林一，请快办。" in client.get(f"/staff/feedback/{ticket.number}/").content.decode()


def test_an_addition_that_was_not_asked_for_moves_no_day_and_counts_once(desk):
    ticket = letters.handling(*desk)
    for _ in range(2):
        actions.add(ticket=ticket, text="还有一件事。", at=days(1))
    assert Ticket.objects.get().due_on == date(2013, 7, 5)
    assert ticket.additions.count() == 1
    assert ticket.events.filter(verb="add").count() == 1


def test_a_provisional_day_keeps_its_pause_when_the_calendar_comes(people, units, request):
    ticket = actions.ask_more(
        ticket=letters.received(), question=QUESTION, by=people.clerk, at=days(1)
    )
    ticket = actions.supplement(ticket=ticket, text="海景路。", at=days(9))
    assert ticket.due_provisional
    request.getfixturevalue("calendar_2013")
    assert actions.settle_due_days(by=actions.CITIZEN, at=days(9)) == 1
    ticket.refresh_from_db()
    assert (ticket.due_on, ticket.due_provisional) == (date(2013, 7, 15), False)


def test_the_due_day_of_a_letter_is_explained_from_its_steps(desk, django_assert_num_queries):
    ticket = actions.ask_more(ticket=letters.received(), question=QUESTION, by=desk[0], at=days(1))
    ticket = actions.supplement(ticket=ticket, text="海景路。", at=days(9))
    steps = list(ticket.events.all())
    with django_assert_num_queries(1):
        why = timeline.why(ticket, steps)
    assert (why.due_on, why.paused) == (ticket.due_on, False)
    assert [leg.words for leg in why.legs] == [
        "咨询 3 个工作日，自 2013年7月2日次日起算，到2013年7月5日",
        (
            "2013年7月3日请来信人补充材料，2013年7月11日继续办理：还剩 2 个工作日，自次日起算，"
            "到2013年7月15日"
        ),
    ]
    assert [leg.counting.working_days for leg in why.legs] == [3, 2]


def test_a_letter_asked_about_on_its_due_day_is_not_overdue_on_the_day_the_writer_answers(desk):
    ticket = letters.handling(*desk)
    assert ticket.due_on == days(3).date()
    ticket = actions.ask_more(ticket=ticket, question=QUESTION, by=desk[2], at=days(3))
    ticket = actions.supplement(ticket=ticket, text="海景路。", at=days(9))
    assert ticket.due_on == days(9).date()
    why = timeline.why(ticket, list(ticket.events.all()))
    assert [leg.words for leg in why.legs][1:] == [
        "2013年7月5日请来信人补充材料，2013年7月11日继续办理：还剩 0 个工作日，到2013年7月11日"
    ]
    assert (why.due_on, why.legs[-1].counting) == (ticket.due_on, None)
