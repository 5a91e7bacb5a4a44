"""Actions that give a task its responsible units, where the document names none or nobody leads."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Max

from common.errors import Refused
from common.time.days import local_day
from departments.models import Department
from ledger.actions import Actor, LedgerEvent, append
from tasks.choices import ResponsibilityBasis, ResponsibilityKind
from tasks.models import Responsibility, Task


@transaction.atomic
def designate(
    *, task: Task, department: Department, kind: str, by: Actor, at: datetime
) -> Responsibility:
    """Names a unit as lead or supporting on the authority of 督查室 (the unit of `by`).

    Its own row and, for a lead, that of the former lead are closed on the day of `at`.

    Raises Refused where `kind` is listed, where the document prints another lead or the same unit,
    where the unit is designated so already, and where `by` has no unit.
    """
    lock_tasks([task])
    if kind == ResponsibilityKind.LISTED:
        raise Refused("请选择牵头或配合。")
    units = CurrentUnits.of(task)
    _refuse_against_document(units, department, kind)
    own, lead = units.row_of(department), units.lead
    replaced_lead = lead if kind == ResponsibilityKind.LEAD and lead != own else None
    close_rows(list(filter(None, [own, replaced_lead])), at)
    if replaced_lead:
        restore_printed([replaced_lead], at)
    order = own.order if own and own.order else next_order(task)
    created = _create_designated(task, department, kind, order=order, by=by, at=at)
    append([_responsibility_event("designate", task, created)], by=by, at=at)
    return created


@transaction.atomic
def confirm_proposed(*, tasks: Iterable[Task], by: Actor, at: datetime) -> int:
    """Turns the proposed units of these tasks into designated ones; returns how many.

    Raises Refused where there are such units and `by` has no unit.
    """
    rows = Responsibility.objects.in_force().filter(
        task__in=lock_tasks(tasks), basis=ResponsibilityBasis.PROPOSED
    )
    proposed = list(rows.select_related("task", "department"))
    close_rows(proposed, at)
    created = [
        _create_designated(row.task, row.department, row.kind, order=row.order, by=by, at=at)
        for row in proposed
    ]
    append(
        [_responsibility_event("confirm_proposed", row.task, row) for row in created], by=by, at=at
    )
    return len(created)


def lock_tasks(tasks: Iterable[Task]) -> list[Task]:
    """Locks the tasks before their units change, in one order so that no two actions deadlock.

    Raises nothing of its own.
    """
    rows = Task.objects.select_for_update(of=("self",)).filter(pk__in=[task.pk for task in tasks])
    return list(rows.only("pk").order_by("pk"))


@dataclass(frozen=True)
class CurrentUnits:
    """The units responsible for a task now: by constraint one row a unit, and at most one lead."""

    rows: list[Responsibility]

    @classmethod
    def of(cls, task: Task) -> "CurrentUnits":
        """Those of a task, in one query."""
        return cls(list(task.responsibilities.in_force().select_related("department")))

    @property
    def lead(self) -> Responsibility | None:
        return next((row for row in self.rows if row.kind == ResponsibilityKind.LEAD), None)

    def row_of(self, department: Department) -> Responsibility | None:
        return next((row for row in self.rows if row.department_id == department.pk), None)


def _refuse_against_document(units: CurrentUnits, department: Department, kind: str) -> None:
    """Raises Refused where the document or an earlier designation leaves nothing to designate."""
    own, lead = units.row_of(department), units.lead
    if lead and lead.is_printed and (kind == ResponsibilityKind.LEAD or lead == own):
        raise Refused(f"文件载明由{lead.department}牵头，要变更请先办理调整。")
    if own:
        _refuse_repetition(own, kind)


def _refuse_repetition(own: Responsibility, kind: str) -> None:
    """Raises Refused where the unit has this part in the task already."""
    if own.is_printed and kind == ResponsibilityKind.SUPPORTING:
        raise Refused(f"{own.department}已由文件载明为责任单位。")
    if own.basis == ResponsibilityBasis.DESIGNATED and own.kind == kind:
        raise Refused(f"{own.department}已经指定过了。")


def close_rows(rows: list[Responsibility], at: datetime) -> None:
    """Closes the rows on the day of `at`; they stay in the history. Raises nothing of its own."""
    Responsibility.objects.filter(pk__in=[row.pk for row in rows]).update(valid_to=local_day(at))


def restore_printed(former_leads: list[Responsibility], at: datetime) -> None:
    """Puts back the printed rows of units that lost the lead: the document still names them.

    Raises nothing of its own.
    """
    for row in former_leads:
        printed = (
            row.task.responsibilities.filter(
                department=row.department, basis=ResponsibilityBasis.PUBLISHED
            )
            .order_by("id")
            .last()
        )
        if printed:
            printed.pk, printed.valid_from, printed.valid_to = None, local_day(at), None
            printed.save(force_insert=True)


def next_order(task: Task) -> int:
    """The place behind all units the task has or had."""
    return (task.responsibilities.aggregate(last=Max("order"))["last"] or 0) + 1


def _create_designated(
    task: Task, department: Department, kind: str, *, order: int, by: Actor, at: datetime
) -> Responsibility:
    if not by.unit:
        raise Refused("指定责任单位要写明由哪个单位指定。")
    day = local_day(at)
    return Responsibility.objects.create(
        task=task,
        department=department,
        order=order,
        kind=kind,
        basis=ResponsibilityBasis.DESIGNATED,
        source=f"{by.unit}于{day.year}年{day.month}月{day.day}日指定",
        decided_by=by.unit,
        valid_from=day,
    )


def _responsibility_event(verb: str, task: Task, row: Responsibility) -> LedgerEvent:
    facts = {"department": row.department.slug, "kind": row.kind, "basis": row.basis}
    return LedgerEvent(verb, "task", task.code, facts)
