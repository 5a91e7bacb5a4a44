"""Who may do what to a ticket in sight, by role; whether the moment is right the deeds ask themselves."""

from departments.models import Role, User
from feedback.models import Ticket, TicketStatus


def can_register(user: User) -> bool:
    """Enter a letter, a call or a visit for somebody."""
    return user.is_authenticated and user.has_role(Role.CLERK)


def can_screen(user: User, ticket: Ticket) -> bool:
    """Screen, assign, publish: the clerk any, the supervisor complaints, nobody of the unit meant."""
    if not user.is_authenticated or ticket.concerns(user):
        return False
    return user.has_role(Role.CLERK) or (user.has_role(Role.SUPERVISOR) and ticket.kind == Ticket.Kind.COMPLAINT)


def can_reply(user: User, ticket: Ticket) -> bool:
    """Take, answer or hand back: the reporters of the leading unit."""
    return user.is_authenticated and ticket.lead_department_id in user.departments_as(Role.REPORTER)


def can_see_contact(user: User, ticket: Ticket) -> bool:
    """The clerk, and who handles it; never anybody of the unit meant."""
    if not user.is_authenticated or ticket.concerns(user):
        return False
    return user.has_role(Role.CLERK) or (ticket.status == TicketStatus.HANDLING and can_reply(user, ticket))


def is_first_to_screen(user: User, ticket: Ticket) -> bool:
    """On whose desk it waits: complaints on the supervisor's, the rest on the clerk's."""
    desk = Role.SUPERVISOR if ticket.kind == Ticket.Kind.COMPLAINT else Role.CLERK
    return can_screen(user, ticket) and user.has_role(desk)
