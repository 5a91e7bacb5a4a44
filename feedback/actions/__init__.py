"""Every action on a letter under one name, `actions`: each changes one letter, leaves a dated step
for its writer and an entry in the ledger. The modules of the package sort them by who acts.
"""

from feedback.actions.after_reply import follow_up, record_notification
from feedback.actions.citizen import (
    add,
    delete_contact,
    rate,
    reopen,
    supplement,
    withdraw,
    withdraw_consent,
)
from feedback.actions.desk import (
    accept,
    assign,
    decline,
    publish,
    reassign,
    redirect,
    see_contact,
    spam,
    take_down,
)
from feedback.actions.extensions import ask_extension, extend, refuse_extension
from feedback.actions.handling import approve_reply, hand_back, reply, return_reply, start_handling
from feedback.actions.key_rotation import reseal_contacts
from feedback.actions.merging import merge
from feedback.actions.pauses import ask_more, resume
from feedback.actions.photos import sweep_photos
from feedback.actions.registration import register, registered_otherwise
from feedback.actions.reviews import decide_review, dispute
from feedback.actions.scheduled import (
    close_answered,
    escalate_waiting,
    forget_contacts,
    settle_due_days,
)
from feedback.actions.steps import CITIZEN

__all__ = [
    "CITIZEN",
    "accept",
    "add",
    "approve_reply",
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
    "publish",
    "rate",
    "reassign",
    "record_notification",
    "redirect",
    "refuse_extension",
    "register",
    "registered_otherwise",
    "reopen",
    "reply",
    "reseal_contacts",
    "resume",
    "return_reply",
    "see_contact",
    "settle_due_days",
    "spam",
    "start_handling",
    "supplement",
    "sweep_photos",
    "take_down",
    "withdraw",
    "withdraw_consent",
]
