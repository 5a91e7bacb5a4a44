"""The same for what is asked for: every action tried in every state of an extension,
an objection and a correction.
"""

import pytest

from departments.models import Membership, Role, User
from progress.actions.extensions import grant_extension, refuse_extension
from progress.choices import ExtensionState
from publishing.actions.corrections import (
    publish_correction,
    return_correction,
    withdraw_correction,
)
from publishing.actions.objections import decide_objection
from publishing.actions.revisions import publish_revision
from publishing.choices import CorrectionState, ObjectionState
from publishing.models import CorrectionRequest, Publication
from tests.fixtures.faults import tried
from tests.fixtures.quarter import JULY_5
from tests.fixtures.requests import AUGUST_5, JULY_19, ask, object_to

pytestmark = pytest.mark.usefixtures("standing")

NOBODY_YET = ""

EXTENSION_ACTIONS = {
    "ask": lambda office, row: ask(office, at=JULY_5, requested_until=AUGUST_5.date()),
    "grant": lambda office, row: grant_extension(
        extension=row, until=JULY_19, by=office.people.supervisor, at=JULY_5
    ),
    "refuse": lambda office, row: refuse_extension(
        extension=row, note="照原日", by=office.people.supervisor, at=JULY_5
    ),
}
# After an answer one may ask again, and a later day still.
EXTENSION_MOVES = {
    NOBODY_YET: {"ask"},
    ExtensionState.ASKED: {"grant", "refuse"},
    ExtensionState.GRANTED: {"ask"},
    ExtensionState.REFUSED: {"ask"},
}
OBJECTION_ACTIONS = {
    "file": lambda office, row: object_to(office),
    "decide": lambda office, row: decide_objection(
        objection=row,
        outcome="upheld",
        decision="属实",
        by=office.people.other_supervisor,
        at=AUGUST_5,
    ),
}
OBJECTION_MOVES = {
    NOBODY_YET: {"file"},
    ObjectionState.FILED: {"decide"},
    ObjectionState.UPHELD: {"file"},
    ObjectionState.PARTLY: {"file"},
    ObjectionState.REJECTED: {"file"},
}
# Of each voice its own words.
RIGHT = {
    "unit": {"narrative": "完成培训 4100 人次。"},
    "supervisor": {"assessment_note": "抽查两处，属实。"},
}
CORRECTION_ACTIONS = {
    "propose": lambda office, row, voice: office.propose(first(), **RIGHT[voice], at=AUGUST_5),
    "publish": lambda office, row, voice: publish_correction(
        request=row, by=office.people.publisher, at=AUGUST_5
    ),
    "return": lambda office, row, voice: return_correction(
        request=row, reason="看不出错在哪里", by=office.people.publisher, at=AUGUST_5
    ),
    "withdraw": lambda office, row, voice: withdraw_correction(
        request=row,
        by=office.people.reporter if voice == "unit" else office.people.supervisor,
        at=AUGUST_5,
    ),
}
# Of one line: once a correction was published the line is not the newest any more.
CORRECTION_MOVES = {
    NOBODY_YET: {"propose"},
    CorrectionState.PROPOSED: {"publish", "return", "withdraw"},
    CorrectionState.PUBLISHED: set(),
    CorrectionState.RETURNED: {"propose"},
    CorrectionState.WITHDRAWN: {"propose"},
}


def first() -> Publication:
    return Publication.objects.get(revision=1)


def pairs(actions: dict, moves: dict) -> list:
    """Every action in every state; what nobody asked for yet cannot be answered."""
    first = moves[NOBODY_YET]
    return [(action, state) for action in actions for state in moves if state or action in first]


def test_every_state_of_a_request_is_in_the_tables():
    assert EXTENSION_MOVES.keys() - {NOBODY_YET} == set(ExtensionState)
    assert OBJECTION_MOVES.keys() - {NOBODY_YET} == set(ObjectionState)
    assert CORRECTION_MOVES.keys() - {NOBODY_YET} == set(CorrectionState)


@pytest.mark.parametrize(("action", "state"), pairs(EXTENSION_ACTIONS, EXTENSION_MOVES))
def test_an_extension_takes_exactly_the_transitions_of_the_table(office, action, state):
    row = ask(office, at=JULY_5) if state else None
    answer = {ExtensionState.GRANTED: "grant", ExtensionState.REFUSED: "refuse"}.get(state)
    if answer:
        EXTENSION_ACTIONS[answer](office, row)
    assert tried(lambda: EXTENSION_ACTIONS[action](office, row)) == (
        action in EXTENSION_MOVES[state]
    )


@pytest.mark.parametrize(("action", "state"), pairs(OBJECTION_ACTIONS, OBJECTION_MOVES))
def test_an_objection_takes_exactly_the_transitions_of_the_table(office, action, state):
    office.verify(office.submit())
    office.publish()
    row = object_to(office) if state else None
    if state not in {NOBODY_YET, ObjectionState.FILED}:
        arguments = {
            "outcome": state,
            "decision": "复查",
            "by": office.people.other_supervisor,
            "at": AUGUST_5,
        }
        decide_objection(objection=row, **arguments)
    assert tried(lambda: OBJECTION_ACTIONS[action](office, row)) == (
        action in OBJECTION_MOVES[state]
    )


def corrected(office, state: str, voice: str) -> CorrectionRequest | None:
    """A line with a correction in that state, or with none."""
    office.verify(office.submit())
    office.publish()
    row = CORRECTION_ACTIONS["propose"](office, None, voice) if state else None
    actions = {
        CorrectionState.PUBLISHED: "publish",
        CorrectionState.RETURNED: "return",
        CorrectionState.WITHDRAWN: "withdraw",
    }
    action = actions.get(state)
    if action:
        CORRECTION_ACTIONS[action](office, row, voice)
    return row


@pytest.mark.parametrize("voice", RIGHT)
@pytest.mark.parametrize(("action", "state"), pairs(CORRECTION_ACTIONS, CORRECTION_MOVES))
def test_a_correction_takes_exactly_the_transitions_of_the_table(office, action, state, voice):
    row = corrected(office, state, voice)
    assert tried(lambda: CORRECTION_ACTIONS[action](office, row, voice)) == (
        action in CORRECTION_MOVES[state]
    )


@pytest.mark.parametrize("merged", [False, True])
@pytest.mark.parametrize("voice", RIGHT)
@pytest.mark.parametrize("action", CORRECTION_ACTIONS)
def test_of_a_correction_only_the_verdict_is_kept_from_who_belongs_to_the_unit(
    office, action, voice, merged
):
    """Tried by the supervisor who is of the unit, or of the one it went into;
    publishing judges nothing.
    """
    row = corrected(office, NOBODY_YET if action == "propose" else CorrectionState.PROPOSED, voice)
    if merged:
        office.units["anjianju"].successor = office.units["duchashi"]
        office.units["anjianju"].save()
    else:
        Membership.objects.create(
            user=office.people.supervisor, department=office.units["anjianju"], role=Role.SUPERVISOR
        )
    office.people.supervisor = User.objects.get(username="supervisor")
    barred = action == "propose" and voice == "supervisor"
    assert tried(lambda: CORRECTION_ACTIONS[action](office, row, voice)) != barred


@pytest.mark.parametrize("action", ["publish", "return", "withdraw"])
def test_of_a_line_that_has_a_newer_revision_a_correction_can_only_go_back(office, action):
    report = office.submit()
    office.publish()
    row = office.propose(first(), **RIGHT["unit"])
    office.verify(report, at=AUGUST_5)
    publish_revision(report=report, by=office.people.publisher, at=AUGUST_5)
    assert tried(lambda: CORRECTION_ACTIONS[action](office, row, "unit")) == (action != "publish")
