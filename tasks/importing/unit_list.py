"""Who answers for the tasks of a plan, from a list of ours or from the annex of the document."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from common.errors import Refused
from common.files.csv_rows import CsvRow, read_csv_rows
from common.files.text_files import ImportProblem, Source
from common.time.days import local_day
from departments.models import Department
from ledger.actions import Actor, LedgerEvent, append
from tasks.choices import ResponsibilityBasis, ResponsibilityKind
from tasks.importing.responsibilities import names
from tasks.models import Plan, Responsibility, Task

COLUMNS = ("task_number", "lead", "supporting", "why")


@dataclass(frozen=True)
class Assignment:
    """One task's units in order, as pairs (unit's short name, kind)."""

    line: int
    task: int
    units: tuple[tuple[str, str], ...]
    why: str


def assignments(source: Source) -> list[Assignment]:
    return [assignment(row) for row in read_csv_rows(source, COLUMNS)]


def assignment(row: CsvRow) -> Assignment:
    if not row["task_number"].isdecimal():
        raise ImportProblem(f"任务序号“{row['task_number']}”不是数字", row.line)
    leads = [(name, ResponsibilityKind.LEAD) for name in names(row["lead"])]
    if len(leads) != 1:
        raise ImportProblem(f"第{row['task_number']}项要有且只有一个牵头单位", row.line)
    supporting = [(name, ResponsibilityKind.SUPPORTING) for name in names(row["supporting"])]
    return Assignment(row.line, int(row["task_number"]), (*leads, *supporting), row["why"])


@transaction.atomic
def assign_units(*, plan: Plan, rows: Sequence[Assignment], basis: str, by: Actor, at: datetime) -> int:
    """Gives the listed tasks their units; what differs is closed and succeeded. Returns how many tasks changed.

    Tasks that have units on another authority, printed or designated, keep them.
    """
    tasks = {task.number: task for task in plan.tasks.select_for_update(of=("self",))}
    units = {unit.short_name: unit for unit in Department.objects.all()}
    refuse_unknown(rows, tasks, units)
    changed = [row for row in rows if assign(tasks[row.task], row, units, basis, at)]
    # A proposal of ours is no public fact until somebody confirms it.
    public = basis != ResponsibilityBasis.PROPOSED
    append([assignment_event(tasks[row.task], row, units, basis, public) for row in changed], by=by, at=at)
    return len(changed)


def refuse_unknown(rows: Sequence[Assignment], tasks: dict[int, Task], units: dict[str, Department]) -> None:
    reasons = [f"第{row.line}行：文件中没有第{row.task}项任务" for row in rows if row.task not in tasks]
    for row in rows:
        reasons += [f"第{row.line}行：单位表中没有“{name}”" for name, _ in row.units if name not in units]
    if reasons:
        raise Refused(*dict.fromkeys(reasons))


def assign(task: Task, row: Assignment, units: dict[str, Department], basis: str, at: datetime) -> bool:
    held = list(task.responsibilities.in_force().select_related("department"))
    unchanged = [(each.department.short_name, each.kind) for each in held] == list(row.units)
    if unchanged or any(each.basis != basis for each in held):
        return False
    task.responsibilities.filter(pk__in=[each.pk for each in held]).update(valid_to=local_day(at))
    since = local_day(at) if held else None
    Responsibility.objects.bulk_create(
        Responsibility(
            task=task,
            department=units[name],
            order=order,
            kind=kind,
            basis=basis,
            source=row.why,
            valid_from=since,
        )
        for order, (name, kind) in enumerate(row.units, 1)
    )
    return True


def assignment_event(
    task: Task, row: Assignment, units: dict[str, Department], basis: str, public: bool
) -> LedgerEvent:
    facts = {"basis": basis, "units": {units[name].slug: kind for name, kind in row.units}}
    return LedgerEvent("assign_units", "task", task.code, facts, public=public)
