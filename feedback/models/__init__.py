from feedback.models.steps import Addition, Contact, Rating, Reply, TicketEvent
from feedback.models.tickets import Ticket, TicketCounter
from feedback.moves import AT_THE_UNIT, MOVES, OPEN, REPLIED, RUNNING, TicketStatus

__all__ = [
    "AT_THE_UNIT",
    "MOVES",
    "OPEN",
    "REPLIED",
    "RUNNING",
    "Addition",
    "Contact",
    "Rating",
    "Reply",
    "Ticket",
    "TicketCounter",
    "TicketEvent",
    "TicketStatus",
]
