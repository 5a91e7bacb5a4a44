"""调整: what was promised changes only by a paper, in sight of everybody; closed and succeeded, never updated."""

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
from tasks.actions.responsibilities import close_rows, lock_tasks, next_order, put_back_printed
from tasks.choices import CLOSING, ChangeKind, ResponsibilityBasis, ResponsibilityKind
from tasks.models import ChangeRequest, Commitment, DueChange, Responsibility, Target, Task


@dataclass(frozen=True)
class Ground:
    """What a change rests on: why, by which paper (its scan for the offices only), approved by whom and when."""

    reason: str
    basis_document: str
    approving_body: str
    approved_on: date
    basis_scan: CheckedFile | None = None
    demonstration: bool = False


@transaction.atomic
def change_target(
    *, target: Target, value: Decimal, value_max: Decimal | None, ground: Ground, by: Actor, at: datetime
) -> Target:
    """Closes a promised value and puts its successor beside it."""
    old = Target.objects.select_for_update(of=("self",)).select_related("indicator__task").get(pk=target.pk)
    if old.valid_to is not None:
        raise Refused("这个目标值已经调整过，请刷新页面再看。")
    if (value, value_max) == (old.value, old.value_max):
        raise Refused("新的目标值和现在的一样，没有可以调整的。")
    request = _request(old.indicator.task, ChangeKind.TARGET, ground, at)
    new = _succeed(old, request, value, value_max, local_day(at))
    append([_changed(old, new, request)], by=by, at=at)
    return new


def _request(task: Task, kind: str, ground: Ground, at: datetime) -> ChangeRequest:
    lock_tasks([task])
    if ground.approved_on > local_day(at):
        raise Refused("批准日期不能晚于今天。")
    if task.change_requests.closing().exists():
        raise Refused("这项任务已经终止、合并或拆分，不再调整。")
    basis_scan = ground.basis_scan
    kept = (
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
        **kept,
    )


def _succeed(old: Target, request: ChangeRequest, value: Decimal, value_max: Decimal | None, day: date) -> Target:
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


def _changed(old: Target, new: Target, request: ChangeRequest) -> LedgerEvent:
    facts = {
        "indicator": old.indicator.name,
        "year": old.year,
        "quarter": old.quarter,
        "value": [number(old.value), number(new.value)],
    }
    if old.value_max is not None or new.value_max is not None:
        facts["value_max"] = [number(old.value_max), number(new.value_max)]
    return _event("change_target", request, facts)


@transaction.atomic
def change_due(*, commitment: Commitment, due_on: date, ground: Ground, by: Actor, at: datetime) -> DueChange:
    """Gives one promise another day; quarters ask for it by the new one, the page shows both."""
    request = _request(commitment.task, ChangeKind.DATE, ground, at)
    old = commitment.due_day(commitment.task.plan)
    if due_on == old:
        raise Refused("新的期限和现在的一样，没有可以调整的。")
    made = DueChange.objects.create(
        commitment=commitment, old_due_on=old, due_on=due_on, valid_from=local_day(at), change_request=request
    )
    facts = {"commitment": commitment.order, "due_on": [old, due_on]}
    append([_event("change_due", request, facts)], by=by, at=at)
    return made


@transaction.atomic
def change_lead(*, task: Task, department: Department, ground: Ground, by: Actor, at: datetime) -> Responsibility:
    """Another lead, by a paper: what `designate` may not do to a printed one. The former row is closed and stays."""
    request = _request(task, ChangeKind.LEAD, ground, at)
    held = list(task.responsibilities.in_force().select_related("department"))
    former = [row for row in held if row.kind == ResponsibilityKind.LEAD]
    if any(row.department_id == department.pk for row in former):
        raise Refused(f"{department}现在就是牵头单位。")
    close_rows([*former, *(row for row in held if row.department_id == department.pk)], at)
    # A lead that was only designated gives the unit back the place that the document prints.
    put_back_printed([row for row in former if row.basis == ResponsibilityBasis.DESIGNATED], at)
    made = Responsibility.objects.create(
        task=task,
        department=department,
        order=former[0].order if former else next_order(task),
        kind=ResponsibilityKind.LEAD,
        basis=ResponsibilityBasis.PUBLISHED,
        source=ground.basis_document,
        valid_from=local_day(at),
        change_request=request,
    )
    append([_event("change_lead", request, {"department": department.slug})], by=by, at=at)
    return made


@transaction.atomic
def change_task(
    *, task: Task, kind: str, successors: Iterable[Task] = (), ground: Ground, by: Actor, at: datetime
) -> ChangeRequest:
    """终止, 合并 or 拆分: the task keeps its page and its past; quarters that begin later ask nothing of it."""
    successor_tasks = list(successors)
    if kind not in CLOSING or (kind == ChangeKind.END) == bool(successor_tasks):
        raise Refused("终止没有承接任务；合并、拆分请选择承接的任务。")
    if kind == ChangeKind.MERGE and len(successor_tasks) != 1:
        raise Refused("合并请只选一项承接的任务。")
    if task in successor_tasks:
        raise Refused("承接的任务不能是这项任务自己。")
    request = _request(task, kind, ground, at)
    request.successors.set(successor_tasks)
    facts = {
        "change": kind,
        "approved_on": ground.approved_on,
        "successors": "、".join(successor.code for successor in successor_tasks),
    }
    append([_event("change_task", request, facts)], by=by, at=at)
    return request


def _event(verb: str, request: ChangeRequest, facts: dict) -> LedgerEvent:
    facts |= {"change_request": request.pk, "demonstration": request.demonstration}
    return LedgerEvent(verb, "task", request.task.code, facts)
