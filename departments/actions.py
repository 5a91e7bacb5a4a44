"""Deeds about people and units; each leaves its trace in the record."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction

from departments.models import CalendarDay, Department, Membership, User
from ledger.actions import Actor, Deed, append


@transaction.atomic
def create_person(*, username: str, name: str, password: str, posts: Iterable[tuple], by: Actor, at: datetime) -> User:
    """A new account with its posts `(department, role)`; the password must be changed at first sign-in."""
    user = User.objects.create_user(username, password, name=name, must_change_password=True)
    members = Membership.objects.bulk_create(
        Membership(user=user, department=department, role=role) for department, role in posts
    )
    append([_joined(member) for member in members], by=by, at=at)
    return user


@transaction.atomic
def add_post(*, user: User, department: Department, role: str, by: Actor, at: datetime) -> Membership:
    member = Membership.objects.create(user=user, department=department, role=role)
    append([_joined(member)], by=by, at=at)
    return member


@transaction.atomic
def end_post(*, membership: Membership, by: Actor, at: datetime) -> None:
    Membership.objects.filter(pk=membership.pk, ended_at=None).update(ended_at=at)
    facts = {"user": membership.user_id, "department": membership.department_id, "role": membership.role}
    append([Deed("end_post", "membership", str(membership.pk), facts, public=False)], by=by, at=at)


def _joined(member: Membership) -> Deed:
    facts = {"user": member.user_id, "department": member.department_id, "role": member.role}
    return Deed("add_post", "membership", str(member.pk), facts, public=False)


@transaction.atomic
def save_department(*, department: Department, by: Actor, at: datetime) -> Department:
    """Writes a new or changed unit; the record keeps every field it had afterwards."""
    verb = "change_department" if department.pk else "add_department"
    department.save()
    names = ("short_name", "full_name", "level", "name_basis", "valid_from", "valid_to", "successor_id")
    facts = {name: getattr(department, name) for name in names}
    append([Deed(verb, "department", department.slug, facts)], by=by, at=at)
    return department


@transaction.atomic
def load_calendar(*, year: int, days: Iterable[tuple[date, bool, str]], source: str, by: Actor, at: datetime) -> int:
    """Replaces a year's working-day table `(date, is_workday, note)`; returns the number of working days."""
    CalendarDay.objects.filter(date__year=year).delete()
    rows = [CalendarDay(date=day, is_workday=work, note=note) for day, work, note in days]
    CalendarDay.objects.bulk_create(rows)
    working = sum(row.is_workday for row in rows)
    append([Deed("load_calendar", "calendar", str(year), {"working_days": working, "source": source})], by=by, at=at)
    return working
