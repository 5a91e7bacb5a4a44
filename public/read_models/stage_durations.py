"""等了几天: the days between due day, first filing, first assessment and release."""

from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median_low
from typing import Any

from common.not_null import not_null
from common.time.days import local_day
from public.read_models.plan_snapshot import PlanSnapshot, TaskResult
from tasks.models import Task

# The facts between which the days of a stage are counted.
DAY_FIELDS = {
    "file": ("due_on", "first_filed_on"),
    "check": ("first_filed_on", "first_assessed_on"),
    "waiting": ("first_filed_on", "released_on"),
}
NAMES = {"file": "报送", "check": "核查", "waiting": "公布时待核查"}
FROM_TO = {
    "file": "报送截止日到首次报送，按时的算 0 天",
    "check": "首次报送到核定公布",
    "waiting": "首次报送到公布，那时还没有核定",
}


@dataclass(frozen=True)
class StageDuration:
    """One stage: `days` are the calendar days of each task that passed it, in printed order."""

    key: str
    days: list[tuple[Task, int]]

    @property
    def name(self) -> str:
        return NAMES[self.key]

    @property
    def span(self) -> str:
        return FROM_TO[self.key]

    @property
    def is_filing(self) -> bool:
        return self.key == "file"

    @property
    def count(self) -> int:
        return len(self.days)

    @property
    def waited(self) -> list[tuple[Task, int]]:
        """The tasks that took at least one day."""
        return [(task, days) for task, days in self.days if days > 0]

    @property
    def longest(self) -> int | None:
        return max((days for _, days in self.days), default=None)

    @property
    def middle(self) -> int | None:
        """The median of the days; the lower one of an even number."""
        return median_low(days for _, days in self.days) if self.days else None

    @property
    def slowest(self) -> Task | None:
        """The first task that took the longest; None where none took a day."""
        return (
            next((task for task, days in self.days if days == self.longest), None)
            if self.longest
            else None
        )


def stage_durations(snapshot: PlanSnapshot) -> list[StageDuration]:
    """The stages of the chosen quarter, which was released."""
    return [StageDuration(key, list(_days(key, snapshot.results))) for key in NAMES]


def _days(key: str, results: Iterable[TaskResult]) -> Iterable[tuple[Task, int]]:
    for result in results:
        facts = stage_facts(result)
        start, end = (facts[name] for name in DAY_FIELDS[key])
        if start and end and _passed(key, facts):
            yield result.task, max((end - start).days, 0)


def _passed(key: str, facts: dict[str, Any]) -> bool:
    """Whether the task passed the stage: only what was released unchecked waited for its check."""
    return key != "waiting" or facts["unchecked"]


def stage_facts(result: TaskResult) -> dict[str, Any]:
    """The published days of a task, and whether its first publication awaited an assessment."""
    row = result.publication
    filed = row.first_filed_at if row else None
    return {
        "due_on": result.due_on,
        "first_filed_on": local_day(filed) if filed else None,
        "first_assessed_on": result.assessed_on,
        "released_on": local_day(not_null(row.period.released_at)) if row else None,
        "unchecked": result.first is not None and result.first.awaits_assessment,
    }
