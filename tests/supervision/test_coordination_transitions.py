"""Every action about 需协调事项 tried in every state, by people near to it and far from it."""

import pytest

from departments.models import Membership
from supervision.choices import CoordinationState as State
from tests.fixtures import coordination as told
from tests.fixtures.faults import tried

pytestmark = pytest.mark.usefixtures("standing")

ACTIONS = {
    "raise": lambda office, item, by: told.raised(office, by=by, at=told.JULY_25),
    "decide": lambda office, item, by: told.decide(office, item, by=by, at=told.JULY_19),
    "instruct": lambda office, item, by: told.instruct(office, item, by="leader", at=told.JULY_25),
    "reply": lambda office, item, by: told.reply(office, item, at=told.JULY_25),
    "close": lambda office, item, by: told.close(office, item, by=by, at=told.JULY_25),
}
MOVES = {
    "": {"raise"},
    State.RAISED: {"decide", "instruct", "close"},
    State.DECIDED: {"instruct", "reply", "close"},
    State.CLOSED: {"raise"},
}
# What a supervisor of the responsible unit does not do, wherever the matter stands.
NEAR = {"decide", "close"}


def pairs() -> list[tuple[str, str]]:
    """What nobody raised yet can only be raised."""
    return [
        (action, state) for action in ACTIONS for state in MOVES if state or action in MOVES[""]
    ]


def test_every_state_of_a_coordination_item_is_in_the_table():
    assert MOVES.keys() - {""} == set(State)


@pytest.mark.parametrize(("action", "state"), pairs())
def test_a_coordination_item_takes_exactly_the_transitions_of_the_table(office, action, state):
    item = told.brought_to(office, state)
    assert tried(lambda: ACTIONS[action](office, item, "supervisor")) == (action in MOVES[state])


@pytest.mark.parametrize(("action", "state"), pairs())
def test_a_supervisor_of_the_responsible_unit_may_raise_and_nothing_else(office, action, state):
    near = {"user": office.people.other_supervisor, "department": office.units["anjianju"]}
    Membership.objects.create(**near, role="supervisor")
    item = told.brought_to(office, state)
    done = tried(lambda: ACTIONS[action](office, item, "other_supervisor"))
    assert done == (action in MOVES[state] - NEAR)
