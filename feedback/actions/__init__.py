"""Every action on a letter under one name, `actions`: each changes one letter, leaves a dated step
for its writer and an entry in the ledger. The modules of the package sort them by who acts.
"""

from feedback.actions.after_reply import follow_up, record_notification
from feedback.actions.citizen import (
    MailOrigin,
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
from feedback.actions.key_rotation import reseal_contacts, reseal_mails
from feedback.actions.mail import (
    forget_mails,
    is_known_mail,
    record_sent_mail,
    register_mail,
    register_set_aside,
    see_original,
    set_aside,
    settle_mail,
)
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
    "MailOrigin",
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
    "forget_mails",
    "hand_back",
    "is_known_mail",
    "merge",
    "publish",
    "rate",
    "reassign",
    "record_notification",
    "record_sent_mail",
    "redirect",
    "refuse_extension",
    "register",
    "register_mail",
    "register_set_aside",
    "registered_otherwise",
    "reopen",
    "reply",
    "reseal_contacts",
    "reseal_mails",
    "resume",
    "return_reply",
    "see_contact",
    "see_original",
    "set_aside",
    "settle_due_days",
    "settle_mail",
    "spam",
    "start_handling",
    "supplement",
    "sweep_photos",
    "take_down",
    "withdraw",
    "withdraw_consent",
]
