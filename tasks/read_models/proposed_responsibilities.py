"""For the supervisor: whose responsibility still rests on our proposal, and which joint items lack a lead."""

from dataclasses import dataclass
from itertools import groupby

from django.db.models import Count, Q

from tasks.choices import ResponsibilityBasis, ResponsibilityKind
from tasks.models import Plan, Responsibility, Task


@dataclass(frozen=True)
class ProposedUnits:
    task: Task
    units: list[Responsibility]


@dataclass(frozen=True)
class ProposedPart:
    plan: Plan
    proposals: list[ProposedUnits]


def proposed_parts() -> list[ProposedPart]:
    """One query; newest plan first, tasks in their printed order."""
    rows = Responsibility.objects.in_force().filter(basis=ResponsibilityBasis.PROPOSED).with_task()
    rows = rows.order_by("-task__plan__starts_on", "task__plan", "task__number", "order")
    by_task = [ProposedUnits(task, list(units)) for task, units in groupby(rows, key=lambda row: row.task)]
    return [ProposedPart(plan, list(found)) for plan, found in groupby(by_task, key=lambda each: each.task.plan)]


def without_lead() -> list[Task]:
    """Items that name several units and no lead: nobody can submit for them yet."""
    now = Q(responsibilities__valid_to=None)
    counted = Task.objects.annotate(
        units=Count("responsibilities", filter=now),
        leads=Count("responsibilities", filter=now & Q(responsibilities__kind=ResponsibilityKind.LEAD)),
    )
    return list(counted.filter(units__gt=1, leads=0).only("code", "title").order_by("code"))
