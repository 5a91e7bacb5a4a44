"""The transitions of supervision slips (督办单) and coordination items (需协调事项), one row each.

Everything that is particular to a transition is in its row. Forms, actions, addresses and the
labels of the ledger are looked up by the verb; tests/supervision/test_transitions.py compares them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from departments.models import User
from supervision.choices import CoordinationNoteKind, CoordinationState, SlipState, SlipStepKind
from supervision.permissions import (
    can_close_coordination,
    can_decide_coordination,
    can_instruct,
    can_issue_slips,
    can_raise_coordination,
    can_reply_coordination,
    can_reply_to_slip,
)


class DueDay(Enum):
    """What a transition does with the day by which the next step is due."""

    TYPED = "the person who takes the step enters the day or the working days"
    SITE = "the site's settings say how many working days later"
    KEPT = "the day stays as it was"
    CLEARED = "no step is due any more"


@dataclass(frozen=True)
class FollowUpTransition:
    """One step that people can take with an object: from which states, by whom, and to what effect.

    `moves` maps the state before to the state after; the key None stands for an object that does
    not exist yet. `may` is called with the person and the object, or with the task where the
    object does not exist yet. `kind` is the kind of the row that records the step. `judges` marks
    a step from which people of the units concerned are recused; the action refuses them. When the
    step is due, the work list shows it under `heading` with a link called `prompt`.
    """

    verb: str
    label: str
    moves: dict[str | None, str]
    may: Callable[..., bool]
    due_day: DueDay
    ledger_verb: str
    kind: str = ""
    judges: bool = False
    heading: str = ""
    prompt: str = ""

    @property
    def creates(self) -> bool:
        """Whether the step makes a new object."""
        return None in self.moves

    def starts_from(self, state: str) -> bool:
        """Whether the step can be taken with an object in this state."""
        return state in self.moves


def by_role(predicate: Callable[[User], bool]) -> Callable[..., bool]:
    """Makes a predicate about the person alone callable with a person and an object."""
    return lambda user, _object: predicate(user)


def by_verb(*rows: FollowUpTransition) -> dict[str, FollowUpTransition]:
    """Maps each verb to its row."""
    return {row.verb: row for row in rows}


SLIP_TRANSITIONS = by_verb(
    FollowUpTransition(
        verb="issue",
        label="发出",
        moves={None: SlipState.ISSUED},
        may=by_role(can_issue_slips),
        due_day=DueDay.TYPED,
        ledger_verb="issue_slip",
    ),
    FollowUpTransition(
        verb="reply",
        label="回复",
        moves={SlipState.ISSUED: SlipState.REPLIED, SlipState.SENT_BACK: SlipState.REPLIED},
        may=can_reply_to_slip,
        due_day=DueDay.SITE,
        ledger_verb="reply_slip",
        kind=SlipStepKind.REPLIED,
        heading="回复督办单",
        prompt="回复",
    ),
    FollowUpTransition(
        verb="close",
        label="销号",
        moves={SlipState.REPLIED: SlipState.CLOSED},
        may=by_role(can_issue_slips),
        due_day=DueDay.CLEARED,
        ledger_verb="close_slip",
        kind=SlipStepKind.CLOSED,
        judges=True,
        heading="督办单待销号",
        prompt="销号",
    ),
    FollowUpTransition(
        verb="send_back",
        label="退回重办",
        moves={SlipState.REPLIED: SlipState.SENT_BACK},
        may=by_role(can_issue_slips),
        due_day=DueDay.TYPED,
        ledger_verb="send_back_slip",
        kind=SlipStepKind.SENT_BACK,
        judges=True,
    ),
    FollowUpTransition(
        verb="raise",
        label="提高级别",
        # A slip that was replied to has to be replied to again.
        moves={
            SlipState.ISSUED: SlipState.ISSUED,
            SlipState.REPLIED: SlipState.SENT_BACK,
            SlipState.SENT_BACK: SlipState.SENT_BACK,
        },
        may=by_role(can_issue_slips),
        due_day=DueDay.TYPED,
        ledger_verb="raise_slip",
        kind=SlipStepKind.RAISED,
        judges=True,
    ),
    FollowUpTransition(
        verb="withdraw",
        label="撤销",
        moves={
            SlipState.ISSUED: SlipState.WITHDRAWN,
            SlipState.REPLIED: SlipState.WITHDRAWN,
            SlipState.SENT_BACK: SlipState.WITHDRAWN,
        },
        may=by_role(can_issue_slips),
        due_day=DueDay.CLEARED,
        ledger_verb="withdraw_slip",
        kind=SlipStepKind.WITHDRAWN,
        judges=True,
    ),
)

COORDINATION_TRANSITIONS = by_verb(
    FollowUpTransition(
        verb="raise",
        label="提请协调",
        moves={None: CoordinationState.RAISED},
        may=can_raise_coordination,
        due_day=DueDay.KEPT,
        ledger_verb="raise_coordination",
    ),
    FollowUpTransition(
        verb="decide",
        label="作决定",
        moves={CoordinationState.RAISED: CoordinationState.DECIDED},
        may=by_role(can_decide_coordination),
        due_day=DueDay.TYPED,
        ledger_verb="decide_coordination",
        judges=True,
        heading="需您协调",
        prompt="决定",
    ),
    FollowUpTransition(
        verb="instruct",
        label="批示",
        moves={
            CoordinationState.RAISED: CoordinationState.RAISED,
            CoordinationState.DECIDED: CoordinationState.DECIDED,
        },
        may=by_role(can_instruct),
        due_day=DueDay.KEPT,
        ledger_verb="instruct_coordination",
        kind=CoordinationNoteKind.INSTRUCTION,
    ),
    FollowUpTransition(
        verb="reply",
        label="报告落实情况",
        moves={CoordinationState.DECIDED: CoordinationState.DECIDED},
        may=can_reply_coordination,
        due_day=DueDay.KEPT,
        ledger_verb="reply_coordination",
        kind=CoordinationNoteKind.REPLY,
        heading="落实",
        prompt="报告落实情况",
    ),
    FollowUpTransition(
        verb="close",
        label="办结",
        # An item that settled itself is closed without a decision.
        moves={
            CoordinationState.RAISED: CoordinationState.CLOSED,
            CoordinationState.DECIDED: CoordinationState.CLOSED,
        },
        may=by_role(can_close_coordination),
        due_day=DueDay.KEPT,
        ledger_verb="close_coordination",
        judges=True,
        heading="协调决定没有落实",
        prompt="核实",
    ),
)
