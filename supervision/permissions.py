from departments.models import Role, User
from supervision.models import CoordinationItem, SupervisionSlip
from tasks.models import Task
from tasks.recusal import answering_unit


def can_read_slips(user: User) -> bool:
    return user.has_role(Role.REPORTER, Role.SIGNER, Role.SUPERVISOR, Role.LEADER, Role.AUDITOR)


def can_issue_slips(user: User) -> bool:
    """And send back, raise and close them."""
    return user.has_role(Role.SUPERVISOR)


def can_reply_to_slip(user: User, slip: SupervisionSlip) -> bool:
    return answering_unit(slip.department_id, user) is not None


def can_oversee(user: User) -> bool:
    """The first screen of leaders and the papers of their meetings."""
    return user.has_role(Role.LEADER, Role.SUPERVISOR)


def can_read_coordination(user: User) -> bool:
    return user.has_role(Role.REPORTER, Role.SIGNER, Role.SUPERVISOR, Role.LEADER, Role.AUDITOR)


def can_raise_coordination(user: User, task: Task) -> bool:
    """Supervisors about any task, reporters about those of their units."""
    own = user.departments_as(Role.REPORTER)
    return user.has_role(Role.SUPERVISOR) or task.responsibilities.in_force().filter(department__in=own).exists()


def can_decide_coordination(user: User) -> bool:
    return user.has_role(Role.LEADER, Role.SUPERVISOR)


def can_instruct(user: User) -> bool:
    return user.has_role(Role.LEADER)


def can_reply_coordination(user: User, item: CoordinationItem) -> bool:
    return answering_unit(item.owner_id, user) is not None


def can_close_coordination(user: User) -> bool:
    return user.has_role(Role.SUPERVISOR)
