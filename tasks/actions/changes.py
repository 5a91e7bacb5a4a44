"""Actions that change a promise after it was published (调整), each on the basis of a document.

Nothing is updated: the old row is closed, its successor stands beside it, and both stay public.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from common.errors import Refused
from common.files.uploads import CheckedFile
from common.text.wording import number
from common.time.days import local_day
from departments.models import Department
from ledger.actions import Actor, LedgerEvent, append
from tasks.actions.responsibilities import (
    CurrentUnits,
    close_rows,
    lock_tasks,
    next_order,
    restore_printed,
)
from tasks.choices import CLOSING, ChangeKind, ResponsibilityBasis, ResponsibilityKind
from tasks.models import ChangeRequest, Commitment, DueChange, Responsibility, Target, Task


@dataclass(frozen=True)
class Ground:
    """What a change rests on: why, by which document, approved by whom and on which day.

    `basis_scan` is the scanned document, for the offices only.
    """

    reason: str
    basis_document: str
    approving_body: str
    approved_on: date
    basis_scan: CheckedFile | None = None
    demonstration: bool = False


@transaction.atomic
def change_target(
    *,
    target: Target,
    value: Decimal,
    value_max: Decimal | None,
    ground: Ground,
    by: Actor,
    at: datetime,
) -> Target:
    """Closes a target and creates its successor with another value.

    `value_max` is the upper end of a range, None for a single value; the change holds from the day
    of `at`, the moment it is made.

    Raises Refused where the target is closed already or keeps its value, where the change is
    approved on a later day than that of `at`, and where the task is ended, merged or split.
    """
    old = (
        Target.objects.select_for_update(of=("self",))
        .select_related("indicator__task")
        .get(pk=target.pk)
    )
    if old.valid_to is not None:
        raise Refused("这个目标值已经调整过，请刷新页面再看。")
    if (value, value_max) == (old.value, old.value_max):
        raise Refused("新的目标值和现在的一样，没有可以调整的。")
    request = _create_change_request(old.indicator.task, ChangeKind.TARGET, ground, at)
    new = _replace_target(old, request, value, value_max, local_day(at))
    append([_target_event(old, new, request)], by=by, at=at)
    return new


def _create_change_request(task: Task, kind: str, ground: Ground, at: datetime) -> ChangeRequest:
    """Locks the task. Raises Refused where it is closed, or the approval is of a later day."""
    lock_tasks([task])
    if ground.approved_on > local_day(at):
        raise Refused("批准日期不能晚于今天。")
    if task.change_requests.closing().exists():
        raise Refused("这项任务已经终止、合并或拆分，不再调整。")
    basis_scan = ground.basis_scan
    scan_fields = (
        {
            "basis_scan": basis_scan.content,
            "basis_scan_name": basis_scan.name,
            "basis_scan_type": basis_scan.content_type,
        }
        if basis_scan
        else {}
    )
    return ChangeRequest.objects.create(
        task=task,
        kind=kind,
        reason=ground.reason,
        basis_document=ground.basis_document,
        approving_body=ground.approving_body,
        approved_on=ground.approved_on,
        demonstration=ground.demonstration,
        basis_scan_sha256=basis_scan.sha256 if basis_scan else "",
        **scan_fields,
    )


def _replace_target(
    old: Target, request: ChangeRequest, value: Decimal, value_max: Decimal | None, day: date
) -> Target:
    Target.objects.filter(pk=old.pk).update(valid_to=day)
    return Target.objects.create(
        indicator=old.indicator,
        commitment=old.commitment,
        year=old.year,
        quarter=old.quarter,
        direction=old.direction,
        value=value,
        value_max=value_max,
        valid_from=day,
        change_request=request,
    )


def _target_event(old: Target, new: Target, request: ChangeRequest) -> LedgerEvent:
    facts = {
        "indicator": old.indicator.name,
        "year": old.year,
        "quarter": old.quarter,
        "value": [number(old.value), number(new.value)],
    }
    if old.value_max is not None or new.value_max is not None:
        facts["value_max"] = [number(old.value_max), number(new.value_max)]
    return _task_event("change_target", request, facts)


@transaction.atomic
def change_due(
    *, commitment: Commitment, due_on: date, ground: Ground, by: Actor, at: datetime
) -> DueChange:
    """Gives one commitment another due date; the page shows both dates.

    Periods from then on require it by the new date. `at` is the moment the change is made.

    Raises Refused where the date stays the same, where the change is approved on a later day than
    that of `at`, and where the task is ended, merged or split.
    """
    request = _create_change_request(commitment.task, ChangeKind.DATE, ground, at)
    old = commitment.due_day(commitment.task.plan)
    if due_on == old:
        raise Refused("新的期限和现在的一样，没有可以调整的。")
    created = DueChange.objects.create(
        commitment=commitment,
        old_due_on=old,
        due_on=due_on,
        valid_from=local_day(at),
        change_request=request,
    )
    facts = {"commitment": commitment.order, "due_on": [old, due_on]}
    append([_task_event("change_due", request, facts)], by=by, at=at)
    return created


@transaction.atomic
def change_lead(
    *, task: Task, department: Department, ground: Ground, by: Actor, at: datetime
) -> Responsibility:
    """Gives the task another lead unit on the basis of a document, even in place of a printed one.

    The row of the former lead is closed on the day of `at` and stays in the history.

    Raises Refused where the unit leads already, where the change is approved on a later day than
    that of `at`, and where the task is ended, merged or split.
    """
    request = _create_change_request(task, ChangeKind.LEAD, ground, at)
    units = CurrentUnits.of(task)
    former, own = units.lead, units.row_of(department)
    if former and former == own:
        raise Refused(f"{department}现在就是牵头单位。")
    close_rows(list(filter(None, [former, own])), at)
    if former and former.basis == ResponsibilityBasis.DESIGNATED:
        # A unit that led only by designation falls back to what the document prints for it.
        restore_printed([former], at)
    created = Responsibility.objects.create(
        task=task,
        department=department,
        order=former.order if former else next_order(task),
        kind=ResponsibilityKind.LEAD,
        basis=ResponsibilityBasis.PUBLISHED,
        source=ground.basis_document,
        valid_from=local_day(at),
        change_request=request,
    )
    append([_task_event("change_lead", request, {"department": department.slug})], by=by, at=at)
    return created


@transaction.atomic
def change_task(
    *,
    task: Task,
    kind: str,
    successors: Iterable[Task] = (),
    ground: Ground,
    by: Actor,
    at: datetime,
) -> ChangeRequest:
    """Ends, merges or splits a task (终止, 合并, 拆分).

    The task keeps its page and its history; periods that begin after the approval do not require
    it. `successors` are the tasks that take over: none for an end, one for a merger.

    Raises Refused where kind and successors do not fit together, where the change is approved on a
    later day than that of `at`, and where the task is ended, merged or split already.
    """
    successor_tasks = list(successors)
    _refuse_successors(task, kind, successor_tasks)
    request = _create_change_request(task, kind, ground, at)
    request.successors.set(successor_tasks)
    facts = {
        "change": kind,
        "approved_on": ground.approved_on,
        "successors": "、".join(successor.code for successor in successor_tasks),
    }
    append([_task_event("change_task", request, facts)], by=by, at=at)
    return request


def _refuse_successors(task: Task, kind: str, successors: list[Task]) -> None:
    """Raises Refused where kind and successors do not fit together."""
    if kind not in CLOSING or (kind == ChangeKind.END) == bool(successors):
        raise Refused("终止没有承接任务；合并、拆分请选择承接的任务。")
    if kind == ChangeKind.MERGE and len(successors) != 1:
        raise Refused("合并请只选一项承接的任务。")
    if task in successors:
        raise Refused("承接的任务不能是这项任务自己。")


def _task_event(verb: str, request: ChangeRequest, facts: dict) -> LedgerEvent:
    facts |= {"change_request": request.pk, "demonstration": request.demonstration}
    return LedgerEvent(verb, "task", request.task.code, facts)
