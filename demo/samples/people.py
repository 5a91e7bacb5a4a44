"""The accounts of the demonstration, among them a reporter for every responsible unit."""

import tomllib
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from django.utils import timezone

from demo.guard import ADDRESS
from departments.actions import create_person, save_department, set_portfolio
from departments.models import CalendarDay, Department, Membership, User
from departments.passwords import first_password
from departments.roles import Role
from ledger.actions import Actor


def load_people(folder: Path, *, at: datetime) -> list[tuple[str, str, str, str]]:
    """Creates the accounts of `people.toml` in the folder.

    Returns rows (user name, password, unit, roles) to be shown once.
    """
    units = {unit.short_name: unit for unit in Department.objects.all()}
    rows = tomllib.loads((folder / "people.toml").read_text("utf-8"))["person"]
    with_reporter = {row["department"] for row in rows if "reporter" in row["roles"]}
    rows += _reporters_of_others(with_reporter)
    return [_create_account(row, units[row["department"]], at) for row in rows]


def _reporters_of_others(with_reporter: set[str]) -> list[dict[str, Any]]:
    """A row for the reporter of each responsible unit that has none yet."""
    responsible = Department.objects.filter(
        responsibilities__valid_to=None, responsibilities__isnull=False
    ).distinct()
    return [
        {
            "username": unit.slug,
            "name": f"{unit.short_name}填报员（演示）",
            "department": unit.short_name,
            "roles": ["reporter"],
        }
        for unit in responsible
        if unit.short_name not in with_reporter
    ]


def _create_account(
    row: dict[str, Any], unit: Department, at: datetime
) -> tuple[str, str, str, str]:
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
    # The password is good for the demonstration only, so a visitor need not change it first.
    trial_fields = {"must_change_password": False, "email": f"{row['username']}{ADDRESS}"}
    User.objects.filter(username=row["username"]).update(**trial_fields)
    if row.get("portfolio"):
        membership = Membership.objects.get(user__username=row["username"], role=Role.LEADER)
        units = Department.objects.filter(short_name__in=row["portfolio"])
        set_portfolio(membership=membership, departments=units, by=Actor(), at=at)
    if row.get("unit_signs"):
        unit.signs_reports = True
        save_department(department=unit, by=Actor(), at=at)
    return (
        row["username"],
        password,
        unit.short_name,
        "、".join(Role(role).label for role in row["roles"]),
    )


def person(role: str, department: Department | None = None) -> User:
    """The first account with this role, in the unit where one is given."""
    memberships = Membership.objects.of_role(role).select_related("user").order_by("pk")
    if department:
        memberships = memberships.filter(department=department)
    membership = memberships.first()
    assert membership, f"the demonstration has no {role} there"
    return membership.user


def noon(day: date) -> datetime:
    """The moment at which the demonstration acts on a day; never one that is still to come."""
    return min(timezone.make_aware(datetime.combine(day, time(12))), timezone.now())


def working_day(start: date, days: int) -> date:
    """The day so many working days after `start`."""
    return CalendarDay.objects.working_day_after(start, days)[0]
