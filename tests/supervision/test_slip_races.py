"""Two people at the same moment about slips: a serial is given once, a step is taken once."""

import pytest

from ledger.models import Entry
from ledger.verification import verify as verify_ledger
from supervision.models import SlipStep, SupervisionSlip
from tests.fixtures.concurrency import at_once, person
from tests.fixtures.judges import third_judge
from tests.fixtures.lists import more_tasks
from tests.fixtures.slips import brought_to, close, issue, lift, reply, send_back, withdraw

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("turn", range(4))
def test_two_slips_issued_at_once_get_two_serials(office, turn):
    tasks = more_tasks(office.white_paper, office.units["chengguanju"], 2)
    judges = [office.people.supervisor, office.people.other_supervisor]
    actions = [
        lambda by=by, task=task: issue(office, task=task, by=person(by))
        for by, task in zip(judges, tasks, strict=True)
    ]
    assert at_once(*actions) == ["done", "done"]
    assert sorted(SupervisionSlip.objects.values_list("number", flat=True)) == [1, 2]
    assert verify_ledger().sound


def test_of_two_slips_about_one_task_one_is_told_there_is_one(office):
    judges = [office.people.supervisor, office.people.other_supervisor]
    assert at_once(*(lambda by=by: issue(office, by=person(by)) for by in judges)) == [
        "Refused",
        "done",
    ]
    assert SupervisionSlip.objects.get().number == 1


def test_a_slip_is_closed_once(office):
    slip = brought_to(office, "replied")
    judges = [office.people.supervisor, third_judge(office)]
    assert at_once(*(lambda by=by: close(office, slip, by=person(by)) for by in judges)) == [
        "Refused",
        "done",
    ]
    assert (
        Entry.objects.filter(verb="close_slip").count()
        == SlipStep.objects.filter(kind="closed").count()
        == 1
    )


def test_a_slip_is_closed_or_returned_at_one_moment_but_never_both(office):
    slip = brought_to(office, "replied")
    actions = [lambda: close(office, slip, by=person(office.people.supervisor))]
    actions.append(lambda: send_back(office, slip, by=person(third)))
    third = third_judge(office)
    assert at_once(*actions) == ["Refused", "done"]
    assert SlipStep.objects.exclude(kind="replied").count() == 1


@pytest.mark.parametrize("turn", range(4))
def test_a_slip_issued_while_another_is_withdrawn_leaves_at_most_one_open(office, turn):
    """Whoever issues was first and is told there is one,
    or comes after the withdrawal and gets the next serial.
    """
    slip = issue(office)
    answers = at_once(
        lambda: withdraw(office, slip, by=person(office.people.supervisor)),
        lambda: issue(office, by=person(office.people.other_supervisor)),
    )
    states = list(SupervisionSlip.objects.order_by("number").values_list("number", "state"))
    assert (answers, states) in [
        (["Refused", "done"], [(1, "withdrawn")]),
        (["done", "done"], [(1, "withdrawn"), (2, "issued")]),
    ]
    assert verify_ledger().sound


@pytest.mark.parametrize("other", [withdraw, close, lift])
def test_a_slip_is_withdrawn_once_and_not_closed_too(office, other):
    slip, third = brought_to(office, "replied"), third_judge(office)
    answers = at_once(
        lambda: withdraw(office, slip, by=person(office.people.supervisor)),
        lambda: other(office, slip, by=person(third)),
    )
    slip.refresh_from_db()
    ends = list(
        SlipStep.objects.filter(kind__in=["withdrawn", "closed"]).values_list("kind", flat=True)
    )
    assert ends == [slip.state]
    assert "Refused" in answers or (other, answers) == (lift, ["done", "done"])


def test_of_two_colleagues_answering_a_slip_one_is_refused(office):
    slip = issue(office)
    unit = [office.people.reporter, office.people.colleague]
    assert at_once(*(lambda by=by: reply(office, slip, by=person(by)) for by in unit)) == [
        "Refused",
        "done",
    ]
    assert SlipStep.objects.count() == 1


def test_a_slip_raised_while_it_is_answered_ends_in_one_consistent_state(office):
    slip = issue(office)
    answers = at_once(
        lambda: reply(office, slip, by=person(office.people.reporter)),
        lambda: lift(office, slip, by=person(office.people.supervisor)),
    )
    slip.refresh_from_db()
    assert (answers, slip.level) == (["done", "done"], "red")
    assert slip.state == {"raised": "sent_back", "replied": "replied"}[slip.steps.last().kind]
