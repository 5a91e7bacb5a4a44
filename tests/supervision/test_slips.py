"""督办单: every verb in every state, by the right side only, with words,
days and a serial of its year.
"""

import json
from datetime import date

import pytest

from common.errors import Refused
from departments.models import Membership, Role, User
from ledger.models import Entry
from progress.actions.reviews import return_report
from supervision.choices import SlipState
from supervision.models import SlipFile, SlipStep, SupervisionSlip
from tasks.models import ChangeRequest
from tests.fixtures.faults import tried
from tests.fixtures.judges import RELATED, judge_of, third_judge
from tests.fixtures.lists import more_tasks
from tests.fixtures.quarter import JULY_2, moment
from tests.fixtures.slips import (
    JULY_10,
    brought_to,
    close,
    issue,
    lift,
    paper,
    reply,
    send_back,
    withdraw,
)

pytestmark = pytest.mark.usefixtures("standing", "calendar_2013")
ACTIONS = {
    "reply": reply,
    "send_back": send_back,
    "raise": lift,
    "close": close,
    "withdraw": withdraw,
}
JUDGING = {verb: action for verb, action in ACTIONS.items() if verb != "reply"}
# From which states each step may be taken, written down by hand: a row that is widened by mistake
# has to disagree with this.
MOVES = {
    "reply": {"issued", "sent_back"},
    "send_back": {"replied"},
    "raise": {"issued", "replied", "sent_back"},
    "close": {"replied"},
    "withdraw": {"issued", "replied", "sent_back"},
}
# (step, state before) -> state after.
LEADS_TO = {
    ("reply", "issued"): "replied",
    ("reply", "sent_back"): "replied",
    ("send_back", "replied"): "sent_back",
    ("raise", "issued"): "issued",
    ("raise", "replied"): "sent_back",
    ("raise", "sent_back"): "sent_back",
    ("close", "replied"): "closed",
    ("withdraw", "issued"): "withdrawn",
    ("withdraw", "replied"): "withdrawn",
    ("withdraw", "sent_back"): "withdrawn",
}
# From which state each judging action is tried.
BEFORE = {"send_back": "replied", "raise": "issued", "close": "replied", "withdraw": "issued"}
STATES = list(SlipState)


def entries(verb: str) -> list[dict]:
    rows = Entry.objects.filter(verb=verb).order_by("seq")
    return [json.loads(row.payload)["facts"] for row in rows]


def test_every_verb_and_state_of_a_slip_is_in_the_table():
    assert MOVES.keys() == ACTIONS.keys()
    assert {state for states in MOVES.values() for state in states} == set(STATES) - {
        "closed",
        "withdrawn",
    }
    assert LEADS_TO.keys() == {(verb, state) for verb, states in MOVES.items() for state in states}


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("verb", ACTIONS)
def test_a_slip_takes_exactly_the_transitions_of_the_table(office, verb, state):
    slip = brought_to(office, state)
    assert tried(lambda: ACTIONS[verb](office, slip, at=JULY_10)) == (state in MOVES[verb])


@pytest.mark.parametrize(("verb", "state"), LEADS_TO)
def test_a_step_leaves_the_slip_in_the_state_of_the_table(office, verb, state):
    slip = brought_to(office, state)
    ACTIONS[verb](office, slip, at=JULY_10)
    slip.refresh_from_db()
    assert slip.state == LEADS_TO[verb, state]


@pytest.mark.parametrize("verb", JUDGING)
@pytest.mark.parametrize("related_units", RELATED)
def test_nobody_of_the_unit_or_a_related_one_judges_the_answer_to_a_slip(
    office, verb, related_units
):
    slip, judge = brought_to(office, BEFORE[verb]), judge_of(office, related_units)
    Membership.objects.create(user=judge, department=office.units["duchashi"], role=Role.SUPERVISOR)
    assert not tried(lambda: JUDGING[verb](office, slip, by=User.objects.get(pk=judge.pk)))
    assert tried(lambda: JUDGING[verb](office, slip))


@pytest.mark.parametrize("related_units", RELATED)
def test_nobody_of_the_unit_or_a_related_one_issues_a_slip(office, related_units):
    judge = judge_of(office, related_units)
    assert not tried(lambda: issue(office, by=judge))
    assert tried(lambda: issue(office))


@pytest.mark.parametrize("verb", JUDGING)
def test_a_second_post_in_a_supporting_unit_recuses_from_judging_a_slip(office, verb):
    second = office.white_paper.task.responsibilities.get()
    second.pk, second.order, second.kind, second.department = (
        None,
        2,
        "supporting",
        office.units["jiaoyuju"],
    )
    office.white_paper.task.responsibilities.update(kind="lead")
    second.save()
    slip, judge = brought_to(office, BEFORE[verb]), third_judge(office, ("jiaoyuju", Role.LEADER))
    assert not tried(lambda: JUDGING[verb](office, slip, by=judge))


@pytest.mark.parametrize("verb", JUDGING)
def test_a_unit_that_has_handed_the_task_on_still_does_not_judge_its_own_answer(office, verb):
    slip, judge = brought_to(office, BEFORE[verb]), third_judge(office, ("anjianju", Role.SIGNER))
    office.white_paper.task.responsibilities.update(department=office.units["chengguanju"])
    assert not tried(lambda: JUDGING[verb](office, slip, by=judge))


@pytest.mark.parametrize("verb", JUDGING)
def test_only_the_issuing_side_judges_the_answer_to_a_slip(office, verb):
    slip = brought_to(office, BEFORE[verb])
    assert not tried(lambda: JUDGING[verb](office, slip, by=office.people.other_supervisor))
    assert tried(lambda: JUDGING[verb](office, slip, by=third_judge(office)))


def test_the_successor_of_the_issuing_unit_closes_its_slips(office):
    slip, old = brought_to(office, "replied"), office.units["duchashi"]
    old.successor = office.units["jianchaju"]
    old.save()
    assert tried(lambda: close(office, slip, by=office.people.other_supervisor))
    assert SlipStep.objects.get(kind="closed").unit == office.units["jianchaju"]


def test_only_the_unit_addressed_or_its_successor_answers_a_slip(office):
    slip, stranger = issue(office), office.people.stranger
    assert not tried(lambda: reply(office, slip, by=stranger))
    assert not tried(lambda: reply(office, slip, by=office.people.supervisor))
    office.units["anjianju"].successor = office.units["jiaoyuju"]
    office.units["anjianju"].save()
    assert tried(lambda: reply(office, slip, by=User.objects.get(pk=stranger.pk)))
    assert SlipStep.objects.get().unit == office.units["jiaoyuju"]


def test_the_serial_counts_within_its_year(office):
    tasks = more_tasks(office.white_paper, office.units["chengguanju"], 2)
    first, second = issue(office), issue(office, task=tasks[0])
    later = issue(office, task=tasks[1], at=moment("2014-01-02T10:00:00"))
    assert [slip.serial for slip in (first, second, later)] == [
        "督办〔2013〕1号",
        "督办〔2013〕2号",
        "督办〔2014〕1号",
    ]


def test_the_year_of_a_serial_begins_at_midnight_where_the_portal_stands(office):
    """On New Year's Eve in London it is 2014 already."""
    assert issue(office, at=moment("2014-01-01T00:10:00")).year == 2014


def test_a_withdrawn_slip_keeps_its_number_and_frees_the_task(office):
    slip = brought_to(office, "withdrawn")
    again = issue(office, at=JULY_10)
    assert (slip.serial, again.serial) == ("督办〔2013〕1号", "督办〔2013〕2号")
    assert (slip.steps.get().words, slip.due_on) == ("单位已书面报告，发错了。", None)
    assert (
        list(SupervisionSlip.objects.open())
        == list(SupervisionSlip.objects.not_withdrawn())
        == [again]
    )
    assert entries("withdraw_slip")[0].keys() == {"sha256", "demonstration"}


def test_a_task_has_one_open_slip(office):
    slip = issue(office)
    with pytest.raises(Refused, match="已有一张没有销号的督办〔2013〕1号"):
        issue(office)
    reply(office, slip)
    close(office, slip)
    assert tried(lambda: issue(office, at=JULY_10))


def test_a_slip_is_not_issued_about_a_task_without_a_lead(office):
    office.white_paper.task.responsibilities.all().delete()
    with pytest.raises(Refused, match="还没有牵头单位"):
        issue(office)


@pytest.mark.parametrize("kind", ["end", "merge", "split"])
def test_a_slip_is_not_issued_about_a_task_that_ended(office, kind):
    arguments = {
        "reason": "理由",
        "basis_document": "文件",
        "approving_body": "区政府",
        "approved_on": JULY_2.date(),
    }
    ChangeRequest.objects.create(task=office.white_paper.task, kind=kind, **arguments)
    with pytest.raises(Refused, match="不再督办"):
        issue(office)


def test_each_step_of_a_slip_sets_its_working_days(office):
    slip = issue(office)
    days = [slip.due_on]
    for action in (reply, send_back, lift):
        days.append(action(office, slip).due_on)
    slip.refresh_from_db()
    assert days == [date(2013, 7, 9), date(2013, 7, 12), date(2013, 7, 11), date(2013, 7, 10)]
    assert (slip.first_due_on, slip.due_on, slip.level, slip.first_level) == (
        days[0],
        days[-1],
        "red",
        "blue",
    )


def test_a_slip_raised_after_its_answer_is_to_be_answered_again(office):
    slip = brought_to(office, "replied")
    lift(office, slip)
    slip.refresh_from_db()
    assert (slip.state, slip.level) == ("sent_back", "red")


@pytest.mark.parametrize("level", ["blue", "yellow", "purple", ""])
def test_the_level_of_a_slip_only_rises(office, level):
    slip = issue(office, level="yellow")
    assert not tried(lambda: lift(office, slip, level=level))


def test_files_come_with_the_answer_to_a_slip_each_once(office):
    slip = issue(office)
    assert not tried(lambda: reply(office, slip, files=[paper(), paper()]))
    assert not tried(lambda: reply(office, slip, files=[paper(f"{n}.pdf") for n in range(11)]))
    assert tried(lambda: reply(office, slip, files=[paper("一.pdf"), paper("二.pdf")]))
    assert list(SlipFile.objects.values_list("name", flat=True)) == ["一.pdf", "二.pdf"]


def test_each_step_of_a_slip_is_recorded_without_its_words(office):
    slip = brought_to(office, "sent_back")
    lift(office, slip)
    reply(office, slip, files=[paper()])
    close(office, slip)
    rows = Entry.objects.filter(subject_type="slip", subject_id="2013-1").order_by("seq")
    assert [row.verb for row in rows] == [
        *("issue_slip", "reply_slip", "send_back_slip", "raise_slip", "reply_slip", "close_slip")
    ]
    assert {row.visibility for row in rows} == {"internal"}
    assert entries("raise_slip")[0]["slip_level"] == ["blue", "red"]
    assert [facts["files"] for facts in entries("reply_slip")] == [0, 1]
    assert not any("签到" in row.payload or "培训" in row.payload for row in rows)


def test_each_return_of_a_report_is_counted(office):
    report = office.submit()
    return_report(report=report, reason="请补", by=office.people.supervisor, at=JULY_2)
    report.refresh_from_db()
    assert report.returns == 1
    again = return_report(
        report=office.submit(version=1), reason="再补", by=office.people.supervisor, at=JULY_2
    )
    assert again.returns == 2
