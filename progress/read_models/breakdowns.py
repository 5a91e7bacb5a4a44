"""单位分解: what waits for whom, and what a reader may see of it. Never mixed with what the document prints."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from django.urls import reverse

from common.time.days import local_day, quarter_end
from common.ui.chips import Chip, Tone
from departments.models import Role, User
from progress.choices import BreakdownState, TargetBasis
from progress.models import Breakdown
from progress.permissions import can_decide_breakdown, can_file
from progress.read_models.work_item import WorkItem
from tasks.models import Task
from tasks.recusal import recusing_units

NOT_PRINTED = str(TargetBasis.BREAKDOWN.label)
TONES = {BreakdownState.CONFIRMED: Tone.DONE, BreakdownState.SENT_BACK: Tone.BEHIND}


def nodes_of(task: Task) -> list[Breakdown]:
    """What is proposed, sent back or confirmed of a task, the quarters in their order."""
    rows = task.breakdowns.exclude(state__in=[BreakdownState.REPLACED, BreakdownState.WITHDRAWN])
    return list(rows.select_related("indicator", "unit", "proposed_by", "decided_by"))


def confirmed_nodes(task: Task, day: date | None = None) -> list[Breakdown]:
    return list(task.breakdowns.confirmed(day).select_related("indicator"))


def node_chip(row: Breakdown) -> Chip:
    return Chip(row.get_state_display(), TONES.get(row.state, Tone.COURSE), demo=row.demonstration)


def breakdown_work_items(user: User) -> list[WorkItem]:
    """For those who decide what was proposed, and for the units that had theirs sent back."""
    found = _to_decide(user) if can_decide_breakdown(user) else []
    return found + (_sent_back(user) if can_file(user) else [])


def _to_decide(user: User) -> list[WorkItem]:
    own = Task.objects.answered_for_by(recusing_units(user))
    rows = Breakdown.objects.proposed().exclude(task__in=own)
    return [_work_item(task, found, f"{len(found)} 个分解节点待确认", "确认") for task, found in _by_task(rows)]


def _sent_back(user: User) -> list[WorkItem]:
    rows = Breakdown.objects.filter(state=BreakdownState.SENT_BACK, unit__in=user.department_ids(Role.REPORTER))
    return [
        _work_item(task, found, f"{len(found)} 个分解节点要修改", "修改", returned=found[-1].reason)
        for task, found in _by_task(rows)
    ]


def _work_item(task: Task, rows: list[Breakdown], missing: str, verb: str, returned: str = "") -> WorkItem:
    """Due before the first of its quarters ends, so that the value is known before it is held against anything.

    A quarter that was over when the ball came here makes nobody late.
    """
    came = max(local_day(row.decided_at or row.proposed_at) for row in rows)
    return WorkItem(
        due_on=max(came, min(quarter_end(row.year, row.quarter) for row in rows)),
        title=task.title,
        missing=missing,
        url=address_of(task),
        verb=verb,
        note=f"{task.code} · 分解节点",
        returned=returned,
        demonstration=any(row.demonstration for row in rows),
    )


def _by_task(rows: Iterable[Breakdown]) -> list[tuple[Task, list[Breakdown]]]:
    found = defaultdict(list)
    for row in rows.select_related("task").defer("task__search_text").order_by("task__code", "year", "quarter"):
        found[row.task].append(row)
    return list(found.items())


def address_of(task: Task) -> str:
    return reverse("progress:breakdown", args=[task.code])
