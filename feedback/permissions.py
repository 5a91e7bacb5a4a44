"""Who may do what to a ticket in sight, by role; whether the moment is right the deeds ask themselves."""

from collections.abc import Callable

from departments.models import User
from departments.permissions import has_role
from departments.roles import UNIT_ROLES, Role
from feedback.assignment import desks_of
from feedback.choices import TicketStatus
from feedback.models import Ticket
from feedback.roles import READS_TICKETS
from feedback.transitions import TRANSITIONS, InboxQueue


def can_read_tickets(user: User) -> bool:
    """Any at all; which of them `TicketQuerySet.visible_to` says."""
    return has_role(user, *READS_TICKETS)


def can_register(user: User) -> bool:
    """Enter a letter, a call or a visit for somebody."""
    return has_role(user, Role.CLERK)


def can_note_down(user: User, ticket: Ticket) -> bool:
    """Enter what the person said by telephone: whoever may register a letter, and is not of the unit meant."""
    return can_register(user) and not ticket.concerns(user)


def can_screen(user: User, ticket: Ticket) -> bool:
    """Screen, merge, assign, decide on time, publish: the clerk any, the supervisor complaints and what was escalated.

    Nobody of the unit meant; where that leaves no clerk, it is the supervisor's.
    """
    if not user.is_authenticated or ticket.concerns(user):
        return False
    return user.has_role(Role.CLERK) or (user.has_role(Role.SUPERVISOR) and _is_supervised(user, ticket))


def _is_supervised(user: User, ticket: Ticket) -> bool:
    brought = ticket.is_complaint or ticket.escalated_at is not None
    return brought or _desk(user, ticket) == Role.SUPERVISOR


def _desk(user: User, ticket: Ticket) -> str:
    return desks_of(user).role_for(ticket.kind, ticket.about_department_id)


def can_reply(user: User, ticket: Ticket) -> bool:
    """Take, answer, hand back, ask for time: the reporters of the leading unit."""
    return user.is_authenticated and ticket.lead_department_id in user.department_ids(Role.REPORTER)


def can_dispute(user: User, ticket: Ticket) -> bool:
    """Open another look at what was published of the task: the desk, where anything was."""
    return can_screen(user, ticket) and ticket.task.publications.current().exists()


def can_review(user: User, ticket: Ticket) -> bool:
    """Say whether the published line is true: the supervisors, but for those of the unit meant.

    Who belongs to a responsible unit or assessed the line, the deed refuses with the reason.
    """
    return has_role(user, Role.SUPERVISOR) and not ticket.concerns(user)


def can_ask_more(user: User, ticket: Ticket) -> bool:
    """Ask the citizen, or wait no longer: the desk until a unit leads, then that unit, unless it is the one meant."""
    if ticket.lead_department_id is None:
        return can_screen(user, ticket)
    return can_reply(user, ticket) and not ticket.concerns(user)


def can_check(user: User, ticket: Ticket) -> bool:
    """Look at a reply before it goes out: the signers of the leading unit, and the desk."""
    signs = user.is_authenticated and ticket.lead_department_id in user.department_ids(Role.SIGNER)
    return signs or can_screen(user, ticket)


def can_see_contact(user: User, ticket: Ticket) -> bool:
    """The clerk, and who handles it or has told nobody of the answer yet; never anybody of the unit meant.

    Of a row with its owner. Where every clerk is of the unit meant, the supervisor.
    """
    if not user.is_authenticated or ticket.concerns(user):
        return False
    if user.has_role(Role.CLERK, _keeper(user, ticket)):
        return True
    return (ticket.status == TicketStatus.HANDLING or ticket.is_untold) and can_reply(user, ticket)


def _keeper(user: User, ticket: Ticket) -> str:
    """Who rings up those who wanted a call."""
    return Role.CLERK if desks_of(user).free(Role.CLERK, ticket.about_department_id) else Role.SUPERVISOR


def can_tell(user: User, ticket: Ticket) -> bool:
    """Whoever may see the number may call it."""
    return ticket.is_untold and can_see_contact(user, ticket)


def is_telling(user: User, ticket: Ticket) -> bool:
    """The desk, unless the unit that answered was quicker."""
    return can_tell(user, ticket) and user.has_role(_keeper(user, ticket))


def can_follow_up(user: User, ticket: Ticket) -> bool:
    """Go back to whoever was not satisfied: nobody of the unit meant or of the one that answered. With its owner."""
    if not user.is_authenticated or not ticket.is_displeased:
        return False
    if ticket.concerns(user) or ticket.answered_by_id in user.related_units:
        return False
    return user.has_role(Role.CLERK, _second_look(user, ticket))


def _second_look(user: User, ticket: Ticket) -> str:
    """The desk it lies on; the other one where everybody of the first is of the unit that answered."""
    return desks_of(user).role_for(ticket.kind, ticket.answered_by_id)


def is_following_up(user: User, ticket: Ticket) -> bool:
    return can_follow_up(user, ticket) and user.has_role(_second_look(user, ticket))


def can_see_photo(user: User, ticket: Ticket) -> bool:
    """The desk, and the units that have it; never anybody of the unit meant."""
    if not user.is_authenticated or ticket.concerns(user):
        return False
    own = user.department_ids(*UNIT_ROLES)
    handles = ticket.lead_department_id in own or ticket.supporting_departments.filter(pk__in=own).exists()
    return can_screen(user, ticket) or handles


def is_first_to_screen(user: User, ticket: Ticket) -> bool:
    """On whose desk it waits: complaints on the supervisor's, the rest on the clerk's; escalated ones on both."""
    return can_screen(user, ticket) and (user.has_role(_desk(user, ticket)) or is_chasing(user, ticket))


def is_asking(user: User, ticket: Ticket) -> bool:
    """Whose question the citizen has not answered yet."""
    asking = can_ask_more if ticket.lead_department_id else is_first_to_screen
    return asking(user, ticket)


def is_chasing(user: User, ticket: Ticket) -> bool:
    """Whether it came to this person because nobody got on with it."""
    return ticket.escalated_at is not None and is_watching(user, ticket)


def is_watching(user: User, ticket: Ticket) -> bool:
    """Whoever sees to it that it gets done: the supervisor; the clerk where every supervisor is of the unit meant."""
    if not can_screen(user, ticket):
        return False
    supervised = desks_of(user).free(Role.SUPERVISOR, ticket.about_department_id)
    return user.has_role(Role.SUPERVISOR if supervised else Role.CLERK)


# The table of transitions names these: it stands below the models, which they need.
PREDICATES: dict[str, Callable[[User, Ticket], bool]] = {
    predicate.__name__: predicate
    for predicate in (
        can_ask_more,
        can_check,
        can_dispute,
        can_follow_up,
        can_note_down,
        can_reply,
        can_review,
        can_screen,
        can_tell,
        is_asking,
        is_chasing,
        is_first_to_screen,
        is_following_up,
        is_telling,
        is_watching,
    )
}


def may_perform(user: User, ticket: Ticket, verb: str) -> bool:
    """Whether this person may; whether the moment is right the ticket says.

    Of a row with its owner.
    """
    name = TRANSITIONS[verb].may
    return bool(name) and PREDICATES[name](user, ticket)


def owes(user: User, ticket: Ticket, queue: InboxQueue) -> bool:
    """Whether the letters of this group of the inbox are this person's. Of a row with its owner."""
    return PREDICATES[queue.owner](user, ticket)
