"""Actions on breakdowns (分解节点): proposed by a responsible unit, decided by a supervisor."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from common.errors import Refused
from common.text.canonical import digest
from common.text.wording import cn_quarter, number
from common.time.days import quarter_start
from departments.models import Department, User
from departments.roles import Role
from ledger.actions import LedgerEvent, append
from progress.actions.locks import locked
from progress.actions.periods import tracked_quarters
from progress.actions.reports import check_answers_for
from progress.choices import BreakdownState, PeriodState
from progress.models import Breakdown
from progress.requirements.items import has_quarters, printed_for
from tasks.models import Indicator, Plan, Task
from tasks.recusal import check_not_recused

# (year, quarter 1-4)
Quarter = tuple[int, int]
# (indicator id or None, year, quarter)
SlotKey = tuple[int | None, int, int]
# The number for the indicator of a slot, or the step in words.
Content = Decimal | str


@dataclass(frozen=True)
class Slot:
    """A quarter for which a value may be proposed.

    A number of `indicator`, or without an indicator a step in words.
    """

    indicator: Indicator | None
    year: int
    quarter: int

    @property
    def key(self) -> SlotKey:
        """(indicator id or None, year, quarter), as `Breakdown.slot_key` names it."""
        return self.indicator.pk if self.indicator else None, self.year, self.quarter


def open_slots(task: Task) -> list[Slot]:
    """The slots of a task for which the document prints no value and nothing was reported yet."""
    indicators, quarters = list(task.indicators.prefetch_related("targets")), _quarters_ahead(task)
    if not indicators:
        return [] if task.milestones.exists() else [Slot(None, *quarter) for quarter in quarters]
    return [
        Slot(indicator, *quarter)
        for indicator in indicators
        for quarter in _unprinted(indicator, quarters, task.plan)
    ]


def _unprinted(indicator: Indicator, quarters: list[Quarter], plan: Plan) -> list[Quarter]:
    """The quarters for which the document prints no value; none if it prints some of quarters."""
    if has_quarters(indicator):
        return []
    last = (plan.ends_on.year, (plan.ends_on.month + 2) // 3)
    return [
        quarter
        for quarter in quarters
        if not printed_for(indicator, *quarter, last=quarter == last)
    ]


def _quarters_ahead(task: Task) -> list[Quarter]:
    """The quarters a task still has to report on.

    Without quarters that are closed or reported on: an expected value is set beforehand.
    """
    past, tracked = _past_quarters(task), tracked_quarters(task.plan)
    closing = task.change_requests.closing().first()
    ended_on = closing.approved_on if closing else date.max
    return [
        quarter
        for quarter in tracked
        if quarter not in past and quarter_start(*quarter) <= ended_on
    ]


def _past_quarters(task: Task) -> set[Quarter]:
    """The quarters that are closed, or for which the task was reported on."""
    closed = task.plan.periods.quarters().filter(
        state__in=[PeriodState.CLOSED, PeriodState.RELEASED]
    )
    filed = task.reports.handed_in()
    return {
        *closed.values_list("year", "index"),
        *filed.values_list("period__year", "period__index"),
    }


@transaction.atomic
def propose_breakdown(
    *,
    task: Task,
    department: Department,
    nodes: dict[Slot, Content],
    by: User,
    at: datetime,
    demonstration: bool = False,
) -> list[Breakdown]:
    """Proposes values for quarters of a task; they replace older proposals for the same slots.

    `department` proposes and must be responsible for the task. `nodes`: slot -> the number for its
    indicator, or the step in words. `at`: the moment of the proposal.

    Raises Refused if the unit is not responsible for the task, nothing is proposed, or a slot is
    not open any more: printed, reported on or closed.
    """
    locked(task)
    check_answers_for(task, department)
    if not nodes:
        raise Refused("没有新的内容可以提出：请先填写或修改至少一个季度。")
    _check_open(task, (slot.key for slot in nodes))
    _replace(task, {slot.key for slot in nodes}, BreakdownState.PROPOSED, BreakdownState.SENT_BACK)
    rows = [_build(task, slot, content) for slot, content in nodes.items()]
    for row in rows:
        row.unit, row.proposed_by, row.proposed_at = department, by, at
        row.demonstration = demonstration
    Breakdown.objects.bulk_create(rows)
    event = LedgerEvent("propose_breakdown", "task", task.code, {"count": len(rows)}, public=False)
    append([event], by=by.actor(Role.REPORTER, of=department.pk), at=at)
    return rows


def _build(task: Task, slot: Slot, content: Content) -> Breakdown:
    row = Breakdown(task=task, indicator=slot.indicator, year=slot.year, quarter=slot.quarter)
    if isinstance(content, Decimal):
        row.value = content
    else:
        row.step = content
    return row


@transaction.atomic
def confirm_breakdown(
    *, task: Task, seen: Iterable[int], by: User, at: datetime
) -> list[Breakdown]:
    """Confirms every proposed value of a task: its quarters are measured against them from now on.

    `seen`: ids of the rows the person has read. `at`: the moment of the decision.

    Raises Refused if the person must recuse themselves or proposed one of them, if the rows
    waiting are not those read, or if a slot is not open any more.
    """
    rows = _lock_pending(task, seen, by)
    _check_open(task, (row.slot_key for row in rows))
    former = {row.slot_key: row for row in task.breakdowns.confirmed()}
    _replace(task, {row.slot_key for row in rows}, BreakdownState.CONFIRMED)
    _decide(rows, BreakdownState.CONFIRMED, by, at)
    events = [_confirmation_event(task, row, former.get(row.slot_key)) for row in rows]
    append(events, by=by.actor(Role.SUPERVISOR), at=at)
    return rows


@transaction.atomic
def return_breakdown(
    *, task: Task, seen: Iterable[int], reason: str, by: User, at: datetime
) -> list[Breakdown]:
    """Returns every proposed value of a task to the units, with a reason they can read.

    `seen`: ids of the rows the person has read. `at`: the moment of the decision.

    Raises Refused without a reason, if the person must recuse themselves or proposed one of them,
    or if the rows waiting are not those read.
    """
    rows = _lock_pending(task, seen, by)
    if not reason.strip():
        raise Refused("退回请写明理由，提出单位会看到。")
    _decide(rows, BreakdownState.SENT_BACK, by, at, reason=reason.strip())
    event = LedgerEvent("return_breakdown", "task", task.code, {"count": len(rows)}, public=False)
    append([event], by=by.actor(Role.SUPERVISOR), at=at)
    return rows


@transaction.atomic
def withdraw_breakdown(
    *, task: Task, department: Department, seen: Iterable[int], by: User, at: datetime
) -> list[Breakdown]:
    """Withdraws every value that a unit proposed for a task and that is not decided yet.

    `seen`: ids of the rows the person has read. `at`: the moment of the withdrawal.

    Raises Refused if the unit is not responsible for the task, or if the rows waiting are not
    those read.
    """
    locked(task)
    check_answers_for(task, department)
    rows = _check_seen(task.breakdowns.proposed().filter(unit=department), seen)
    task.breakdowns.filter(pk__in=[row.pk for row in rows]).update(state=BreakdownState.WITHDRAWN)
    event = LedgerEvent("withdraw_breakdown", "task", task.code, {"count": len(rows)}, public=False)
    append([event], by=by.actor(Role.REPORTER, of=department.pk), at=at)
    return rows


def _lock_pending(task: Task, seen: Iterable[int], by: User) -> list[Breakdown]:
    """The proposed rows for the person to decide, with the task locked."""
    locked(task)
    check_not_recused(task, by, "确认")
    rows = _check_seen(task.breakdowns.proposed().select_related("indicator"), seen)
    if any(row.proposed_by_id == by.pk for row in rows):
        raise Refused("自己提出的分解节点，由另一位督查员确认。")
    return rows


def _check_seen(pending: Iterable[Breakdown], seen: Iterable[int]) -> list[Breakdown]:
    """The rows waiting; raises Refused if they are not those the person has read."""
    rows = list(pending)
    if not rows or {row.pk for row in rows} != set(seen):
        raise Refused("待确认的内容刚才有变化，下面是现在的情况，请核对后再处理。")
    return rows


def _check_open(task: Task, keys: Iterable[SlotKey]) -> None:
    free = {slot.key for slot in open_slots(task)}
    taken = [cn_quarter(year, quarter) for _, year, quarter in set(keys) - free]
    if taken:
        quarters = "、".join(sorted(set(taken)))
        raise Refused(f"{quarters}文件已写明目标，或者已经报送、截止，不能再定分解节点。")


def _replace(task: Task, keys: set[SlotKey], *states: str) -> None:
    old = [row.pk for row in task.breakdowns.filter(state__in=states) if row.slot_key in keys]
    task.breakdowns.filter(pk__in=old).update(state=BreakdownState.REPLACED)


def _decide(rows: list[Breakdown], state: str, by: User, at: datetime, reason: str = "") -> None:
    for row in rows:
        row.state, row.decided_by, row.decided_at, row.reason = state, by, at, reason
    Breakdown.objects.bulk_update(rows, ["state", "decided_by", "decided_at", "reason"])


def _confirmation_event(task: Task, row: Breakdown, former: Breakdown | None) -> LedgerEvent:
    facts: dict[str, object] = {
        "year": row.year,
        "quarter": row.quarter,
        "demonstration": row.demonstration,
    }
    if row.indicator:
        facts |= {
            "indicator": row.indicator.name,
            "value": [number(former.value) if former else None, number(row.value)],
        }
    else:
        facts |= {"step": digest(row.step)}
    return LedgerEvent("confirm_breakdown", "task", task.code, facts)
