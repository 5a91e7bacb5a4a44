"""What may happen to a letter: one row a verb, read by model, actions, inbox, pages and clock.

Forms and buttons stand beside the pages (`pages/ticket_actions.py`, `views/tracking.py`), reminders
for the staff in `subscriptions`, the words of the ledger in `public/ledger_words.py`: each keyed by
the verb. `tests/feedback/test_transitions.py` compares the key sets.
"""

from feedback import conditions
from feedback.choices import (
    AT_THE_UNIT,
    OPEN,
    REPLIED,
    RUNNING,
    ClockEffect,
    Is,
    TicketVerb,
)
from feedback.transition_types import InboxQueue, TicketTransition

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
        when=conditions.was_never_reopened,
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
        conditions.status_of_whoever_asked,
        may="can_note_down",
        by_writer=True,
        clock=ClockEffect.RESUMES,
        hands_over=True,
    ),
    TicketTransition(
        "resume",
        (Is.NEEDS_MORE,),
        conditions.status_of_whoever_asked,
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
        conditions.status_with_new_lead,
        when=conditions.has_lead,
        may="can_screen",
        hands_over=True,
        notifies_staff=True,
        queue=InboxQueue(
            4,
            "主办单位没有人办理，请改派",
            "主办单位已撤并或没有填报员，还差：新的主办单位",
            "is_first_to_screen",
            waits=conditions.is_abandoned,
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
        when=conditions.was_never_handed_back,
        may="can_reply",
        hands_over=True,
    ),
    TicketTransition(
        "ask_extension",
        tuple(AT_THE_UNIT),
        when=conditions.has_no_extension_request,
        may="can_reply",
    ),
    TicketTransition(
        "extend",
        tuple(AT_THE_UNIT),
        when=conditions.has_extension_request,
        may="can_screen",
        clock=ClockEffect.EXTENDS,
        queue=InboxQueue(1, "单位申请延期", "还差：是否同意延期", "is_first_to_screen"),
    ),
    TicketTransition(
        "refuse_extension",
        tuple(AT_THE_UNIT),
        when=conditions.has_extension_request,
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
        when=conditions.was_not_escalated,
        notifies_staff=True,
        queue=InboxQueue(
            8,
            "提请督办，请催办",
            "超过期限或等得太久，请催办或改派，还差：主办单位的答复",
            "is_chasing",
            # Once escalated it stays with the supervisors until it is answered.
            waits=conditions.is_running,
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
            waits=conditions.needs_notice,
        ),
    ),
    TicketTransition(
        "rate",
        (Is.ANSWERED,),
        Is.CLOSED,
        may="can_note_down",
        by_writer=True,
        when=conditions.was_not_withdrawn,
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
            waits=conditions.needs_follow_up,
        ),
    ),
    TicketTransition(
        "reopen",
        tuple(REPLIED),
        conditions.status_after_reopening,
        when=conditions.may_be_reopened,
        by_writer=True,
        clock=ClockEffect.STARTS,
        hands_over=True,
    ),
    TicketTransition(
        "publish",
        tuple(REPLIED),
        when=conditions.may_be_published,
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
        # A question stays public while its work is done again.
        tuple(Is),
        when=conditions.is_public,
        may="can_screen",
    ),
    TicketTransition(
        "dispute",
        (*RUNNING, *REPLIED),
        when=conditions.may_be_disputed,
        may="can_dispute",
    ),
    TicketTransition(
        "decide_review",
        tuple(Is),
        when=conditions.awaits_review,
        may="can_review",
        queue=InboxQueue(9, "反映进展不实，待核实", "还差：核实结论", "can_review", spans=True),
    ),
    TicketTransition(
        "withdraw",
        (*OPEN, *REPLIED),
        conditions.status_after_withdrawal,
        when=conditions.was_not_withdrawn,
        by_writer=True,
    ),
    TicketTransition(
        "withdraw_consent",
        tuple(Is),
        when=conditions.has_consent,
        by_writer=True,
    ),
    TicketTransition("delete_contact", tuple(Is), by_writer=True),
    TicketTransition("reschedule", tuple(OPEN)),
)
TRANSITIONS = {row.verb: row for row in _ROWS}
HANDOVER_VERBS = sorted({row.leaves for row in _ROWS if row.hands_over})
WRITER_NOTICE_VERBS = sorted({row.leaves for row in _ROWS if row.notifies_writer})
