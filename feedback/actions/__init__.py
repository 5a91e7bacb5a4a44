"""A ticket's way, one deed a step: each moves one row, leaves a dated step for the citizen and one entry."""

from feedback.actions.desk import accept, assign, decline, publish, redirect, see_contact
from feedback.actions.handling import hand_back, reply, take
from feedback.actions.letters import CITIZEN, forget_contacts, receive, settle_due_days, withdraw

__all__ = [
    "CITIZEN",
    "accept",
    "assign",
    "decline",
    "forget_contacts",
    "hand_back",
    "publish",
    "receive",
    "redirect",
    "reply",
    "see_contact",
    "settle_due_days",
    "take",
    "withdraw",
]
