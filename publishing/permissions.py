from departments.models import Role, User
from publishing.actions.corrections import correcting_unit
from publishing.choices import Voice
from tasks.models import Task


def can_read_requests(user: User) -> bool:
    """Supervisors answer the units, publishers what is to be corrected."""
    return user.has_role(Role.SUPERVISOR, Role.PUBLISHER)


def can_correct(user: User, task: Task, voice: str) -> bool:
    """Each voice its own words: reporters of the lead unit theirs, supervisors the verdict."""
    if voice == Voice.SUPERVISOR:
        return user.has_role(Role.SUPERVISOR)
    return correcting_unit(task, voice, user) is not None


def can_prepare_release(user: User) -> bool:
    return user.has_role(Role.SUPERVISOR)


def can_publish(user: User) -> bool:
    return user.has_role(Role.PUBLISHER)


def can_preview_release(user: User) -> bool:
    return user.has_role(Role.SUPERVISOR, Role.PUBLISHER, Role.LEADER)


def can_handle_release(user: User) -> bool:
    """Records its approval, takes it back, looks again at what it withholds."""
    return user.has_role(Role.SUPERVISOR, Role.PUBLISHER)


def can_extend_withholding(user: User) -> bool:
    return user.has_role(Role.SUPERVISOR)
