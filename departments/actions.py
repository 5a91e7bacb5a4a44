"""Actions on people, memberships, units and the working calendar; each writes ledger entries.

In every action `by` is the person or the portal who acts, and `at` the moment of the action.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction

from common.errors import Refused
from departments.models import CalendarDay, Department, Membership, User
from departments.roles import Role
from ledger.actions import Actor, LedgerEvent, append


@dataclass(frozen=True)
class NewPerson:
    """An account to create; `memberships` are pairs `(department, role)`."""

    username: str
    name: str
    password: str
    memberships: tuple[tuple[Department, str], ...]


def create_people(*, people: Iterable[NewPerson], by: Actor, at: datetime) -> list[User]:
    """Create all accounts with their memberships, or none of them.

    `people`: their passwords are plain text and must be changed at the first sign-in.

    Raises Refused if somebody else took one of the user names in the meantime.
    """
    people = list(people)
    # Hashing takes a quarter of a second each, so it is done before other writers have to wait.
    users = [
        User(
            username=person.username,
            name=person.name,
            password=make_password(person.password),
            must_change_password=True,
        )
        for person in people
    ]
    with transaction.atomic():
        _save_new_users(users)
        memberships = Membership.objects.bulk_create(
            Membership(user=user, department=department, role=role)
            for user, person in zip(users, people, strict=True)
            for department, role in person.memberships
        )
        events = [_user_event(user, "add_person") for user in users]
        events += [_membership_event(membership, "add_post") for membership in memberships]
        append(events, by=by, at=at)
    return users


def _save_new_users(users: list[User]) -> None:
    """Save the accounts; Refused if a user name was taken while the passwords were hashed."""
    try:
        with transaction.atomic():
            for user in users:
                user.save()
    except IntegrityError:
        usernames = [user.username for user in users]
        taken = User.objects.filter(username__in=usernames).values_list("username", flat=True)
        if not taken:
            raise
        names = "、".join(sorted(taken))
        raise Refused(f"用户名 {names} 刚刚被别人建立了，这次一个账号也没有建立。") from None


def create_person(
    *,
    username: str,
    name: str,
    password: str,
    memberships: Iterable[tuple[Department, str]],
    by: Actor,
    at: datetime,
) -> User:
    """Create one account; `memberships` are pairs `(department, role)`.

    `password` is plain text and must be changed at the first sign-in.

    Raises Refused if somebody else took the user name in the meantime.
    """
    person = NewPerson(username, name, password, tuple(memberships))
    return create_people(people=[person], by=by, at=at)[0]


@transaction.atomic
def rename_person(*, user: User, name: str, by: Actor, at: datetime) -> None:
    """Change the name shown for a person; the ledger notes the change without the name.

    Raises nothing of its own.
    """
    User.objects.filter(pk=user.pk).update(name=name)
    append([_user_event(user, "rename_person")], by=by, at=at)


@transaction.atomic
def set_email(*, user: User, email: str, by: Actor, at: datetime) -> None:
    """Change the address that reminders go to; empty: the person gets none.

    The ledger notes the change without the address. Raises nothing of its own.
    """
    User.objects.filter(pk=user.pk).update(email=email)
    append([_user_event(user, "set_email")], by=by, at=at)


@transaction.atomic
def disable_person(*, user: User, by: Actor, at: datetime) -> None:
    """Forbid sign-in; open sessions end with their next request.

    `reset_password` allows sign-in again, but revives no session.

    Raises Refused for one's own account and for the last administrator.
    """
    if str(user.pk) == by.id:
        raise Refused("不能停用自己的账号，请由另一位系统管理员办理。")
    _check_administrator_remains(
        [membership.user_id != user.pk for membership in _locked_administrators()]
    )
    user.is_active = False
    user.save(update_fields=["is_active"])
    append([_user_event(user, "disable_person")], by=by, at=at)


def reset_password(*, user: User, password: str, by: Actor, at: datetime) -> None:
    """Set a new first password, which also lets a disabled person sign in again.

    `password` is plain text and must be changed at the next sign-in. Raises nothing of its own.
    """
    user.set_password(password)
    user.is_active = user.must_change_password = True
    with transaction.atomic():
        user.save(update_fields=["password", "is_active", "must_change_password"])
        append([_user_event(user, "reset_password")], by=by, at=at)


def change_own_password(*, user: User, password: str, at: datetime) -> None:
    """Set the password a person chose for themself, in plain text and already validated.

    Raises nothing of its own.
    """
    user.set_password(password)
    user.must_change_password = False
    with transaction.atomic():
        user.save(update_fields=["password", "must_change_password"])
        append([_user_event(user, "change_password")], by=user.actor(), at=at)


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
    append([_membership_event(membership, "add_post")], by=by, at=at)
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
    _check_administrator_remains(
        [administrator.pk != membership.pk for administrator in _locked_administrators()]
    )
    if Membership.objects.filter(pk=membership.pk, ended_at=None).update(ended_at=at):
        append([_membership_event(membership, "end_post")], by=by, at=at)


def _locked_administrators() -> list[Membership]:
    """Memberships of all administrators who can sign in.

    They are locked, so that two administrators cannot remove each other at the same moment.
    """
    memberships = Membership.objects.select_for_update().of_role(Role.ADMINISTRATOR)
    return list(memberships.filter(ended_at=None, user__is_active=True).order_by("pk"))


def _check_administrator_remains(remains: list[bool]) -> None:
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


def _user_event(user: User, verb: str) -> LedgerEvent:
    return LedgerEvent(verb, "user", str(user.pk), public=False)


def _membership_event(membership: Membership, verb: str) -> LedgerEvent:
    facts = {
        "user": membership.user_id,
        "department": membership.department_id,
        "role": membership.role,
    }
    return LedgerEvent(verb, "membership", str(membership.pk), facts, public=False)


@transaction.atomic
def save_department(*, department: Department, by: Actor, at: datetime) -> Department:
    """Write a new or changed unit, whose fields are already set and validated.

    The ledger notes the values of the fields afterwards. Raises nothing of its own.
    """
    verb = "change_department" if department.pk else "add_department"
    department.save()
    names = ["short_name", "full_name", "level", "name_basis", "signs_reports"]
    names += ["valid_from", "valid_to", "successor_id"]
    facts = {name: getattr(department, name) for name in names}
    append([LedgerEvent(verb, "department", department.slug, facts)], by=by, at=at)
    return department


@transaction.atomic
def load_calendar(
    *, year: int, days: Iterable[tuple[date, bool, str]], source: str, by: Actor, at: datetime
) -> int:
    """Replace the calendar of a whole year; returns its number of working days.

    `days`: every day of the year as `(date, is_workday, note)`; `source`: where the table comes
    from. Raises nothing of its own.
    """
    CalendarDay.objects.filter(date__year=year).delete()
    rows = [CalendarDay(date=day, is_workday=work, note=note) for day, work, note in days]
    CalendarDay.objects.bulk_create(rows)
    working = sum(row.is_workday for row in rows)
    facts = {"working_days": working, "source": source}
    append([LedgerEvent("load_calendar", "calendar", str(year), facts)], by=by, at=at)
    return working
