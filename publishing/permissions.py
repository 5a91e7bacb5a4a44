from departments.models import User
from departments.permissions import has_role
from departments.roles import Role
from publishing.actions.corrections import correcting_unit
from publishing.choices import Voice
from publishing.roles import PREVIEW_ROLES, RELEASE_ROLES
from tasks.models import Task


def can_read_requests(user: User) -> bool:
    """Supervisors answer the units, publishers what is to be corrected."""
    return has_role(user, *RELEASE_ROLES)


def can_correct(user: User, task: Task, voice: str) -> bool:
    """Each voice its own words: reporters of the lead unit theirs, supervisors the verdict."""
    if voice == Voice.SUPERVISOR:
        return can_correct_verdicts(user)
    return has_role(user, Role.REPORTER) and correcting_unit(task, voice, user) is not None


def can_correct_verdicts(user: User) -> bool:
    return has_role(user, Role.SUPERVISOR)


def can_prepare_release(user: User) -> bool:
    return has_role(user, Role.SUPERVISOR)


def can_publish(user: User) -> bool:
    return has_role(user, Role.PUBLISHER)


def can_preview_release(user: User) -> bool:
    return has_role(user, *PREVIEW_ROLES)


def can_handle_release(user: User) -> bool:
    """Records its approval, takes it back, looks again at what it withholds."""
    return has_role(user, *RELEASE_ROLES)


def can_extend_withholding(user: User) -> bool:
    return has_role(user, Role.SUPERVISOR)
