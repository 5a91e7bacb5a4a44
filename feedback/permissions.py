"""Who may do what to a letter in sight, by role. Whether the moment is right the actions check."""

from collections.abc import Callable
from typing import TypeGuard

from django.contrib.auth.models import AnonymousUser

from departments.models import User
from departments.permissions import has_role
from departments.roles import UNIT_ROLES, Role
from feedback.assignment import desks_of
from feedback.choices import TicketStatus
from feedback.models import Ticket
from feedback.roles import READS_TICKETS
from feedback.transition_types import InboxQueue
from feedback.transitions import TRANSITIONS


def can_read_tickets(user: User | AnonymousUser) -> bool:
    """Whether the person may read any letter; `TicketQuerySet.visible_to` says which."""
    return has_role(user, *READS_TICKETS)


def can_register(user: User | AnonymousUser) -> bool:
    """Whether the person may register a letter, a call or a visit for its writer."""
    return has_role(user, Role.CLERK)


def can_note_down(user: User, ticket: Ticket) -> bool:
    """Whether the person may enter what the writer added by telephone.

    Clerks, unless they belong to the unit complained of.
    """
    return can_register(user) and not ticket.concerns(user)


def _is_impartial(user: User | AnonymousUser, ticket: Ticket) -> TypeGuard[User]:
    """Whether somebody is signed in who does not belong to the unit complained of."""
    return user.is_authenticated and not ticket.concerns(user)


def can_screen(user: User | AnonymousUser, ticket: Ticket) -> bool:
    """Whether the person may screen, merge, assign, decide on an extension or publish.

    Clerks may for any letter, supervisors for complaints, escalated letters and where no clerk may;
    never anybody of the unit complained of.
    """
    if not _is_impartial(user, ticket):
        return False
    return user.has_role(Role.CLERK) or (
        user.has_role(Role.SUPERVISOR) and _is_supervised(user, ticket)
    )


def _is_supervised(user: User, ticket: Ticket) -> bool:
    brought = ticket.is_complaint or ticket.escalated_at is not None
    return brought or _desk(user, ticket) == Role.SUPERVISOR


def _desk(user: User, ticket: Ticket) -> str:
    return desks_of(user).role_for(ticket.kind, ticket.about_department_id)


def can_reply(user: User | AnonymousUser, ticket: Ticket) -> bool:
    """Whether the person may start on the letter, reply, hand it back or ask for an extension:
    the reporters of the leading unit.
    """
    return user.is_authenticated and ticket.lead_department_id in user.department_ids(Role.REPORTER)


def can_dispute(user: User, ticket: Ticket) -> bool:
    """Whether the person may ask for a review of published progress: the desk,
    where anything of the task is published.
    """
    if ticket.task is None or not can_screen(user, ticket):
        return False
    return ticket.task.publications.current().exists()


def can_review(user: User, ticket: Ticket) -> bool:
    """Whether the person may decide a review: supervisors, unless they belong to the unit
    complained of.

    The action itself refuses whoever belongs to a responsible unit or assessed the line.
    """
    return has_role(user, Role.SUPERVISOR) and not ticket.concerns(user)


def can_ask_more(user: User, ticket: Ticket) -> bool:
    """Whether the person may ask the writer for more, or stop waiting for it.

    The desk until a unit leads, then that unit's reporters, unless it is the unit complained of.
    """
    if ticket.lead_department_id is None:
        return can_screen(user, ticket)
    return can_reply(user, ticket) and not ticket.concerns(user)


def can_check(user: User | AnonymousUser, ticket: Ticket) -> bool:
    """Whether the person may check a reply before it is sent: signers of the leading unit,
    and the desk.
    """
    signs = user.is_authenticated and ticket.lead_department_id in user.department_ids(Role.SIGNER)
    return signs or can_screen(user, ticket)


def can_see_contact(user: User | AnonymousUser, ticket: Ticket) -> bool:
    """Whether the person may see the writer's contact; needs a row of `with_owner`.

    Clerks, or the supervisors where every clerk belongs to the unit complained of; the leading unit
    while it handles the letter or has to notify the writer. Never anybody of the unit complained
    of.
    """
    if not _is_impartial(user, ticket):
        return False
    if user.has_role(Role.CLERK, _keeper(user, ticket)):
        return True
    needs_contact = ticket.status == TicketStatus.HANDLING or ticket.needs_notice
    return needs_contact and can_reply(user, ticket)


def _keeper(user: User, ticket: Ticket) -> str:
    """The role that notifies writers who wanted a call."""
    return (
        Role.CLERK
        if desks_of(user).eligible(Role.CLERK, ticket.about_department_id)
        else Role.SUPERVISOR
    )


def can_tell(user: User, ticket: Ticket) -> bool:
    """Whether the person may record that the writer was notified: whoever may see the contact."""
    return ticket.needs_notice and can_see_contact(user, ticket)


def is_telling(user: User, ticket: Ticket) -> bool:
    """Whether notifying the writer is this person's to do: the desk,
    unless the unit was quicker.
    """
    return can_tell(user, ticket) and user.has_role(_keeper(user, ticket))


def can_follow_up(user: User | AnonymousUser, ticket: Ticket) -> bool:
    """Whether the person may follow up a bad rating; needs a row of `with_owner`.

    Nobody of the unit complained of or of the unit that answered.
    """
    if not ticket.needs_follow_up or not _is_impartial(user, ticket):
        return False
    if ticket.answered_by_id in user.related_units:
        return False
    return user.has_role(Role.CLERK, _second_look(user, ticket))


def _second_look(user: User, ticket: Ticket) -> str:
    """The role that follows up: the letter's desk, or the other one where everybody of the first
    belongs to the unit that answered.
    """
    return desks_of(user).role_for(ticket.kind, ticket.answered_by_id)


def is_following_up(user: User, ticket: Ticket) -> bool:
    """Whether the follow-up is this person's to do."""
    return can_follow_up(user, ticket) and user.has_role(_second_look(user, ticket))


def can_see_photo(user: User | AnonymousUser, ticket: Ticket) -> bool:
    """Whether the person may download the photos: the desk, and the units that have the letter;
    never anybody of the unit complained of.
    """
    if not _is_impartial(user, ticket):
        return False
    own = user.department_ids(*UNIT_ROLES)
    handles = (
        ticket.lead_department_id in own
        or ticket.supporting_departments.filter(pk__in=own).exists()
    )
    return can_screen(user, ticket) or handles


def is_first_to_screen(user: User, ticket: Ticket) -> bool:
    """Whether the letter waits at this person's desk; an escalated one waits at both."""
    return can_screen(user, ticket) and (
        user.has_role(_desk(user, ticket)) or is_chasing(user, ticket)
    )


def is_asking(user: User, ticket: Ticket) -> bool:
    """Whether the unanswered question to the writer is this person's."""
    asking = can_ask_more if ticket.lead_department_id else is_first_to_screen
    return asking(user, ticket)


def is_chasing(user: User, ticket: Ticket) -> bool:
    """Whether the letter was escalated to this person."""
    return ticket.escalated_at is not None and is_watching(user, ticket)


def is_watching(user: User, ticket: Ticket) -> bool:
    """Whether this person sees to it that the letter is answered: the supervisors, or the clerks
    where every supervisor belongs to the unit complained of.
    """
    if not can_screen(user, ticket):
        return False
    supervised = desks_of(user).eligible(Role.SUPERVISOR, ticket.about_department_id)
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
    """Whether the person may take this step; whether the moment is right the letter itself says.

    Needs a row of `with_owner`.
    """
    name = TRANSITIONS[verb].may
    return bool(name) and PREDICATES[name](user, ticket)


def owes(user: User, ticket: Ticket, queue: InboxQueue) -> bool:
    """Whether the letters in this group of the inbox are this person's;
    needs a row of `with_owner`.
    """
    return PREDICATES[queue.owner](user, ticket)
