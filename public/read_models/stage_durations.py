"""等了几天: from one hand to the next, from what is public: first filing, first word of the supervisor, release."""

from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median_low
from typing import Any

from common.time.days import local_day
from public.read_models.plan_snapshot import PlanSnapshot, TaskResult
from tasks.models import Task

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
    """`days` of each task that passed this hand, in printed order; calendar days."""

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
        return [(task, days) for task, days in self.days if days > 0]

    @property
    def longest(self) -> int | None:
        return max((days for _, days in self.days), default=None)

    @property
    def middle(self) -> int | None:
        """Of all in order of their days the one in the middle; of two the shorter."""
        return median_low(days for _, days in self.days) if self.days else None

    @property
    def slowest(self) -> Task | None:
        return next((task for task, days in self.days if days == self.longest), None) if self.longest else None


def stage_durations(snapshot: PlanSnapshot) -> list[StageDuration]:
    """Of the chosen quarter, which was released."""
    return [StageDuration(key, list(_days(key, snapshot.lines))) for key in NAMES]


def _days(key: str, lines: Iterable[TaskResult]) -> Iterable[tuple[Task, int]]:
    for line in lines:
        facts = facts_of(line)
        start, end = (facts[name] for name in DAY_FIELDS[key])
        if start and end and (key != "waiting" or facts["unchecked"]):
            yield line.task, max((end - start).days, 0)


def facts_of(line: TaskResult) -> dict[str, Any]:
    """The published days of a task, and whether its first publication came without a word of the supervisor."""
    row = line.publication
    filed = row.first_filed_at if row else None
    return {
        "due_on": line.due_on,
        "first_filed_on": local_day(filed) if filed else None,
        "first_assessed_on": line.assessed_on,
        "released_on": local_day(row.period.released_at) if row else None,
        "unchecked": line.first is not None and line.first.awaits_assessment,
    }
