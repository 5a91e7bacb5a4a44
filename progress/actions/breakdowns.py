"""分解节点: proposed by a responsible unit, confirmed or sent back by a supervisor; the document stays as printed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from common.errors import Refused
from common.text.canonical import digest
from common.text.wording import cn_quarter, number
from common.time.days import quarter_end, quarter_start
from departments.models import Department, Role, User
from ledger.actions import LedgerEvent, append
from progress.actions.locks import locked
from progress.actions.periods import quarters_of
from progress.actions.reports import check_answers_for
from progress.choices import BreakdownState, PeriodState
from progress.models import Breakdown
from progress.requirements.items import has_quarters, printed_for
from tasks.models import Indicator, Plan, Task
from tasks.recusal import check_not_recused


@dataclass(frozen=True)
class Slot:
    """One quarter for which a number of an indicator or, without one, a step in words may be proposed."""

    indicator: Indicator | None
    year: int
    quarter: int

    @property
    def place(self) -> tuple[int | None, int, int]:
        return self.indicator.pk if self.indicator else None, self.year, self.quarter


def open_slots(task: Task) -> list[Slot]:
    """Where the document prints no interim value and nobody has reported yet."""
    indicators, quarters = list(task.indicators.prefetch_related("targets")), _quarters_ahead(task)
    if not indicators:
        return [] if task.milestones.exists() else [Slot(None, *quarter) for quarter in quarters]
    ends_in = (task.plan.ends_on.year, (task.plan.ends_on.month + 2) // 3)
    return [
        Slot(indicator, *quarter)
        for indicator in indicators
        if not has_quarters(indicator)
        for quarter in quarters
        if not printed_for(indicator, *quarter, last=quarter == ends_in)
    ]


def _quarters_ahead(task: Task) -> list[tuple[int, int]]:
    """The tracked quarters of the plan in which it is asked for, without those reported on or closed.

    What is expected is said beforehand.
    """
    plan: Plan = task.plan
    past = set(
        plan.periods.quarters()
        .filter(state__in=[PeriodState.CLOSED, PeriodState.RELEASED])
        .values_list("year", "index")
    )
    filed = task.reports.filter(first_submitted_at__isnull=False)
    past |= set(filed.values_list("period__year", "period__index"))
    asked = [one for one in quarters_of(plan.starts_on, plan.ends_on) if plan.tracks(quarter_end(*one))]
    ended = task.change_requests.closing().first()
    return [one for one in asked if one not in past and (ended is None or quarter_start(*one) <= ended.approved_on)]


Nodes = dict[Slot, Decimal | str]


@transaction.atomic
def propose_breakdown(
    *, task: Task, department: Department, nodes: Nodes, by: User, at: datetime, demonstration: bool = False
) -> list[Breakdown]:
    """A number for each slot of an indicator, words for the others; a new proposal takes the place of an older one."""
    locked(task)
    check_answers_for(task, department)
    if not nodes:
        raise Refused("没有新的内容可以提出：请先填写或修改至少一个季度。")
    _check_open(task, (slot.place for slot in nodes))
    _replace(task, {slot.place for slot in nodes}, BreakdownState.PROPOSED, BreakdownState.SENT_BACK)
    told = {"unit": department, "proposed_by": by, "proposed_at": at, "demonstration": demonstration}
    made = Breakdown.objects.bulk_create(
        Breakdown(task=task, year=slot.year, quarter=slot.quarter, **_said(slot, said), **told)
        for slot, said in nodes.items()
    )
    action = LedgerEvent("propose_breakdown", "task", task.code, {"count": len(made)}, public=False)
    append([action], by=by.actor(Role.REPORTER, of=department.pk), at=at)
    return made


def _said(slot: Slot, said: Decimal | str) -> dict:
    return {"indicator": slot.indicator, "value": said} if slot.indicator else {"step": said}


@transaction.atomic
def confirm_breakdown(*, task: Task, seen: Iterable[int], by: User, at: datetime) -> list[Breakdown]:
    """From now on these values are what their quarters are held against; `seen` are the ids the person read."""
    rows = _pending(task, seen, by)
    _check_open(task, (row.place for row in rows))
    former = {row.place: row for row in task.breakdowns.confirmed()}
    _replace(task, {row.place for row in rows}, BreakdownState.CONFIRMED)
    _decide(rows, BreakdownState.CONFIRMED, by, at)
    events = [_confirmed(task, row, former.get(row.place)) for row in rows]
    append(events, by=by.actor(Role.SUPERVISOR), at=at)
    return rows


@transaction.atomic
def return_breakdown(*, task: Task, seen: Iterable[int], reason: str, by: User, at: datetime) -> list[Breakdown]:
    rows = _pending(task, seen, by)
    if not reason.strip():
        raise Refused("退回请写明理由，提出单位会看到。")
    _decide(rows, BreakdownState.SENT_BACK, by, at, reason=reason.strip())
    action = LedgerEvent("return_breakdown", "task", task.code, {"count": len(rows)}, public=False)
    append([action], by=by.actor(Role.SUPERVISOR), at=at)
    return rows


@transaction.atomic
def withdraw_breakdown(
    *, task: Task, department: Department, seen: Iterable[int], by: User, at: datetime
) -> list[Breakdown]:
    """Everything of the unit that still waits for an answer, taken back by it; nothing follows from it any more."""
    locked(task)
    check_answers_for(task, department)
    rows = _as_seen(task.breakdowns.proposed().filter(unit=department), seen)
    task.breakdowns.filter(pk__in=[row.pk for row in rows]).update(state=BreakdownState.WITHDRAWN)
    action = LedgerEvent("withdraw_breakdown", "task", task.code, {"count": len(rows)}, public=False)
    append([action], by=by.actor(Role.REPORTER, of=department.pk), at=at)
    return rows


def _pending(task: Task, seen: Iterable[int], by: User) -> list[Breakdown]:
    """What waits for a decision, held."""
    locked(task)
    check_not_recused(task, by, "确认")
    rows = _as_seen(task.breakdowns.proposed().select_related("indicator"), seen)
    if any(row.proposed_by_id == by.pk for row in rows):
        raise Refused("自己提出的分解节点，由另一位督查员确认。")
    return rows


def _as_seen(waiting: Iterable[Breakdown], seen: Iterable[int]) -> list[Breakdown]:
    """Refused if it is not what the person has read."""
    rows = list(waiting)
    if not rows or {row.pk for row in rows} != set(seen):
        raise Refused("待确认的内容刚才有变化，下面是现在的情况，请核对后再处理。")
    return rows


def _check_open(task: Task, places: Iterable[tuple]) -> None:
    free = {slot.place for slot in open_slots(task)}
    taken = [cn_quarter(year, quarter) for _, year, quarter in set(places) - free]
    if taken:
        quarters = "、".join(sorted(set(taken)))
        raise Refused(f"{quarters}文件已写明目标，或者已经报送、截止，不能再定分解节点。")


def _replace(task: Task, places: set[tuple], *states: str) -> None:
    old = [row.pk for row in task.breakdowns.filter(state__in=states) if row.place in places]
    task.breakdowns.filter(pk__in=old).update(state=BreakdownState.REPLACED)


def _decide(rows: list[Breakdown], state: str, by: User, at: datetime, reason: str = "") -> None:
    for row in rows:
        row.state, row.decided_by, row.decided_at, row.reason = state, by, at, reason
    Breakdown.objects.bulk_update(rows, ["state", "decided_by", "decided_at", "reason"])


def _confirmed(task: Task, row: Breakdown, former: Breakdown | None) -> LedgerEvent:
    facts = {"year": row.year, "quarter": row.quarter, "demonstration": row.demonstration}
    if row.indicator:
        facts |= {
            "indicator": row.indicator.name,
            "value": [number(former.value) if former else None, number(row.value)],
        }
    else:
        facts |= {"step": digest(row.step)}
    return LedgerEvent("confirm_breakdown", "task", task.code, facts)
