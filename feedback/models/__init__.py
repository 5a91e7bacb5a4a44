from feedback.models.steps import Contact, Reply, TicketEvent
from feedback.models.tickets import MOVES, OPEN, Ticket, TicketCounter, TicketStatus

__all__ = ["MOVES", "OPEN", "Contact", "Reply", "Ticket", "TicketCounter", "TicketEvent", "TicketStatus"]
