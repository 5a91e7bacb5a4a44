"""The same for what is set beside the document:
interim values of the units and the last word on a year.
"""

from decimal import Decimal

import pytest

from departments.models import Membership, Role, User
from progress.actions.breakdowns import (
    confirm_breakdown,
    open_slots,
    propose_breakdown,
    return_breakdown,
    withdraw_breakdown,
)
from progress.choices import BreakdownState
from progress.models import Breakdown
from publishing.actions.year_ends import (
    Closing,
    prepare_year_end,
    publish_year_end,
    year_end_digest,
    year_ends_of,
)
from publishing.models import YearEnd
from tasks.models import Indicator
from tests.fixtures.faults import fails_as_a_whole, tried
from tests.fixtures.quarter import JULY_2, JULY_5, moment

pytestmark = pytest.mark.usefixtures("standing")

NOBODY_YET = ""
JANUARY = moment("2014-01-20T10:00:00")


@pytest.fixture
def unbroken(office):
    """The number of the paper has its yearly value only,
    so that quarters are open to a proposal.
    """
    office.white_paper.indicator.targets.filter(quarter=2).delete()
    Indicator.objects.update(mode="cumulative")
    return office


def propose(office, rows=(), value=5000):
    task, unit = office.white_paper.task, office.units["anjianju"]
    nodes = {open_slots(task)[1]: Decimal(value)}
    return propose_breakdown(
        task=task, department=unit, nodes=nodes, by=office.people.reporter, at=JULY_2
    )


def confirm(office, rows, by=None):
    seen = {"task": office.white_paper.task, "seen": [row.pk for row in rows]}
    return confirm_breakdown(**seen, by=by or office.people.supervisor, at=JULY_5)


def send_back(office, rows, by=None):
    seen = {"task": office.white_paper.task, "seen": [row.pk for row in rows], "reason": "偏低"}
    return return_breakdown(**seen, by=by or office.people.supervisor, at=JULY_5)


def withdraw(office, rows):
    task, unit, seen = office.white_paper.task, office.units["anjianju"], [row.pk for row in rows]
    return withdraw_breakdown(
        task=task, department=unit, seen=seen, by=office.people.reporter, at=JULY_5
    )


BREAKDOWN_ACTIONS = {
    "propose": propose,
    "confirm": confirm,
    "send back": send_back,
    "withdraw": withdraw,
}
# A unit may always propose anew while the quarter is ahead; an answer is given once.
BREAKDOWN_MOVES = {
    NOBODY_YET: {"propose"},
    BreakdownState.PROPOSED: {"propose", "confirm", "send back", "withdraw"},
    BreakdownState.CONFIRMED: {"propose"},
    BreakdownState.SENT_BACK: {"propose"},
    BreakdownState.REPLACED: {"propose"},
    BreakdownState.WITHDRAWN: {"propose"},
}


def bring_to(office, state: str) -> list[Breakdown]:
    if state == NOBODY_YET:
        return []
    rows = propose(office)
    if state == BreakdownState.REPLACED:
        Breakdown.objects.update(state=state)
    answer = {
        BreakdownState.CONFIRMED: confirm,
        BreakdownState.SENT_BACK: send_back,
        BreakdownState.WITHDRAWN: withdraw,
    }.get(state)
    return answer(office, rows) if answer else rows


def test_every_state_of_an_interim_value_is_in_the_table():
    assert BREAKDOWN_MOVES.keys() - {NOBODY_YET} == set(BreakdownState)


@pytest.mark.parametrize("state", BREAKDOWN_MOVES)
@pytest.mark.parametrize("action", BREAKDOWN_ACTIONS)
def test_an_interim_value_takes_exactly_the_transitions_of_the_table(unbroken, action, state):
    rows = bring_to(unbroken, state)
    assert tried(lambda: BREAKDOWN_ACTIONS[action](unbroken, rows)) == (
        action in BREAKDOWN_MOVES[state]
    )


def prepare(office, rows=(), by=None):
    closings = {office.white_paper.task: Closing("partly", "少培训200人次。", "年度报告")}
    arguments = {"plan": office.white_paper.plan, "year": 2013, "closings": closings}
    return prepare_year_end(**arguments, by=by or office.people.supervisor, at=JANUARY)


def publish(office, rows=()):
    rows = list(year_ends_of(office.white_paper.plan, 2013))
    seen = year_end_digest(office.white_paper.plan, 2013, rows)
    by = office.people.publisher
    return publish_year_end(plan=office.white_paper.plan, year=2013, seen=seen, by=by, at=JANUARY)


YEAR_ACTIONS = {"prepare": prepare, "publish": publish}
YEAR_MOVES = {"nothing yet": {"prepare"}, "prepared": {"prepare", "publish"}, "published": set()}


@pytest.fixture
def over(office):
    """The year is over and its quarter released."""
    office.verify(office.submit())
    office.publish()
    return office


@pytest.mark.parametrize("state", YEAR_MOVES)
@pytest.mark.parametrize("action", YEAR_ACTIONS)
def test_a_year_is_concluded_exactly_in_the_states_of_the_table(over, action, state):
    for before in list(YEAR_ACTIONS.values())[: list(YEAR_MOVES).index(state)]:
        before(over)
    assert YearEnd.objects.exists() == (state != "nothing yet")
    assert tried(lambda: YEAR_ACTIONS[action](over)) == (action in YEAR_MOVES[state])


JUDGING = {
    "confirm": (propose, confirm),
    "send back": (propose, send_back),
    "year end": (lambda office: [], prepare),
}


@pytest.mark.parametrize("action", JUDGING)
@pytest.mark.parametrize("related_units", ["the unit itself", "its successor", "its predecessor"])
def test_nobody_of_a_responsible_or_related_unit_judges_values_and_conclusions(
    unbroken, related_units, action
):
    before, judging = JUDGING[action]
    rows, own, other = before(unbroken), unbroken.units["anjianju"], unbroken.units["jianchaju"]
    earlier, later = {"its successor": (own, other), "its predecessor": (other, own)}.get(
        related_units, (own, None)
    )
    earlier.successor = later
    earlier.save()
    judge = unbroken.people.other_supervisor
    Membership.objects.filter(user=judge).delete()
    unit = own if related_units == "the unit itself" else other
    Membership.objects.create(user=judge, department=unit, role=Role.SUPERVISOR)
    assert not tried(lambda: judging(unbroken, rows, by=User.objects.get(pk=judge.pk)))
    assert tried(lambda: judging(unbroken, rows))


@pytest.mark.parametrize("action", BREAKDOWN_ACTIONS)
def test_an_interim_value_is_set_whole_or_not_at_all(unbroken, action):
    confirm(unbroken, propose(unbroken))
    rows = propose(unbroken, value=5200)
    assert fails_as_a_whole(lambda: BREAKDOWN_ACTIONS[action](unbroken, rows)) >= 2


@pytest.mark.parametrize("action", YEAR_ACTIONS)
def test_a_year_is_concluded_whole_or_not_at_all(over, action):
    if action == "publish":
        prepare(over)
    assert fails_as_a_whole(lambda: YEAR_ACTIONS[action](over)) >= 2
