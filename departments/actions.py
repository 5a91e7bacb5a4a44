"""Deeds about people and units; each leaves its trace in the record."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction

from common.errors import Refused
from departments.models import CalendarDay, Department, Membership, Role, User
from ledger.actions import Actor, LedgerEvent, append


@dataclass(frozen=True)
class NewPerson:
    """An account to be; `posts` are pairs `(department, role)`."""

    username: str
    name: str
    password: str
    posts: tuple[tuple[Department, str], ...]


def create_people(*, people: Iterable[NewPerson], by: Actor, at: datetime) -> list[User]:
    """All of them or none; each password must be changed at first sign-in. Refused if a user name was just taken."""
    people = list(people)
    # Hashing costs a quarter of a second each, so it is done before other writers have to wait.
    users = [
        User(username=p.username, name=p.name, password=make_password(p.password), must_change_password=True)
        for p in people
    ]
    with transaction.atomic():
        _save_new(users)
        members = Membership.objects.bulk_create(
            Membership(user=user, department=department, role=role)
            for user, person in zip(users, people, strict=True)
            for department, role in person.posts
        )
        added = [_about(user, "add_person") for user in users]
        append([*added, *(_post(member, "add_post") for member in members)], by=by, at=at)
    return users


def _save_new(users: list[User]) -> None:
    """Somebody else's list may have been written while passwords were hashed."""
    try:
        with transaction.atomic():
            for user in users:
                user.save()
    except IntegrityError:
        taken = User.objects.filter(username__in=[user.username for user in users]).values_list("username", flat=True)
        if not taken:
            raise
        raise Refused(f"用户名 {'、'.join(sorted(taken))} 刚刚被别人建立了，这次一个账号也没有建立。") from None


def create_person(*, username: str, name: str, password: str, posts: Iterable[tuple], by: Actor, at: datetime) -> User:
    return create_people(people=[NewPerson(username, name, password, tuple(posts))], by=by, at=at)[0]


@transaction.atomic
def rename_person(*, user: User, name: str, by: Actor, at: datetime) -> None:
    User.objects.filter(pk=user.pk).update(name=name)
    append([_about(user, "rename_person")], by=by, at=at)


@transaction.atomic
def set_email(*, user: User, email: str, by: Actor, at: datetime) -> None:
    """Where reminders go from now on; empty for nowhere. The record keeps that it changed, not the address."""
    User.objects.filter(pk=user.pk).update(email=email)
    append([_about(user, "set_email")], by=by, at=at)


@transaction.atomic
def disable_person(*, user: User, by: Actor, at: datetime) -> None:
    """No more sign-in; open sessions end with their next request, and `reset_password` revives none of them."""
    if str(user.pk) == by.id:
        raise Refused("不能停用自己的账号，请由另一位系统管理员办理。")
    _check_not_last([post.user_id != user.pk for post in _administrators()])
    user.is_active = False
    user.save(update_fields=["is_active"])
    append([_about(user, "disable_person")], by=by, at=at)


def reset_password(*, user: User, password: str, by: Actor, at: datetime) -> None:
    """A new first password, which also lets a disabled person in again."""
    user.set_password(password)
    user.is_active = user.must_change_password = True
    with transaction.atomic():
        user.save(update_fields=["password", "is_active", "must_change_password"])
        append([_about(user, "reset_password")], by=by, at=at)


def change_own_password(*, user: User, password: str, at: datetime) -> None:
    user.set_password(password)
    user.must_change_password = False
    with transaction.atomic():
        user.save(update_fields=["password", "must_change_password"])
        append([_about(user, "change_password")], by=user.actor(), at=at)


@transaction.atomic
def add_post(*, user: User, department: Department, role: str, by: Actor, at: datetime) -> Membership:
    if str(user.pk) == by.id:
        raise Refused("不能给自己增加岗位，请由另一位系统管理员办理。")
    User.objects.select_for_update().get(pk=user.pk)
    if user.memberships.filter(department=department, role=role, ended_at=None).exists():
        raise Refused(f"{user}在{department}已有这个岗位。")
    member = Membership.objects.create(user=user, department=department, role=role)
    append([_post(member, "add_post")], by=by, at=at)
    return member


@transaction.atomic
def set_portfolio(*, membership: Membership, departments: Iterable[Department], by: Actor, at: datetime) -> None:
    """分管: which units' matters come first to a leader; none means all alike."""
    held = Membership.objects.select_for_update().get(pk=membership.pk)
    if held.role != Role.LEADER or held.ended_at:
        raise Refused("分管单位只登记在在岗的区领导名下。")
    units = sorted(departments, key=lambda unit: unit.pk)
    held.portfolio.set(units)
    facts = {"user": held.user_id, "units": " ".join(unit.slug for unit in units)}
    append([LedgerEvent("set_looks_after", "membership", str(held.pk), facts, public=False)], by=by, at=at)


@transaction.atomic
def end_post(*, membership: Membership, by: Actor, at: datetime) -> None:
    if membership.role == Role.ADMINISTRATOR and str(membership.user_id) == by.id:
        raise Refused("不能办理自己的系统管理员离岗，请由另一位系统管理员办理。")
    _check_not_last([post.pk != membership.pk for post in _administrators()])
    if Membership.objects.filter(pk=membership.pk, ended_at=None).update(ended_at=at):
        append([_post(membership, "end_post")], by=by, at=at)


def _administrators() -> list[Membership]:
    """All who can sign in are held, so that two cannot send each other away at the same moment."""
    posts = Membership.objects.select_for_update().of_role(Role.ADMINISTRATOR)
    return list(posts.filter(ended_at=None, user__is_active=True).order_by("pk"))


def _check_not_last(stay: list[bool]) -> None:
    """`stay`: of each administrator's post, whether it is there afterwards."""
    if stay and not any(stay):
        raise Refused("这是最后一位系统管理员，请先给另一位同事系统管理员岗位，再办理。")


@transaction.atomic
def hand_over(*, membership: Membership, to: User, by: Actor, at: datetime) -> None:
    """A reporter leaves the post to a colleague; drafts and letters are the unit's, so nothing else has to move."""
    same = {"department": membership.department, "role": Role.REPORTER, "ended_at": None}
    # All of the unit are held, so that two who leave at the same moment cannot leave to each other.
    held = {post.pk: post for post in Membership.objects.select_for_update().filter(**same)}
    post = held.pop(membership.pk, None)
    if post is None:
        raise Refused("这个填报员岗位已经办过离岗，不用再交接。")
    if to.pk == post.user_id or not to.is_active or to.pk not in {other.user_id for other in held.values()}:
        raise Refused(f"接手的要是{membership.department}的另一位填报员。还没有的，请系统管理员先给岗位。")
    post.ended_at = at
    post.save(update_fields=["ended_at"])
    facts = {"user": post.user_id, "to": to.pk, "department": post.department_id, "role": post.role}
    append([LedgerEvent("hand_over", "membership", str(post.pk), facts, public=False)], by=by, at=at)


def _about(user: User, verb: str) -> LedgerEvent:
    return LedgerEvent(verb, "user", str(user.pk), public=False)


def _post(member: Membership, verb: str) -> LedgerEvent:
    facts = {"user": member.user_id, "department": member.department_id, "role": member.role}
    return LedgerEvent(verb, "membership", str(member.pk), facts, public=False)


@transaction.atomic
def save_department(*, department: Department, by: Actor, at: datetime) -> Department:
    """Writes a new or changed unit; the record keeps every field it had afterwards."""
    verb = "change_department" if department.pk else "add_department"
    department.save()
    names = ["short_name", "full_name", "level", "name_basis", "signs_reports"]
    names += ["valid_from", "valid_to", "successor_id"]
    facts = {name: getattr(department, name) for name in names}
    append([LedgerEvent(verb, "department", department.slug, facts)], by=by, at=at)
    return department


@transaction.atomic
def load_calendar(*, year: int, days: Iterable[tuple[date, bool, str]], source: str, by: Actor, at: datetime) -> int:
    """Replaces a year's working-day table `(date, is_workday, note)`; returns the number of working days."""
    CalendarDay.objects.filter(date__year=year).delete()
    rows = [CalendarDay(date=day, is_workday=work, note=note) for day, work, note in days]
    CalendarDay.objects.bulk_create(rows)
    working = sum(row.is_workday for row in rows)
    append(
        [LedgerEvent("load_calendar", "calendar", str(year), {"working_days": working, "source": source})], by=by, at=at
    )
    return working
