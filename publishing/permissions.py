"""Which roles may use the pages of publishing; the facts of a case are checked by the actions."""

from departments.models import User
from departments.permissions import has_role
from departments.roles import RELEASE_ROLES, Role
from publishing.actions.corrections import correcting_unit
from publishing.choices import Voice
from publishing.roles import PREVIEW_ROLES
from tasks.models import Task


def can_read_requests(user: User) -> bool:
    """Whether the person decides on objections, as a supervisor, or corrections, as a publisher."""
    return has_role(user, *RELEASE_ROLES)


def can_correct(user: User, task: Task, voice: str) -> bool:
    """Whether the person may correct words of this voice.

    Reporters of the lead unit correct the unit's words, supervisors the verdict.
    """
    if voice == Voice.SUPERVISOR:
        return can_correct_verdicts(user)
    return has_role(user, Role.REPORTER) and correcting_unit(task, voice, user) is not None


def can_correct_verdicts(user: User) -> bool:
    """Whether the person may propose corrections of the supervisors' verdicts."""
    return has_role(user, Role.SUPERVISOR)


def can_prepare_release(user: User) -> bool:
    return has_role(user, Role.SUPERVISOR)


def can_publish(user: User) -> bool:
    return has_role(user, Role.PUBLISHER)


def can_preview_release(user: User) -> bool:
    """Whether the person may see a release before it is published."""
    return has_role(user, *PREVIEW_ROLES)


def can_handle_release(user: User) -> bool:
    """Whether the person may record its approval, drop it and review what it withholds."""
    return has_role(user, *RELEASE_ROLES)


def can_extend_withholding(user: User) -> bool:
    return has_role(user, Role.SUPERVISOR)
