"""进展不实: a letter about a published line makes the supervisors look again,
and what they find is public.
"""

from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine

from common.errors import Refused
from feedback import actions
from feedback.models import Ticket
from feedback.read_models.inbox import work_items_for
from feedback.read_models.reviews import VoiceCounts, voice_counts
from feedback.read_models.timeline import steps_for_citizen, why
from ledger.models import Entry
from publishing.models import Publication
from tests.fixtures import letters
from tests.fixtures.page_text import source_of
from tests.fixtures.people import NOW
from tests.fixtures.quarter import JULY_30

pytestmark = pytest.mark.django_db
TASK = "/tasks/wp2013-18/"
AUGUST = JULY_30 + timedelta(days=3)


@pytest.fixture
def published(office, calendar_2013) -> Publication:
    office.verify(office.submit())
    office.publish()
    return Publication.objects.get(task=office.white_paper.task)


@pytest.fixture
def desk(people, units):
    return people.clerk, units["anjianju"], people.reporter


@pytest.fixture
def disputed(published, desk) -> Ticket:
    """Answered and public; whoever wrote it says that nobody was trained."""
    ticket = letters.published(*desk, task=published.task, token="untrue", kind="complaint")
    return actions.dispute(ticket=ticket, publication=published, by=desk[0], at=AUGUST)


def decide(ticket, people, outcome="partly", note="培训少报了一场。", by="other_supervisor"):
    return actions.decide_review(
        ticket=ticket, outcome=outcome, note=note, by=getattr(people, by), at=AUGUST
    )


def on_the_desk(person) -> list[str]:
    return [duty.missing for duty in work_items_for(person, AUGUST.date())]


def test_a_disputed_line_is_on_every_supervisors_desk_until_it_is_decided(disputed, people):
    assert (
        on_the_desk(people.supervisor) == on_the_desk(people.other_supervisor) == ["还差：核实结论"]
    )
    decide(disputed, people)
    assert on_the_desk(people.supervisor) == on_the_desk(people.other_supervisor) == []


def test_the_review_of_a_disputed_line_has_a_due_day_the_writer_reads(disputed, people):
    [duty] = work_items_for(people.other_supervisor, AUGUST.date())
    assert (duty.due_on, duty.title) == (date(2013, 9, 1), f"投诉 {disputed.number}（还剩 30 天）")
    line = steps_for_citizen(disputed, list(disputed.events.all()))[-1]
    assert (line.label, line.day) == ("提请核实公布的进展", "期限 2013年9月1日")


def test_the_day_of_the_review_moves_no_day_of_the_letter(published, desk):
    ticket = letters.handling(*desk, task=published.task)
    before = ticket.due_on
    ticket = actions.dispute(ticket=ticket, publication=published, by=desk[0], at=AUGUST)
    assert why(ticket, list(ticket.events.all())).due_on == ticket.due_on == before


def test_an_enquiry_that_disputes_a_line_comes_into_the_supervisors_sight(published, desk, people):
    ticket = letters.answered(*desk, task=published.task)
    assert not Ticket.objects.visible_to(people.supervisor).exists()
    actions.dispute(ticket=ticket, publication=published, by=people.clerk, at=AUGUST)
    assert Ticket.objects.visible_to(people.supervisor).get() == ticket


def test_whoever_assessed_the_disputed_line_does_not_review_it(disputed, people):
    with pytest.raises(Refused, match="您核定过这份填报，请由另一位督查员核实。"):
        decide(disputed, people, by="supervisor")


def test_nobody_of_a_responsible_unit_says_that_its_own_line_is_true(disputed, people, units):
    disputed.task.responsibilities.update(department=units["jianchaju"])
    with pytest.raises(Refused, match="按回避规定"):
        decide(disputed, people)


@pytest.mark.parametrize(
    ("said", "refusal"),
    [
        ({"outcome": ""}, "请选择核实结论"),
        ({"outcome": "perhaps"}, "请选择核实结论"),
        ({"note": " "}, "请选择核实结论"),
        ({"note": "打13912345678问过。"}, "像手机号的内容"),
        ({"note": f"来信人{letters.PHONE}说的对。"}, "来信人的联系方式"),
    ],
)
def test_a_finding_needs_a_word_and_reasons_that_may_be_public(said, refusal, disputed, people):
    with pytest.raises(Refused, match=refusal):
        decide(disputed, people, **said)


def test_a_letter_whose_line_is_looked_at_stays_with_its_promise(published, desk):
    ticket = letters.received(task=published.task)
    actions.dispute(ticket=ticket, publication=published, by=desk[0], at=AUGUST)
    with pytest.raises(Refused, match="不能再改有关承诺"):
        actions.accept(ticket=ticket, handling_text="办", task=None, by=desk[0], at=AUGUST)


def test_the_review_of_a_disputed_line_is_opened_once_and_decided_once(disputed, desk, people):
    with pytest.raises(Refused, match="已经提请核实"):
        actions.dispute(ticket=disputed, publication=disputed.disputed, by=desk[0], at=AUGUST)
    decide(disputed, people)
    with pytest.raises(Refused, match="没有等着核实"):
        decide(disputed, people)


def test_only_the_current_line_of_the_task_of_the_letter_can_be_disputed(published, office, desk):
    ticket = letters.answered(*desk, task=published.task)
    office.correct(readings={office.white_paper.indicator.pk: Decimal(4100)}, at=AUGUST)
    other = letters.answered(*desk, token="general")
    for one in (ticket, other):
        with pytest.raises(Refused, match="现行的公布版本"):
            actions.dispute(ticket=one, publication=published, by=desk[0], at=AUGUST)


def test_the_finding_of_a_review_reads_the_same_on_question_and_task(disputed, people, client):
    decide(disputed, people)
    for page in (f"/feedback/{disputed.number}/", TASK, "/feedback/"):
        html = client.get(page).content.decode()
        assert "2013年第二季度第 1 版" in html
        assert "部分属实" in html
        assert "培训少报了一场。" in html


def test_of_a_letter_that_is_not_public_the_task_shows_the_finding_and_no_number(
    published, desk, people, client
):
    ticket = letters.answered(*desk, task=published.task, kind="complaint", consent=False)
    decide(actions.dispute(ticket=ticket, publication=published, by=desk[0], at=AUGUST), people)
    page = client.get(TASK).content.decode()
    assert "部分属实" in page
    assert ticket.number not in page
    [entry] = Entry.objects.public().filter(verb="review_published")
    assert (entry.subject_id, ticket.number in entry.payload) == ("wp2013-18", False)


def test_letters_answers_and_changed_lines_are_counted_one_by_one(
    disputed, desk, people, office, client
):
    letters.received("second", task=disputed.task)
    actions.spam(ticket=letters.received("spam", task=disputed.task), by=people.clerk, at=NOW)
    decide(disputed, people)
    assert voice_counts(disputed.task) == VoiceCounts(2, 1, 0)
    office.correct(
        readings={office.white_paper.indicator.pk: Decimal(4100)}, at=AUGUST + timedelta(hours=1)
    )
    assert voice_counts(disputed.task) == VoiceCounts(2, 1, 1)
    assert "收到 2 件，答复 1 件，因此改变 1 项。" in client.get(TASK).content.decode()


def test_a_line_found_true_and_corrected_for_another_reason_was_not_changed_by_the_letter(
    disputed, people, office
):
    decide(disputed, people, outcome="rejected")
    office.correct(
        readings={office.white_paper.indicator.pk: Decimal(4100)}, at=AUGUST + timedelta(hours=1)
    )
    assert voice_counts(disputed.task).changed == 0


PAGES = ["/quarters/2013-2/", TASK, "/tasks/wp2013-18/quarters/2013-2/r1/"]


@pytest.mark.parametrize("page", PAGES)
def test_for_seven_days_after_a_release_its_pages_ask_what_is_untrue(page, published, client):
    for days, asked in [(0, True), (7, True), (8, False)]:
        with time_machine.travel(JULY_30 + timedelta(days=days), tick=False):
            assert ("2013年8月6日以前，任何人都可以" in client.get(page).content.decode()) == asked


def test_the_page_of_the_letter_opens_and_decides_the_review_of_a_line(
    published, desk, people, client
):
    ticket = letters.answered(*desk, task=published.task, kind="complaint")
    address = f"/staff/feedback/{ticket.number}/"
    client.force_login(people.clerk)
    assert "2013年第二季度，第 1 版" in client.get(address).content.decode()
    client.post(f"{address}dispute/", {"publication": published.pk})
    client.force_login(people.other_supervisor)
    assert "等督查员在" in client.get(address).content.decode()
    client.post(f"{address}decide_review/", {"outcome": "upheld", "note": "确实没有培训。"})
    assert Ticket.objects.get(pk=ticket.pk).review_outcome == "upheld"
    assert "核实结论：<b>属实</b>。确实没有培训。" in source_of(client.get(address))
