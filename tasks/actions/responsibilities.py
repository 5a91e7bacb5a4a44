from collections.abc import Iterable
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
def designate(*, task: Task, department: Department, kind: str, by: Actor, at: datetime) -> Responsibility:
    """督查室 names a unit, as lead or supporting. What a document prints stays above it."""
    lock_tasks([task])
    held = _in_force(task)
    if kind == ResponsibilityKind.LISTED:
        raise Refused("请选择牵头或配合。")
    _keep_printed(held, department, kind)
    closed = [r for r in held if r.department_id == department.pk or kind == r.kind == ResponsibilityKind.LEAD]
    close_rows(closed, at)
    put_back_printed([r for r in closed if r.department_id != department.pk], at)
    order = next((r.order for r in closed if r.department_id == department.pk), None) or next_order(task)
    made = _designated(task, department, kind, order, by, at)
    append([_event("designate", task, made)], by=by, at=at)
    return made


@transaction.atomic
def confirm_proposed(*, tasks: Iterable[Task], by: Actor, at: datetime) -> int:
    """Turns the proposed units of these tasks into designated ones; returns how many units that were."""
    rows = Responsibility.objects.in_force().filter(task__in=lock_tasks(tasks), basis=ResponsibilityBasis.PROPOSED)
    proposed = list(rows.select_related("task", "department"))
    close_rows(proposed, at)
    made = [_designated(row.task, row.department, row.kind, row.order, by, at) for row in proposed]
    append([_event("confirm_proposed", row.task, row) for row in made], by=by, at=at)
    return len(made)


def lock_tasks(tasks: Iterable[Task]) -> list[Task]:
    """Whoever changes the units of a task holds the task, always in the same order."""
    rows = Task.objects.select_for_update(of=("self",)).filter(pk__in=[task.pk for task in tasks])
    return list(rows.only("pk").order_by("pk"))


def _in_force(task: Task) -> list[Responsibility]:
    return list(task.responsibilities.in_force().select_related("department"))


def _keep_printed(held: list[Responsibility], department: Department, kind: str) -> None:
    printed_lead = next(
        (r for r in held if r.kind == ResponsibilityKind.LEAD and r.basis == ResponsibilityBasis.PUBLISHED), None
    )
    if printed_lead and (kind == ResponsibilityKind.LEAD or printed_lead.department_id == department.pk):
        raise Refused(f"文件载明由{printed_lead.department}牵头，要变更请先办理调整。")
    same = next((r for r in held if r.department_id == department.pk), None)
    if same and same.basis == ResponsibilityBasis.PUBLISHED and kind == ResponsibilityKind.SUPPORTING:
        raise Refused(f"{department}已由文件载明为责任单位。")
    if same and same.basis == ResponsibilityBasis.DESIGNATED and same.kind == kind:
        raise Refused(f"{department}已经指定过了。")


def close_rows(rows: list[Responsibility], at: datetime) -> None:
    Responsibility.objects.filter(pk__in=[row.pk for row in rows]).update(valid_to=local_day(at))


def put_back_printed(former_leads: list[Responsibility], at: datetime) -> None:
    """A unit the document names stays named when the lead passes from it to another."""
    for row in former_leads:
        printed = (
            row.task.responsibilities.filter(department=row.department, basis=ResponsibilityBasis.PUBLISHED)
            .order_by("id")
            .last()
        )
        if printed:
            printed.pk, printed.valid_from, printed.valid_to = None, local_day(at), None
            printed.save(force_insert=True)


def next_order(task: Task) -> int:
    return (task.responsibilities.aggregate(last=Max("order"))["last"] or 0) + 1


def _designated(task, department, kind: str, order: int, by: Actor, at: datetime) -> Responsibility:
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


def _event(verb: str, task: Task, row: Responsibility) -> LedgerEvent:
    facts = {"department": row.department.slug, "kind": row.kind, "basis": row.basis}
    return LedgerEvent(verb, "task", task.code, facts)
