"""Registers the units that a document names and nobody has registered, once it is published."""

from datetime import datetime
from hashlib import sha256

from departments.actions.reference import save_department
from departments.choices import DepartmentLevel, NameBasis
from departments.models import Department
from ledger.actions import Actor
from tasks.choices import ResponsibilityBasis
from tasks.models import ImportRun, Plan, Responsibility


def add_new_units(plan: Plan, by: Actor, at: datetime) -> None:
    """Registers the new units of a plan's import and makes them responsible for their tasks.

    Not before: of a draft that is discarded no unit stays behind. Who maintains the units gives
    them their full names.
    """
    for name, places in named_by(plan).items():
        department = registered(name, plan, by, at)
        tasks = {task.number: task for task in plan.tasks.only("number")}
        Responsibility.objects.bulk_create(
            Responsibility(
                task=tasks[number],
                department=department,
                order=order,
                kind=kind,
                basis=ResponsibilityBasis.PUBLISHED,
                source=plan.title,
            )
            for number, order, kind in places
        )


def named_by(plan: Plan) -> dict[str, list]:
    """Name of each new unit -> (task's number, place among its units, kind)."""
    run = ImportRun.objects.filter(plan=plan).only("corrections").first()
    return run.corrections.get("new_units", {}) if run else {}


def registered(name: str, plan: Plan, by: Actor, at: datetime) -> Department:
    """The unit with this name, registered where nobody has done so since the file was checked."""
    if found := Department.objects.filter(short_name=name).first():
        return found
    # Nobody spells the address of a unit that a machine registers; it only has to stay.
    department = Department(
        slug=f"unit-{sha256(name.encode()).hexdigest()[:8]}",
        short_name=name,
        full_name=name,
        level=DepartmentLevel.DISTRICT,
        name_basis=NameBasis.DOCUMENTED,
        first_named_in=plan.slug,
    )
    return save_department(department=department, by=by, at=at)
