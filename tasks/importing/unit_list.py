"""Loads the units responsible for a plan's tasks from a CSV list, ours or the document's annex."""

from collections.abc import Container, Sequence
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
from tasks.importing.notes import split_names
from tasks.models import Plan, Responsibility, Task

COLUMNS = ("task_number", "lead", "supporting", "why")


@dataclass(frozen=True)
class Assignment:
    """A row of the list: the task with this number and its units as pairs (short name, kind)."""

    line: int
    task: int
    units: tuple[tuple[str, str], ...]
    why: str

    def units_not_in(self, known: Container[str]) -> list[str]:
        """The names of its units that are not `known`."""
        return [name for name, _ in self.units if name not in known]

    def is_met_by(self, current: Sequence[Responsibility]) -> bool:
        """Whether these are its units, in its order and with its kinds."""
        return self.units == tuple((row.department.short_name, row.kind) for row in current)


def read_assignments(source: Source) -> list[Assignment]:
    """The rows of the list. Raises ImportProblem where a row has no number or not one lead."""
    return [read_assignment(row) for row in read_csv_rows(source, COLUMNS)]


def read_assignment(row: CsvRow) -> Assignment:
    """One row of the list. Raises ImportProblem where it has no number or not one lead."""
    if not row["task_number"].isdecimal():
        raise ImportProblem(f"任务序号“{row['task_number']}”不是数字", row.line)
    leads = [(name, ResponsibilityKind.LEAD) for name in split_names(row["lead"])]
    if len(leads) != 1:
        raise ImportProblem(f"第{row['task_number']}项要有且只有一个牵头单位", row.line)
    supporting = [(name, ResponsibilityKind.SUPPORTING) for name in split_names(row["supporting"])]
    return Assignment(row.line, int(row["task_number"]), (*leads, *supporting), row["why"])


@transaction.atomic
def assign_units(
    *, plan: Plan, rows: Sequence[Assignment], basis: str, by: Actor, at: datetime
) -> int:
    """Gives the listed tasks their units; returns how many tasks changed.

    Rows that differ are closed on the day of `at` and succeeded. A task whose units rest on another
    `basis` (a ResponsibilityBasis) keeps them.

    Raises Refused, naming every line, where a task or a unit does not exist.
    """
    tasks = {task.number: task for task in plan.tasks.select_for_update(of=("self",))}
    units = {unit.short_name: unit for unit in Department.objects.all()}
    refuse_unknown(rows, tasks, units)
    changed = [row for row in rows if replace_units(tasks[row.task], row, units, basis, at)]
    # A proposal of ours becomes a public fact only when somebody confirms it.
    public = plan.is_public and basis != ResponsibilityBasis.PROPOSED
    append(
        [assignment_event(tasks[row.task], row, units, basis, public=public) for row in changed],
        by=by,
        at=at,
    )
    return len(changed)


def refuse_unknown(
    rows: Sequence[Assignment], tasks: dict[int, Task], units: dict[str, Department]
) -> None:
    """Raises Refused with every line that names a task or a unit that does not exist."""
    unknown_tasks = (row for row in rows if row.task not in tasks)
    reasons = [f"第{row.line}行：文件中没有第{row.task}项任务" for row in unknown_tasks]
    for row in rows:
        unknown_units = row.units_not_in(units)
        reasons += [f"第{row.line}行：单位表中没有“{name}”" for name in unknown_units]
    if reasons:
        raise Refused(*dict.fromkeys(reasons))


def replace_units(
    task: Task, row: Assignment, units: dict[str, Department], basis: str, at: datetime
) -> bool:
    """Closes the units of a task and writes those of the row; returns whether anything changed."""
    current = list(task.responsibilities.in_force().select_related("department"))
    if row.is_met_by(current) or any(old.basis != basis for old in current):
        return False
    task.responsibilities.filter(pk__in=[old.pk for old in current]).update(valid_to=local_day(at))
    since = local_day(at) if current else None
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
    task: Task, row: Assignment, units: dict[str, Department], basis: str, *, public: bool
) -> LedgerEvent:
    """The ledger event for the new units of a task."""
    facts = {"basis": basis, "units": {units[name].slug: kind for name, kind in row.units}}
    return LedgerEvent("assign_units", "task", task.code, facts, public=public)
