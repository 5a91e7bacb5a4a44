"""Actions on memberships: to give a person a role in a unit, to end it and to hand it over."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from common.errors import Refused
from departments.actions.unsent import forget_unsent_of_leaver
from departments.models import Department, Membership, User
from departments.roles import Role
from ledger.actions import Actor, LedgerEvent, append


@transaction.atomic
def add_membership(
    *, user: User, department: Department, role: str, by: Actor, at: datetime
) -> Membership:
    """Give a person a role in a unit.

    Raises Refused for one's own account and if the person already has this role there.
    """
    if str(user.pk) == by.id:
        raise Refused("不能给自己增加岗位，请由另一位系统管理员办理。")
    User.objects.select_for_update().get(pk=user.pk)
    if user.memberships.filter(department=department, role=role, ended_at=None).exists():
        raise Refused(f"{user}在{department}已有这个岗位。")
    membership = Membership.objects.create(user=user, department=department, role=role)
    append([membership_event(membership, "add_post")], by=by, at=at)
    return membership


@transaction.atomic
def set_portfolio(
    *, membership: Membership, departments: Iterable[Department], by: Actor, at: datetime
) -> None:
    """分管: choose the units whose matters come first to a leader; none: all units alike.

    Raises Refused if the membership is not a leader's or has ended.
    """
    leader = Membership.objects.select_for_update().get(pk=membership.pk)
    if leader.role != Role.LEADER or leader.ended_at:
        raise Refused("分管单位只登记在在岗的区领导名下。")
    units = sorted(departments, key=lambda unit: unit.pk)
    leader.portfolio.set(units)
    facts = {"user": leader.user_id, "units": " ".join(unit.slug for unit in units)}
    event = LedgerEvent("set_looks_after", "membership", str(leader.pk), facts, public=False)
    append([event], by=by, at=at)


@transaction.atomic
def end_membership(*, membership: Membership, by: Actor, at: datetime) -> None:
    """End a membership at the moment `at`; one that has already ended stays as it is.

    Raises Refused for one's own role of administrator and for the last administrator.
    """
    if membership.role == Role.ADMINISTRATOR and str(membership.user_id) == by.id:
        raise Refused("不能办理自己的系统管理员离岗，请由另一位系统管理员办理。")
    check_administrator_remains(
        [administrator.pk != membership.pk for administrator in locked_administrators()]
    )
    if Membership.objects.filter(pk=membership.pk, ended_at=None).update(ended_at=at):
        forget_unsent_of_leaver(membership.user)
        append([membership_event(membership, "end_post")], by=by, at=at)


def locked_administrators() -> list[Membership]:
    """Memberships of all administrators who can sign in.

    They are locked, so that two administrators cannot remove each other at the same moment.
    """
    memberships = Membership.objects.select_for_update().of_role(Role.ADMINISTRATOR)
    return list(memberships.filter(ended_at=None, user__is_active=True).order_by("pk"))


def check_administrator_remains(remains: list[bool]) -> None:
    """`remains`: for each administrator's membership, whether it is still there afterwards."""
    if remains and not any(remains):
        raise Refused("这是最后一位系统管理员，请先给另一位同事系统管理员岗位，再办理。")


@transaction.atomic
def hand_over(*, membership: Membership, to: User, by: Actor, at: datetime) -> None:
    """End a reporter's membership, because the colleague `to` takes over.

    Drafts and letters belong to the unit, so nothing else has to move.

    Raises Refused if the membership has already ended, or if `to` is the same person, cannot sign
    in, or is no reporter of the unit.
    """
    unit = membership.department
    # All reporters of the unit are locked, so that two who leave at the same moment cannot hand
    # over to each other.
    locked = Membership.objects.select_for_update().filter(
        department=unit, role=Role.REPORTER, ended_at=None
    )
    reporters = {reporter.pk: reporter for reporter in locked}
    leaving = reporters.get(membership.pk)
    if leaving is None:
        raise Refused("这个填报员岗位已经办过离岗，不用再交接。")
    if not _can_take_over(to, leaving, reporters.values()):
        raise Refused(f"接手的要是{unit}的另一位填报员。还没有的，请系统管理员先给岗位。")
    leaving.ended_at = at
    leaving.save(update_fields=["ended_at"])
    forget_unsent_of_leaver(leaving.user)
    facts = {
        "user": leaving.user_id,
        "to": to.pk,
        "department": leaving.department_id,
        "role": leaving.role,
    }
    event = LedgerEvent("hand_over", "membership", str(leaving.pk), facts, public=False)
    append([event], by=by, at=at)


def _can_take_over(to: User, leaving: Membership, reporters: Iterable[Membership]) -> bool:
    """Whether `to` is another reporter of the unit who can sign in."""
    is_colleague = to.pk in {reporter.user_id for reporter in reporters}
    return is_colleague and to.pk != leaving.user_id and to.is_active


def membership_event(membership: Membership, verb: str) -> LedgerEvent:
    """What the ledger notes of a membership; it is not public."""
    facts = {
        "user": membership.user_id,
        "department": membership.department_id,
        "role": membership.role,
    }
    return LedgerEvent(verb, "membership", str(membership.pk), facts, public=False)
