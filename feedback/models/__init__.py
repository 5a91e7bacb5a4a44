"""The models of the letters."""

from feedback.models.counter import TicketCounter
from feedback.models.mails import SentMail, SetAsideMail
from feedback.models.steps import Addition, Contact, Rating, Reply, TicketEvent
from feedback.models.tickets import Ticket

__all__ = [
    "Addition",
    "Contact",
    "Rating",
    "Reply",
    "SentMail",
    "SetAsideMail",
    "Ticket",
    "TicketCounter",
    "TicketEvent",
]
