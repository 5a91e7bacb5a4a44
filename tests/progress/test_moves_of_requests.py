"""The same for what a unit asks for: every deed tried in every state of an extension and of an objection."""

import pytest

from progress.actions import decide_objection, grant_extension, refuse_extension
from progress.models import ExtensionRequest, Objection
from tests.faults import tried
from tests.progress.pleas import AUGUST_5, JULY_19, ask, object_to
from tests.quarter import JULY_5

NOBODY_YET = ""
Extension, Second = ExtensionRequest.State, Objection.State

EXTENSION_DEEDS = {
    "ask": lambda office, row: ask(office, at=JULY_5, asked_until=AUGUST_5.date()),
    "grant": lambda office, row: grant_extension(extension=row, until=JULY_19, by=office.people.supervisor, at=JULY_5),
    "refuse": lambda office, row: refuse_extension(
        extension=row, note="照原日", by=office.people.supervisor, at=JULY_5
    ),
}
# After an answer one may ask again, and a later day still.
EXTENSION_MOVES = {
    NOBODY_YET: {"ask"},
    Extension.ASKED: {"grant", "refuse"},
    Extension.GRANTED: {"ask"},
    Extension.REFUSED: {"ask"},
}
OBJECTION_DEEDS = {
    "file": lambda office, row: object_to(office),
    "decide": lambda office, row: decide_objection(
        objection=row, outcome="upheld", decision="属实", by=office.people.other_supervisor, at=AUGUST_5
    ),
}
OBJECTION_MOVES = {
    NOBODY_YET: {"file"},
    Second.FILED: {"decide"},
    Second.UPHELD: {"file"},
    Second.PARTLY: {"file"},
    Second.REJECTED: {"file"},
}


def pairs(deeds: dict, moves: dict) -> list:
    """Every deed in every state; what nobody asked for yet cannot be answered."""
    first = moves[NOBODY_YET]
    return [(deed, state) for deed in deeds for state in moves if state or deed in first]


def test_every_state_is_in_the_tables():
    assert EXTENSION_MOVES.keys() - {NOBODY_YET} == set(Extension)
    assert OBJECTION_MOVES.keys() - {NOBODY_YET} == set(Second)


@pytest.mark.parametrize(("deed", "state"), pairs(EXTENSION_DEEDS, EXTENSION_MOVES))
def test_an_extension_moves_where_the_table_lets_it(office, deed, state):
    row = ask(office, at=JULY_5) if state else None
    answer = {Extension.GRANTED: "grant", Extension.REFUSED: "refuse"}.get(state)
    if answer:
        EXTENSION_DEEDS[answer](office, row)
    assert tried(lambda: EXTENSION_DEEDS[deed](office, row)) == (deed in EXTENSION_MOVES[state])


@pytest.mark.parametrize(("deed", "state"), pairs(OBJECTION_DEEDS, OBJECTION_MOVES))
def test_an_objection_moves_where_the_table_lets_it(office, deed, state):
    office.verify(office.submit())
    office.publish()
    row = object_to(office) if state else None
    if state not in {NOBODY_YET, Second.FILED}:
        said = {"outcome": state, "decision": "复查", "by": office.people.other_supervisor, "at": AUGUST_5}
        decide_objection(objection=row, **said)
    assert tried(lambda: OBJECTION_DEEDS[deed](office, row)) == (deed in OBJECTION_MOVES[state])
