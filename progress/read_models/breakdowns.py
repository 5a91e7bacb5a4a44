"""The breakdowns (单位分解) of a task, for pages and work lists;
never mixed with printed targets.
"""

from collections import defaultdict
from datetime import date

from django.urls import reverse

from common.time.days import quarter_end
from common.ui.chips import Chip, Tone
from departments.models import User
from departments.roles import Role
from progress.choices import BreakdownState, TargetBasis
from progress.models import Breakdown
from progress.permissions import can_decide_breakdown, can_file
from progress.querysets.breakdowns import BreakdownQuerySet
from progress.read_models.work_item import WorkItem
from tasks.models import Task
from tasks.recusal import recusing_units

NOT_PRINTED = str(TargetBasis.BREAKDOWN.label)
TONES: dict[str, Tone] = {
    BreakdownState.CONFIRMED: Tone.DONE,
    BreakdownState.SENT_BACK: Tone.BEHIND,
}


def nodes_of(task: Task) -> list[Breakdown]:
    """The breakdowns of a task that are proposed, returned or confirmed, by quarter."""
    rows = task.breakdowns.exclude(state__in=[BreakdownState.REPLACED, BreakdownState.WITHDRAWN])
    return list(rows.select_related("indicator", "unit", "proposed_by", "decided_by"))


def confirmed_nodes(task: Task, day: date | None = None) -> list[Breakdown]:
    """The confirmed breakdowns of a task; with `day`, those confirmed by the end of that day."""
    return list(task.breakdowns.confirmed(day).select_related("indicator"))


def node_chip(row: Breakdown) -> Chip:
    return Chip(row.get_state_display(), TONES.get(row.state, Tone.COURSE), demo=row.demonstration)


def breakdown_work_items(user: User) -> list[WorkItem]:
    """The breakdowns a person has to decide as a supervisor, or to change as a reporter."""
    items = _items_to_decide(user) if can_decide_breakdown(user) else []
    return items + (_items_sent_back(user) if can_file(user) else [])


def _items_to_decide(user: User) -> list[WorkItem]:
    own = Task.objects.answered_for_by(recusing_units(user))
    rows = Breakdown.objects.proposed().exclude(task__in=own)
    return [
        _work_item(task, nodes, f"{len(nodes)} 个分解节点待确认", "确认")
        for task, nodes in _group_by_task(rows)
    ]


def _items_sent_back(user: User) -> list[WorkItem]:
    rows = Breakdown.objects.filter(
        state=BreakdownState.SENT_BACK, unit__in=user.department_ids(Role.REPORTER)
    )
    return [
        _work_item(task, nodes, f"{len(nodes)} 个分解节点要修改", "修改", returned=nodes[-1].reason)
        for task, nodes in _group_by_task(rows)
    ]


def _work_item(
    task: Task, rows: list[Breakdown], missing: str, verb: str, returned: str = ""
) -> WorkItem:
    """Due when the first of its quarters ends, before reports are measured against the value.

    If that quarter was over when the item arrived, due on the day it arrived.
    """
    arrived_on = max(row.arrived_on for row in rows)
    first_quarter_ends = min(quarter_end(row.year, row.quarter) for row in rows)
    return WorkItem(
        due_on=max(arrived_on, first_quarter_ends),
        title=task.title,
        missing=missing,
        url=address_of(task),
        verb=verb,
        note=f"{task.code} · 分解节点",
        returned=returned,
        demonstration=any(row.demonstration for row in rows),
    )


def _group_by_task(rows: BreakdownQuerySet) -> list[tuple[Task, list[Breakdown]]]:
    nodes = defaultdict(list)
    for row in (
        rows.select_related("task")
        .defer("task__search_text")
        .order_by("task__code", "year", "quarter")
    ):
        nodes[row.task].append(row)
    return list(nodes.items())


def address_of(task: Task) -> str:
    """The address of the breakdown page of a task."""
    return reverse("progress:breakdown", args=[task.code])
