"""Recusal (回避): nobody judges a task for which their own unit is responsible.

Units related by a merger or a succession count as the own unit. In the same way a demand made to a
unit is answered by the unit that succeeded it.
"""

from common.errors import Refused
from departments.models import Department, User
from departments.roles import UNIT_ROLES
from tasks.models import Task


def recusing_units(user: User) -> set[int]:
    """Ids of the units whose tasks the person must not judge: the own ones and all related ones."""
    return user.related_units


def answering_unit(addressed: int | None, by: User) -> Department | None:
    """The unit in whose name the person answers a demand made to the unit with the id `addressed`.

    It is that unit or a related one; None where the person answers for neither.
    """
    related = Department.objects.related_to({addressed} if addressed else set())
    return by.acting_department(*UNIT_ROLES, among=related)


def is_recused(task: Task, user: User) -> bool:
    """Whether a unit the person belongs to, or a related one, is responsible for the task today."""
    return task.responsibilities.in_force().filter(department__in=recusing_units(user)).exists()


def check_not_recused(task: Task, by: User, action: str) -> None:
    """Raises Refused where the person is recused; `action` is the Chinese verb for the message."""
    if is_recused(task, by):
        raise Refused(f"您所在的单位是这项任务的责任单位，按回避规定由其他单位的督查员{action}。")
