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
    """And send back, raise and close them."""
    return has_role(user, Role.SUPERVISOR)


def can_reply_to_slip(user: User, slip: SupervisionSlip) -> bool:
    return is_reporter_or_signer(user) and answering_unit(slip.department_id, user) is not None


def can_oversee(user: User) -> bool:
    """The first screen of leaders and the papers of their meetings."""
    return has_role(user, *OVERSIGHT_ROLES)


def can_read_coordination(user: User) -> bool:
    return has_role(user, *READS_FOLLOW_UP)


def can_raise_coordination(user: User, task: Task) -> bool:
    """Supervisors about any task, reporters about those of their units."""
    if can_raise_about_any_task(user):
        return True
    if not has_role(user, Role.REPORTER):
        return False
    own = user.department_ids(Role.REPORTER)
    return task.responsibilities.in_force().filter(department__in=own).exists()


def can_raise_about_any_task(user: User) -> bool:
    """Also where nobody reported."""
    return has_role(user, Role.SUPERVISOR)


def can_decide_coordination(user: User) -> bool:
    return has_role(user, *OVERSIGHT_ROLES)


def can_instruct(user: User) -> bool:
    return is_leader(user)


def can_reply_coordination(user: User, item: CoordinationItem) -> bool:
    return is_reporter_or_signer(user) and answering_unit(item.owner_id, user) is not None


def can_close_coordination(user: User) -> bool:
    return has_role(user, Role.SUPERVISOR)
