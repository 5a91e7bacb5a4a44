"""Which people may take which step in supervision; the actions check the facts of a case."""

from departments.models import User
from departments.permissions import has_role, is_leader, is_reporter_or_signer
from departments.roles import OVERSIGHT_ROLES, Role
from supervision.models import CoordinationItem, SupervisionSlip
from supervision.roles import READS_FOLLOW_UP
from tasks.models import Task
from tasks.recusal import answering_unit


def can_read_slips(user: User) -> bool:
    return has_role(user, *READS_FOLLOW_UP)


def can_issue_slips(user: User) -> bool:
    """Whether the person may issue slips, and send back, raise, close and withdraw them."""
    return has_role(user, Role.SUPERVISOR)


def can_reply_to_slip(user: User, slip: SupervisionSlip) -> bool:
    """Whether the person writes or signs for the unit that has to reply."""
    return is_reporter_or_signer(user) and answering_unit(slip.department_id, user) is not None


def can_oversee(user: User) -> bool:
    """Whether the person may open the overview and the meeting papers."""
    return has_role(user, *OVERSIGHT_ROLES)


def can_read_coordination(user: User) -> bool:
    return has_role(user, *READS_FOLLOW_UP)


def can_raise_coordination(user: User, task: Task) -> bool:
    """Whether the person may raise an item about the task: supervisors may about any task."""
    if can_raise_about_any_task(user):
        return True
    if not has_role(user, Role.REPORTER):
        return False
    own = user.department_ids(Role.REPORTER)
    return task.responsibilities.in_force().filter(department__in=own).exists()


def can_raise_about_any_task(user: User) -> bool:
    """Whether the person may raise an item about any task, also one without a report."""
    return has_role(user, Role.SUPERVISOR)


def can_decide_coordination(user: User) -> bool:
    return has_role(user, *OVERSIGHT_ROLES)


def can_instruct(user: User) -> bool:
    return is_leader(user)


def can_reply_coordination(user: User, item: CoordinationItem) -> bool:
    """Whether the person writes or signs for the unit that carries out the decision."""
    return is_reporter_or_signer(user) and answering_unit(item.owner_id, user) is not None


def can_close_coordination(user: User) -> bool:
    return has_role(user, Role.SUPERVISOR)
