"""People of the demonstration: those of its list, and a reporter for every other unit that answers for something."""

import tomllib
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from django.utils import timezone

from departments.actions import create_person, save_department, set_portfolio
from departments.models import CalendarDay, Department, Membership, Role, User
from departments.passwords import first_password
from ledger.actions import Actor


def load_people(folder: Path, *, at: datetime) -> list[tuple[str, str, str, str]]:
    """Creates the accounts; returns (user name, password, unit, roles) to be shown once."""
    units = {unit.short_name: unit for unit in Department.objects.all()}
    rows = tomllib.loads((folder / "people.toml").read_text("utf-8"))["person"]
    named = {row["department"] for row in rows if "reporter" in row["roles"]}
    answering = Department.objects.filter(responsibilities__valid_to=None, responsibilities__isnull=False).distinct()
    rows += [
        {
            "username": unit.slug,
            "name": f"{unit.short_name}填报员（演示）",
            "department": unit.short_name,
            "roles": ["reporter"],
        }
        for unit in answering
        if unit.short_name not in named
    ]
    return [_account(row, units[row["department"]], at) for row in rows]


def _account(row: dict[str, Any], unit: Department, at: datetime) -> tuple[str, str, str, str]:
    password = first_password()
    memberships = [(unit, role) for role in row["roles"]]
    create_person(
        username=row["username"],
        name=row["name"],
        password=password,
        memberships=memberships,
        by=Actor(),
        at=at,
    )
    # The password is a throw-away already; having to change it would only stand between a visitor and the trial.
    throw_away = {"must_change_password": False, "email": f"{row['username']}@demo.example"}
    User.objects.filter(username=row["username"]).update(**throw_away)
    if row.get("portfolio"):
        post = Membership.objects.get(user__username=row["username"], role=Role.LEADER)
        units = Department.objects.filter(short_name__in=row["portfolio"])
        set_portfolio(membership=post, departments=units, by=Actor(), at=at)
    if row.get("unit_signs"):
        unit.signs_reports = True
        save_department(department=unit, by=Actor(), at=at)
    return row["username"], password, unit.short_name, "、".join(Role(role).label for role in row["roles"])


def person(role: str, department: Department | None = None) -> User:
    memberships = Membership.objects.of_role(role).select_related("user").order_by("pk")
    return (memberships.filter(department=department) if department else memberships).first().user


def noon(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(12)))


def working_day(start: date, days: int) -> date:
    return CalendarDay.objects.working_day_after(start, days)[0]
