"""One row for each transition: forms, actions,
addresses and the words of the record have its verb.
"""

import pytest
from django.urls import reverse

from public.ledger_words import VERBS
from supervision.choices import (
    ENDED,
    ENDING_STEPS,
    CoordinationNoteKind,
    CoordinationState,
    SlipState,
    SlipStepKind,
)
from supervision.pages import coordination, slips
from supervision.transitions import COORDINATION_TRANSITIONS, SLIP_TRANSITIONS, DueDay
from tests.fixtures.coordination import decide, raised
from tests.fixtures.people import PEOPLE
from tests.fixtures.slips import issue

TABLES = {
    "slip": (SLIP_TRANSITIONS, slips, SlipState, SlipStepKind, [2013, 1]),
    "coordination": (
        *(COORDINATION_TRANSITIONS, coordination, CoordinationState, CoordinationNoteKind, [1]),
    ),
}
# Read only together with the states, so they are written down here once more by hand.
COORDINATION_MOVES = {
    "raise": {None: "raised"},
    "decide": {"raised": "decided"},
    "instruct": {"raised": "raised", "decided": "decided"},
    "reply": {"decided": "decided"},
    "close": {"raised": "closed", "decided": "closed"},
}
# Who of the cast may take a step: on a slip to 安监局, and on a matter of its task that 教育局
# carries out.
SUPERVISORS, UNIT = {"supervisor", "other_supervisor"}, {"reporter", "colleague"}
WHO_MAY = {
    "slip": {
        "issue": SUPERVISORS,
        "reply": UNIT,
        "close": SUPERVISORS,
        "send_back": SUPERVISORS,
        "raise": SUPERVISORS,
        "withdraw": SUPERVISORS,
    },
    "coordination": {
        "raise": UNIT | SUPERVISORS,
        "decide": SUPERVISORS | {"leader"},
        "instruct": {"leader"},
        "reply": {"stranger"},
        "close": SUPERVISORS,
    },
}


@pytest.mark.usefixtures("calendar_2013")
@pytest.mark.parametrize("noun", TABLES)
def test_each_step_of_slips_and_items_is_for_those_of_the_table_and_nobody_else(office, noun):
    row = issue(office) if noun == "slip" else decide(office, raised(office))
    allowed = {
        verb: {
            name
            for name in PEOPLE
            if step.may(getattr(office.people, name), row.task if step.creates else row)
        }
        for verb, step in TABLES[noun][0].items()
    }
    assert allowed == WHO_MAY[noun]


@pytest.mark.parametrize("noun", TABLES)
def test_every_transition_of_a_page_has_its_form_and_its_action_and_no_other_has(noun):
    table, page, *_ = TABLES[noun]
    verbs = {verb for verb, row in table.items() if not row.creates}
    assert page.FORMS.keys() == page.ACTIONS.keys() == verbs


@pytest.mark.parametrize("noun", TABLES)
def test_every_transition_of_a_page_has_an_address_of_its_own(noun):
    table, _, _, _, of_object = TABLES[noun]
    verbs = [verb.replace("_", "-") for verb, row in table.items() if not row.creates]
    addresses = [reverse(f"supervision:{verb}-{noun}", args=of_object) for verb in verbs]
    assert [address.rstrip("/").rpartition("/")[2] for address in addresses] == verbs


@pytest.mark.parametrize("noun", TABLES)
def test_every_transition_is_entered_in_the_record_by_a_verb_that_has_words(noun):
    table = TABLES[noun][0]
    assert {row.ledger_verb for row in table.values()} == {
        verb for verb in VERBS if verb.endswith(f"_{noun}")
    }
    assert all(row.ledger_verb == f"{row.verb}_{noun}" for row in table.values())


@pytest.mark.parametrize("noun", TABLES)
def test_every_state_is_reached_and_every_kind_of_step_is_kept_by_one_transition(noun):
    table, _, states, kinds, _ = TABLES[noun]
    assert {after for row in table.values() for after in row.moves.values()} == set(states)
    assert sorted(row.kind for row in table.values() if row.kind) == sorted(kinds)


def test_the_transitions_of_coordination_are_those_written_down_here():
    moves = {verb: row.moves for verb, row in COORDINATION_TRANSITIONS.items()}
    assert moves == COORDINATION_MOVES


def test_the_due_day_is_cleared_where_a_slip_ends_and_nowhere_else():
    ending = [row for row in SLIP_TRANSITIONS.values() if row.due_day == DueDay.CLEARED]
    assert {row.kind for row in ending} == set(ENDING_STEPS)
    assert {after for row in ending for after in row.moves.values()} == set(ENDED)
