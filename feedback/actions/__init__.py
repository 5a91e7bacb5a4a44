"""A ticket's way, one deed a step: each moves one row, leaves a dated step for the citizen and one entry."""

from feedback.actions.after_reply import follow_up, tell
from feedback.actions.citizen import add, delete_contact, rate, reopen, supplement, withdraw, withdraw_consent
from feedback.actions.desk import accept, assign, decline, publish, reassign, redirect, see_contact, spam, take_down
from feedback.actions.extensions import ask_extension, extend, refuse_extension
from feedback.actions.handling import hand_back, pass_reply, reply, return_reply, take
from feedback.actions.key_rotation import reseal_contacts
from feedback.actions.merging import merge
from feedback.actions.pauses import ask_more, resume
from feedback.actions.photos import sweep_photos
from feedback.actions.registration import receive
from feedback.actions.reviews import decide_review, dispute
from feedback.actions.scheduled import close_answered, escalate_waiting, forget_contacts, settle_due_days
from feedback.actions.steps import CITIZEN

__all__ = [
    "CITIZEN",
    "accept",
    "add",
    "ask_extension",
    "ask_more",
    "assign",
    "close_answered",
    "decide_review",
    "decline",
    "delete_contact",
    "dispute",
    "escalate_waiting",
    "extend",
    "follow_up",
    "forget_contacts",
    "hand_back",
    "merge",
    "pass_reply",
    "publish",
    "rate",
    "reassign",
    "receive",
    "redirect",
    "refuse_extension",
    "reopen",
    "reply",
    "reseal_contacts",
    "resume",
    "return_reply",
    "see_contact",
    "settle_due_days",
    "spam",
    "supplement",
    "sweep_photos",
    "take",
    "take_down",
    "tell",
    "withdraw",
    "withdraw_consent",
]
