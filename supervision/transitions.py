"""What may be done with a 督办单 and with a 需协调事项: one row for each transition.

Everything that is particular to a transition stands in its row. Forms, actions, addresses and the
words of the record are looked up by the verb; tests/supervision/test_transitions.py compares them.
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
    """What a transition does with the day by which somebody has to act."""

    TYPED = "whoever takes the step says when"
    SITE = "so many working days later as the site's settings say"
    KEPT = "the day before stands"
    CLEARED = "nobody has to act any more"


@dataclass(frozen=True)
class FollowUpTransition:
    """One thing people do with an object, from which states, and what follows from it.

    `moves` maps the state before to the state after; the key None stands for an object that does
    not exist yet. `may` is asked with the person and the object (the task, where the object does
    not exist yet). `kind` is the kind of the row that keeps the step. `judges` marks what nobody
    does who is too near to the matter; the action refuses it. Where somebody owes the transition,
    the workspace lists it under `heading` with a link called `prompt`.
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
        return None in self.moves

    def starts_from(self, state: str) -> bool:
        return state in self.moves


def by_post(predicate: Callable[[User], bool]) -> Callable[..., bool]:
    """A predicate about the person's post alone, asked with an object like the others."""
    return lambda user, _object: predicate(user)


def by_verb(*rows: FollowUpTransition) -> dict[str, FollowUpTransition]:
    return {row.verb: row for row in rows}


SLIP_TRANSITIONS = by_verb(
    FollowUpTransition(
        verb="issue",
        label="发出",
        moves={None: SlipState.ISSUED},
        may=by_post(can_issue_slips),
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
        may=by_post(can_issue_slips),
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
        may=by_post(can_issue_slips),
        due_day=DueDay.TYPED,
        ledger_verb="send_back_slip",
        kind=SlipStepKind.SENT_BACK,
        judges=True,
    ),
    FollowUpTransition(
        verb="raise",
        label="提高级别",
        # What was answered already is to be answered again.
        moves={
            SlipState.ISSUED: SlipState.ISSUED,
            SlipState.REPLIED: SlipState.SENT_BACK,
            SlipState.SENT_BACK: SlipState.SENT_BACK,
        },
        may=by_post(can_issue_slips),
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
        may=by_post(can_issue_slips),
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
        may=by_post(can_decide_coordination),
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
        may=by_post(can_instruct),
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
        # What settled itself is closed without a decision.
        moves={
            CoordinationState.RAISED: CoordinationState.CLOSED,
            CoordinationState.DECIDED: CoordinationState.CLOSED,
        },
        may=by_post(can_close_coordination),
        due_day=DueDay.KEPT,
        ledger_verb="close_coordination",
        judges=True,
        heading="协调决定没有落实",
        prompt="核实",
    ),
)
