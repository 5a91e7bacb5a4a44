"""Whatever is keyed by the verb of a letter's transition has the verbs of the table."""

from feedback import actions, permissions
from feedback.choices import TicketVerb
from feedback.pages import ticket_actions
from feedback.read_models.inbox import STEPS
from feedback.rules.clocks import ALARM_DAYS
from feedback.transitions import HANDOVER_VERBS, TRANSITIONS, WRITER_NOTICE_VERBS
from feedback.views import tracking
from public.ledger_words import VERBS
from subscriptions.models import Event
from subscriptions.reminders.tickets import NOTICES

ROWS = TRANSITIONS.values()
# Predicate -> the steps it guards, written down by hand: a step that is given to others by mistake
# has to disagree with this. The steps left out are taken by the writer, by the calendar or within
# another step.
WHO_MAY = {
    "can_screen": {
        "accept",
        "decline",
        "redirect",
        "spam",
        "merge",
        "assign",
        "reassign",
        "extend",
        "refuse_extension",
        "publish",
        "take_down",
    },
    "can_reply": {"take", "hand_back", "ask_extension", "reply"},
    "can_check": {"pass_reply", "return_reply"},
    "can_ask_more": {"ask_more", "resume"},
    "can_note_down": {"supplement", "add", "rate"},
    "can_tell": {"tell"},
    "can_follow_up": {"follow_up"},
    "can_dispute": {"dispute"},
    "can_review": {"decide_review"},
}
BY_THE_WRITER = {
    "supplement",
    "add",
    "rate",
    "reopen",
    "withdraw",
    "withdraw_consent",
    "delete_contact",
}


def test_every_verb_the_writer_reads_is_a_transition_and_the_other_way_round():
    assert set(TRANSITIONS) - set(TicketVerb) == {"pass_reply"}
    assert set(TicketVerb) - set(TRANSITIONS) == set()
    assert {row.leaves for row in ROWS} == set(TicketVerb)


def test_only_a_reply_that_was_passed_is_read_under_another_verb():
    assert [row.verb for row in ROWS if row.verb != row.leaves] == ["pass_reply"]
    passed = TRANSITIONS["pass_reply"]
    assert (passed.leaves, passed.label) == (TicketVerb.REPLY, "答复")
    assert passed.ledger_verb == "reply_ticket"


def test_every_ledger_verb_has_words_and_no_word_is_left_without_a_transition():
    assert {row.ledger_verb for row in ROWS} == {verb for verb in VERBS if verb.endswith("_ticket")}


def test_every_transition_of_the_staff_has_its_form_and_the_other_way_round():
    assert ticket_actions.ACTIONS.keys() == {row.verb for row in ROWS if row.may}


def test_every_transition_of_the_writer_is_on_their_own_page_and_the_other_way_round():
    assert tracking.ACTIONS.keys() == {row.verb for row in ROWS if row.by_writer}


def test_every_form_has_the_action_of_its_verb():
    otherwise = {
        "take": "start_handling",
        "tell": "record_notification",
        "pass_reply": "approve_reply",
    }
    for row in (*ticket_actions.ACTIONS.values(), *tracking.ACTIONS.values()):
        assert row.action is getattr(actions, otherwise.get(row.verb, row.verb))


def test_every_transition_that_notifies_the_staff_has_its_notice_and_the_other_way_round():
    assert NOTICES.keys() == {row.verb for row in ROWS if row.notifies_staff}
    events = {event for event in Event if event.startswith("ticket_")}
    assert set(NOTICES.values()) == events - {Event.TICKET_DUE}


def test_what_the_writer_has_to_be_notified_of_is_written_here_once_more():
    assert set(WRITER_NOTICE_VERBS) == {"ask_more", "decline", "redirect", "reply"}


def test_the_steps_that_put_a_letter_in_other_hands_are_written_here_once_more():
    assert set(HANDOVER_VERBS) == {
        "receive",
        "accept",
        "ask_more",
        "supplement",
        "resume",
        "merge",
        "unmerge",
        "assign",
        "take",
        "hand_back",
        "reassign",
        "send_to_check",
        "return_reply",
        "reply",
        "reopen",
    }


def test_each_step_of_a_letter_is_offered_to_those_of_the_table_and_to_nobody_else():
    guards = {row.verb: row.may for row in ROWS if row.may}
    assert guards == {verb: name for name, verbs in WHO_MAY.items() for verb in verbs}
    assert {row.verb for row in ROWS if row.by_writer} == BY_THE_WRITER


def test_every_predicate_the_table_names_is_known_and_none_is_known_for_nothing():
    named = {row.may for row in ROWS if row.may} | {step.queue.owner for step in STEPS}
    assert permissions.PREDICATES.keys() == named
    assert all(predicate.__name__ == name for name, predicate in permissions.PREDICATES.items())


def test_the_inbox_lists_what_is_most_urgent_first():
    assert [step.queue.title for step in STEPS] == [
        f"来信 {ALARM_DAYS} 天没有答复",
        "单位申请延期",
        "待受理",
        "待转办",
        "主办单位没有人办理，请改派",
        "待接收",
        "待答复",
        "答复待审核",
        "提请督办，请催办",
        "反映进展不实，待核实",
        "要告知来信人",
        "评价不满意，要回访",
        "等来信人补充",
        "可以公开",
    ]
    assert len({step.queue.rank for step in STEPS}) == len(STEPS)
