"""The figures of 总览, each with the address of the list of exactly the tasks it counts."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.urls import reverse

from departments.models import Department
from progress.choices import Reporting
from public.read_models.bulletin_lines import UNCONFIRMED_LABEL
from public.read_models.plan_snapshot import PlanSnapshot, TaskResult
from publishing.read_models.public_status import DELIVERY, STATE_WORDS
from tasks.choices import ResponsibilityBasis, ResponsibilityKind
from tasks.models import Responsibility, Section


@dataclass(frozen=True)
class Count:
    """A figure and the address of the list of exactly these tasks; zero has no address."""

    value: int
    url: str = ""


def list_address(snapshot: PlanSnapshot, **filters: str) -> str:
    """The address of the list of tasks of this plan and quarter, narrowed by `filters`.

    Without a quarter the list shows the year-end conclusions.
    """
    query = {"plan": snapshot.plan.slug}
    if snapshot.period and not snapshot.is_concluded:
        query |= {"year": str(snapshot.period.year), "quarter": str(snapshot.period.index)}
    return f"{reverse('public:tasks')}?{urlencode(query | filters)}"


def count_results(
    snapshot: PlanSnapshot,
    results: Iterable[TaskResult],
    *,
    delivery: str = "",
    reporting: str = "",
    **filters: str,
) -> Count:
    """How many `results`, all that `filters` select, are in a delivery group and reported so."""
    value = sum(_is_counted(result, delivery, reporting) for result in results)
    query = {"delivery": delivery, "reporting": reporting} | filters
    return linked(snapshot, value, **{name: word for name, word in query.items() if word})


def _is_counted(result: TaskResult, delivery: str, reporting: str) -> bool:
    states = DELIVERY[delivery][1] if delivery else [*STATE_WORDS]
    return result.state in states and reporting in ("", result.reporting)


def linked(snapshot: PlanSnapshot, value: int, **filters: str) -> Count:
    return Count(
        value, list_address(snapshot, **filters) if value and not snapshot.internal else ""
    )


@dataclass(frozen=True)
class GroupRow:
    """The counts of one unit or one section (`owner`).

    `asked` are the tasks to be reported, as the filter `delivery=asked` has it; `supports` are the
    tasks a unit only supports, `unconfirmed` those that are only proposed to be its own.
    """

    owner: Department | Section
    key: str
    asked: Count
    reported: Count
    late: Count
    behind: Count
    done: Count
    supports: int = 0
    unconfirmed: int = 0

    @property
    def name(self) -> str:
        """The name, with its label where any of the tasks rests on a proposal of the portal."""
        return f"{self.owner}（{UNCONFIRMED_LABEL}）" if self.unconfirmed else str(self.owner)


def count_by_unit(snapshot: PlanSnapshot, results: list[TaskResult]) -> list[GroupRow]:
    """Units in the order of their list, never by their figures."""
    by_task = {result.task.pk: result for result in results}
    units = sorted(_by_unit(snapshot.responsibilities).items())
    rows = (_unit_row(snapshot, rows, by_task) for _, rows in units)
    return [row for row in rows if row]


def _by_unit(responsibilities: list[Responsibility]) -> dict[int, list[Responsibility]]:
    """Unit id -> its responsibilities."""
    rows_by_unit: dict[int, list[Responsibility]] = defaultdict(list)
    for row in responsibilities:
        rows_by_unit[row.department_id].append(row)
    return rows_by_unit


def _unit_row(
    snapshot: PlanSnapshot, rows: list[Responsibility], by_task: dict[int, TaskResult]
) -> GroupRow | None:
    """The counts of the unit whose responsibilities these are; None without any result."""
    unit = rows[0].department
    results = [by_task[row.task_id] for row in rows if row.task_id in by_task]
    if not results:
        return None
    return replace(
        _group(snapshot, unit, results, unit.slug, department=unit.slug),
        supports=sum(row.kind == ResponsibilityKind.SUPPORTING for row in rows),
        unconfirmed=sum(row.basis == ResponsibilityBasis.PROPOSED for row in rows),
    )


def count_by_section(snapshot: PlanSnapshot, results: list[TaskResult]) -> list[GroupRow]:
    """Sections in the order of the document."""
    sections = {result.task.section_id: result.task.section for result in results}
    groups = []
    for section in sorted(sections.values(), key=lambda section: section.number):
        group_results = [result for result in results if result.task.section_id == section.pk]
        key = f"{snapshot.plan.slug}-{section.number}"
        groups.append(_group(snapshot, section, group_results, key, section=key))
    return groups


def _group(
    snapshot: PlanSnapshot,
    owner: Department | Section,
    group_results: list[TaskResult],
    key: str,
    **filters: str,
) -> GroupRow:
    return GroupRow(
        owner=owner,
        key=key,
        asked=count_results(snapshot, group_results, delivery="asked", **filters),
        reported=count_results(snapshot, group_results, delivery="reported", **filters),
        late=count_results(snapshot, group_results, reporting=Reporting.LATE, **filters),
        behind=count_results(snapshot, group_results, delivery="behind", **filters),
        done=count_results(snapshot, group_results, delivery="done", **filters),
    )
