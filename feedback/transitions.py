"""What may happen to a letter: one row a verb, read by model, actions, inbox, pages and clock.

Forms and buttons stand beside the pages (`pages/ticket_actions.py`, `views/tracking.py`), reminders
for the staff in `subscriptions`, the words of the ledger in `public/ledger_words.py`: each keyed by
the verb. `tests/feedback/test_transitions.py` compares the key sets.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from feedback.choices import (
    AT_THE_UNIT,
    OPEN,
    REPLIED,
    RUNNING,
    ClockEffect,
    Is,
    TicketStatus,
    TicketVerb,
)

if TYPE_CHECKING:
    from feedback.models import Ticket


@dataclass(frozen=True)
class InboxQueue:
    """The group of the inbox in which letters wait for the transition.

    `rank`: its position among the groups, the most urgent first. `missing`: what the letter lacks.
    `owner`: the predicate of `permissions.py` for whoever owes the step; it may admit fewer people
    than the transition does. `waits`: whether a letter belongs here, where that is not simply
    whether the transition is allowed. `is_duty`: False where the step may also be left.
    `spans`: letters of several statuses stand here, so that each shows its own.
    """

    rank: int
    title: str
    missing: str
    owner: str
    waits: "Callable[[Ticket, date], bool] | None" = None
    is_work_item: bool = True
    spans: bool = False


@dataclass(frozen=True)
class TicketTransition:
    """One row of the table.

    `event`: the step that the writer reads and the ledger keeps; the verb itself unless another is
    named. `to_status`: None leaves the status as it is. `when`: what must hold besides the status.
    `may`: the predicate of `permissions.py` for the staff, "" where no page offers it to them.
    `by_writer`: offered on the writer's own page. `hands_over`: somebody else has the letter now,
    or has it anew; from one such step to the next is counted how long it lay. `notifies_writer`:
    a writer who looks nothing up has to be called or written to. `notifies_staff`: whoever has to
    act next is sent a reminder.
    """

    verb: str
    from_statuses: tuple[TicketStatus, ...]
    to_status: "TicketStatus | Callable[[Ticket], str] | None" = None
    when: "Callable[[Ticket], bool] | None" = None
    event: TicketVerb | None = None
    may: str = ""
    by_writer: bool = False
    clock: ClockEffect = ClockEffect.NONE
    hands_over: bool = False
    notifies_writer: bool = False
    notifies_staff: bool = False
    queue: InboxQueue | None = None

    @property
    def leaves(self) -> TicketVerb:
        """The step it leaves behind."""
        return self.event or TicketVerb(self.verb)

    @property
    def label(self) -> str:
        """What the writer reads."""
        return str(self.leaves.label)

    @property
    def ledger_verb(self) -> str:
        return f"{self.leaves}_ticket"

    def is_allowed(self, ticket: "Ticket") -> bool:
        """Whether the moment is right; who may is another question."""
        return ticket.status in self.from_statuses and (self.when is None or self.when(ticket))

    def status_after(self, ticket: "Ticket") -> str:
        if self.to_status is None:
            return ticket.status
        return self.to_status(ticket) if callable(self.to_status) else self.to_status


def _status_of_whoever_asked(ticket: "Ticket") -> TicketStatus:
    """The desk asks before a unit leads, the leading unit afterwards."""
    return Is.HANDLING if ticket.lead_department_id else Is.RECEIVED


_ROWS = (
    TicketTransition("receive", (), Is.RECEIVED, clock=ClockEffect.STARTS, hands_over=True),
    TicketTransition(
        "accept",
        (Is.RECEIVED,),
        Is.ACCEPTED,
        may="can_screen",
        hands_over=True,
        queue=InboxQueue(2, "待受理", "还差：受理意见", "is_first_to_screen"),
    ),
    TicketTransition(
        "decline", (Is.RECEIVED,), Is.DECLINED, may="can_screen", notifies_writer=True
    ),
    TicketTransition(
        "redirect", (Is.RECEIVED,), Is.REDIRECTED, may="can_screen", notifies_writer=True
    ),
    TicketTransition("spam", (Is.RECEIVED,), Is.SPAM, may="can_screen"),
    TicketTransition(
        "merge",
        (Is.RECEIVED, Is.ACCEPTED),
        Is.MERGED,
        when=lambda ticket: ticket.opening == 1,
        may="can_screen",
        hands_over=True,
    ),
    # Happens to the followers when the writer of their head withdraws it.
    TicketTransition("unmerge", (Is.MERGED,), Is.RECEIVED, hands_over=True),
    TicketTransition(
        "ask_more",
        (Is.RECEIVED, Is.HANDLING),
        Is.NEEDS_MORE,
        may="can_ask_more",
        clock=ClockEffect.PAUSES,
        hands_over=True,
        notifies_writer=True,
    ),
    TicketTransition(
        "supplement",
        (Is.NEEDS_MORE,),
        _status_of_whoever_asked,
        may="can_note_down",
        by_writer=True,
        clock=ClockEffect.RESUMES,
        hands_over=True,
    ),
    TicketTransition(
        "resume",
        (Is.NEEDS_MORE,),
        _status_of_whoever_asked,
        may="can_ask_more",
        clock=ClockEffect.RESUMES,
        hands_over=True,
        queue=InboxQueue(
            12,
            "等来信人补充",
            "等久了可以不等补充，继续办理",
            "is_asking",
            is_work_item=False,
        ),
    ),
    TicketTransition(
        "add",
        tuple(status for status in OPEN if status != Is.NEEDS_MORE),
        may="can_note_down",
        by_writer=True,
    ),
    TicketTransition(
        "assign",
        (Is.ACCEPTED,),
        Is.ASSIGNED,
        may="can_screen",
        hands_over=True,
        notifies_staff=True,
        queue=InboxQueue(3, "待转办", "还差：主办单位", "is_first_to_screen"),
    ),
    TicketTransition(
        "reassign",
        (*AT_THE_UNIT, Is.NEEDS_MORE),
        # A question to the writer stays asked.
        lambda ticket: Is.NEEDS_MORE if ticket.status == Is.NEEDS_MORE else Is.ASSIGNED,
        when=lambda ticket: ticket.lead_department_id is not None,
        may="can_screen",
        hands_over=True,
        notifies_staff=True,
        queue=InboxQueue(
            4,
            "主办单位没有人办理，请改派",
            "主办单位已撤并或没有填报员，还差：新的主办单位",
            "is_first_to_screen",
            waits=lambda ticket, today: ticket.abandoned,
        ),
    ),
    TicketTransition(
        "take",
        (Is.ASSIGNED,),
        Is.HANDLING,
        may="can_reply",
        hands_over=True,
        queue=InboxQueue(5, "待接收", "还差：接收或退回", "can_reply"),
    ),
    TicketTransition(
        "hand_back",
        tuple(AT_THE_UNIT),
        Is.ACCEPTED,
        when=lambda ticket: ticket.handed_back_at is None,
        may="can_reply",
        hands_over=True,
    ),
    TicketTransition(
        "ask_extension",
        tuple(AT_THE_UNIT),
        when=lambda ticket: ticket.extension_asked_until is None,
        may="can_reply",
    ),
    TicketTransition(
        "extend",
        tuple(AT_THE_UNIT),
        when=lambda ticket: ticket.extension_asked_until is not None,
        may="can_screen",
        clock=ClockEffect.EXTENDS,
        queue=InboxQueue(1, "单位申请延期", "还差：是否同意延期", "is_first_to_screen"),
    ),
    TicketTransition(
        "refuse_extension",
        tuple(AT_THE_UNIT),
        when=lambda ticket: ticket.extension_asked_until is not None,
        may="can_screen",
    ),
    # What `reply` becomes where the site has replies checked.
    TicketTransition("send_to_check", (Is.HANDLING,), Is.CHECKING, hands_over=True),
    TicketTransition(
        "reply",
        (Is.HANDLING,),
        Is.ANSWERED,
        may="can_reply",
        hands_over=True,
        notifies_writer=True,
        queue=InboxQueue(6, "待答复", "还差：答复", "can_reply"),
    ),
    TicketTransition(
        "pass_reply",
        (Is.CHECKING,),
        Is.ANSWERED,
        # Who looked at the answer beforehand is nothing to its reader: it is answered.
        event=TicketVerb.REPLY,
        may="can_check",
        hands_over=True,
        notifies_writer=True,
        queue=InboxQueue(7, "答复待审核", "还差：审核意见", "can_check"),
    ),
    TicketTransition(
        "return_reply",
        (Is.CHECKING,),
        Is.HANDLING,
        may="can_check",
        hands_over=True,
        notifies_staff=True,
    ),
    TicketTransition(
        "escalate",
        # A writer who is asked and does not answer is not forgotten either.
        (*RUNNING, Is.NEEDS_MORE),
        when=lambda ticket: ticket.escalated_at is None,
        notifies_staff=True,
        queue=InboxQueue(
            8,
            "提请督办，请催办",
            "超过期限或等得太久，请催办或改派，还差：主办单位的答复",
            "is_chasing",
            # Once escalated it stays with the supervisors until it is answered.
            waits=lambda ticket, today: ticket.status in RUNNING,
            spans=True,
        ),
    ),
    TicketTransition(
        "tell",
        # A writer who wanted a call hears of the answer, of a question and of a refusal alike.
        (*REPLIED, Is.NEEDS_MORE, Is.DECLINED, Is.REDIRECTED),
        may="can_tell",
        queue=InboxQueue(
            10,
            "要告知来信人",
            "来信人要电话、短信或邮件答复，还差：告知来信人",
            "is_telling",
            waits=lambda ticket, today: ticket.needs_notice,
        ),
    ),
    TicketTransition(
        "rate",
        (Is.ANSWERED,),
        Is.CLOSED,
        may="can_note_down",
        by_writer=True,
        when=lambda ticket: ticket.withdrawn_at is None,
    ),
    TicketTransition("close", (Is.ANSWERED,), Is.CLOSED),
    TicketTransition(
        "follow_up",
        (Is.CLOSED,),
        may="can_follow_up",
        queue=InboxQueue(
            11,
            "评价不满意，要回访",
            "来信人不满意，还差：回访和结果",
            "is_following_up",
            waits=lambda ticket, today: ticket.needs_follow_up,
        ),
    ),
    TicketTransition(
        "reopen",
        tuple(REPLIED),
        lambda ticket: Is.ACCEPTED if ticket.handling_text else Is.RECEIVED,
        when=lambda ticket: ticket.opening == 1 and ticket.withdrawn_at is None,
        by_writer=True,
        clock=ClockEffect.STARTS,
        hands_over=True,
    ),
    TicketTransition(
        "publish",
        tuple(REPLIED),
        when=lambda ticket: ticket.may_be_published,
        may="can_screen",
        queue=InboxQueue(
            13,
            "可以公开",
            "来信人同意公开，还差：隐去个人信息",
            "is_first_to_screen",
            is_work_item=False,
        ),
    ),
    TicketTransition(
        "take_down",
        tuple(REPLIED),
        when=lambda ticket: ticket.published_at is not None,
        may="can_screen",
    ),
    TicketTransition(
        "dispute",
        (*RUNNING, *REPLIED),
        when=lambda ticket: ticket.task_id is not None and ticket.disputed_id is None,
        may="can_dispute",
    ),
    TicketTransition(
        "decide_review",
        tuple(Is),
        when=lambda ticket: ticket.awaits_review,
        may="can_review",
        queue=InboxQueue(9, "反映进展不实，待核实", "还差：核实结论", "can_review", spans=True),
    ),
    TicketTransition(
        "withdraw",
        (*OPEN, *REPLIED),
        # An answered letter stays answered; its contact goes all the same.
        lambda ticket: Is.WITHDRAWN if ticket.is_open else ticket.status,
        when=lambda ticket: ticket.withdrawn_at is None,
        by_writer=True,
    ),
    TicketTransition(
        "withdraw_consent",
        tuple(Is),
        when=lambda ticket: ticket.consent_to_publish,
        by_writer=True,
    ),
    TicketTransition("delete_contact", tuple(Is), by_writer=True),
    TicketTransition("reschedule", tuple(OPEN)),
)
TRANSITIONS = {row.verb: row for row in _ROWS}
HANDOVER_VERBS = sorted({row.leaves for row in _ROWS if row.hands_over})
WRITER_NOTICE_VERBS = sorted({row.leaves for row in _ROWS if row.notifies_writer})
