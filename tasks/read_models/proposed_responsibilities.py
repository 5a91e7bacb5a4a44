"""Responsibilities a supervisor has yet to settle: proposed units, and tasks without a lead."""

from dataclasses import dataclass
from itertools import groupby

from django.db.models import Count, Q

from tasks.choices import PUBLIC_STATES, ResponsibilityBasis, ResponsibilityKind
from tasks.models import Plan, Responsibility, Task


@dataclass(frozen=True)
class ProposedUnits:
    """A task and the units proposed for it."""

    task: Task
    units: list[Responsibility]

    @property
    def units_in_words(self) -> str:
        """The units and what each is proposed as, as one text for a cell of a table."""
        return "、".join(f"{unit.department}（{unit.get_kind_display()}）" for unit in self.units)


@dataclass(frozen=True)
class ProposedPart:
    """A plan and those of its tasks that have proposed units."""

    plan: Plan
    proposals: list[ProposedUnits]


def proposed_parts() -> list[ProposedPart]:
    """The proposed units of all plans in one query: newest plan first, tasks as printed."""
    rows = Responsibility.objects.in_force().filter(basis=ResponsibilityBasis.PROPOSED).with_task()
    rows = rows.filter(task__plan__state__in=PUBLIC_STATES)
    rows = rows.order_by("-task__plan__starts_on", "task__plan", "task__number", "order")
    by_task = [
        ProposedUnits(task, list(units)) for task, units in groupby(rows, key=lambda row: row.task)
    ]
    by_plan = groupby(by_task, key=lambda proposal: proposal.task.plan)
    return [ProposedPart(plan, list(proposals)) for plan, proposals in by_plan]


def tasks_without_lead() -> list[Task]:
    """Tasks with several units and no lead: nobody can submit a report for them yet."""
    in_force = Q(responsibilities__valid_to=None)
    counted = Task.objects.published().annotate(
        unit_count=Count("responsibilities", filter=in_force),
        lead_count=Count(
            "responsibilities", filter=in_force & Q(responsibilities__kind=ResponsibilityKind.LEAD)
        ),
    )
    leaderless = counted.filter(unit_count__gt=1, lead_count=0)
    return list(leaderless.only("code", "title").order_by("code"))
