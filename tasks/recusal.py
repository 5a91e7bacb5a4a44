"""Nobody judges what the own unit answers for, nor what a unit it came from or went into answers for.

What was put to a unit in person goes the same way: it is answered by whatever became of it.
"""

from common.errors import Refused
from departments.models import Department, User
from departments.roles import UNIT_ROLES
from tasks.models import Task


def recusing_units(user: User) -> set[int]:
    """Units whose tasks the person does not judge: the own ones and all their kin, over any number of mergers."""
    return user.related_units


def answering_unit(addressed: int | None, by: User) -> Department | None:
    """The unit for which the person answers what was put to the one with this id: itself, or its kin."""
    return by.acting_department(*UNIT_ROLES, among=Department.objects.related_to({addressed}))


def recused(task: Task, user: User) -> bool:
    return task.responsibilities.in_force().filter(department__in=recusing_units(user)).exists()


def check_not_recused(task: Task, by: User, action: str) -> None:
    if recused(task, by):
        raise Refused(f"您所在的单位是这项任务的责任单位，按回避规定由其他单位的督查员{action}。")
