"""Until when one task may be filed in one period: the period's day, a later one granted, one report opened again."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from progress.choices import ExtensionState, PeriodState
from progress.models import ExtensionRequest, ProgressReport, ReportingPeriod, Unlock
from tasks.models import Task


@dataclass(frozen=True)
class Deadline:
    """The days of one task in one period. `requests`: every extension asked for, oldest first."""

    period: ReportingPeriod
    requests: list[ExtensionRequest] = field(default_factory=list)
    unlock: Unlock | None = None

    @property
    def extension(self) -> ExtensionRequest | None:
        """The one that holds: the last granted."""
        granted = [row for row in self.requests if row.state == ExtensionState.GRANTED]
        return granted[-1] if granted else None

    @property
    def latest(self) -> ExtensionRequest | None:
        return self.requests[-1] if self.requests else None

    @property
    def due_on(self) -> date:
        """The day by which a filing is punctual. Opening one report again never moves it."""
        return self.extension.granted_until if self.extension else self.period.due_on

    def unlocked(self, today: date) -> bool:
        """Opened again and still running; before and after its closing a period needs no such thing."""
        closed = self.period.state == PeriodState.CLOSED
        return closed and self.unlock is not None and self.unlock.runs(today)

    def extended(self, today: date) -> bool:
        return self.extension is not None and today <= self.due_on


def deadline_for(task: Task, period: ReportingPeriod) -> Deadline:
    return deadlines_for([(task.pk, period)])[task.pk, period.pk]


def due_on(task: Task, period: ReportingPeriod) -> date:
    """The day by which a filing of this task is punctual."""
    return deadline_for(task, period).due_on


def deadlines_for(pairs: Iterable[tuple[int, ReportingPeriod]]) -> dict[tuple[int, int], Deadline]:
    """(task id, period id) -> term. Two queries at most, however many pairs of task id and period there are."""
    pairs = list(pairs)
    wanted = {"task__in": {pk for pk, _ in pairs}, "period__in": {period.pk for _, period in pairs}}
    asked = defaultdict(list)
    for row in ExtensionRequest.objects.filter(**wanted).select_related("department", "decided_by").order_by("pk"):
        asked[row.task_id, row.period_id].append(row)
    # Before its closing and after its release a period needs none.
    closed = {period.pk for _, period in pairs if period.state == PeriodState.CLOSED}
    rows = Unlock.objects.filter(**wanted | {"period__in": closed}, is_current=True) if closed else ()
    unlocks = {(row.task_id, row.period_id): row for row in rows}
    return {(pk, p.pk): Deadline(p, asked[pk, p.pk], unlocks.get((pk, p.pk))) for pk, p in pairs}


def takes_filings(deadline: Deadline, report: ProgressReport | None, *, today: date) -> bool:
    """While open and late after the release; in between as the answer to a return, in granted time, or unlocked."""
    if deadline.period.state != PeriodState.CLOSED:
        return deadline.period.state in {PeriodState.OPEN, PeriodState.RELEASED}
    returned = report is not None and report.answers_a_return
    return returned or deadline.extended(today) or deadline.unlocked(today)
