"""Until when a task may be filed in a period: its due day, an extension, or an unlocked report."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from progress.choices import ExtensionState, PeriodState
from progress.models import ExtensionRequest, ProgressReport, ReportingPeriod, Unlock
from tasks.models import Task


@dataclass(frozen=True)
class Deadline:
    """What decides until when one task may be filed in one period.

    `requests`: every extension requested, oldest first. `unlock`: the current one, of a closed
    period only.
    """

    period: ReportingPeriod
    requests: list[ExtensionRequest] = field(default_factory=list)
    unlock: Unlock | None = None

    @property
    def extension(self) -> ExtensionRequest | None:
        """The extension in force: the last one granted."""
        granted = [row for row in self.requests if row.state == ExtensionState.GRANTED]
        return granted[-1] if granted else None

    @property
    def latest(self) -> ExtensionRequest | None:
        """The last extension requested, whatever became of it."""
        return self.requests[-1] if self.requests else None

    @property
    def due_on(self) -> date:
        """The last day on which a report is on time. Unlocking a report never moves it."""
        granted_until = self.extension.granted_until if self.extension else None
        return granted_until or self.period.due_on

    @property
    def was_cut_short(self) -> bool:
        """Whether the period was closed before its due day and no extension saved the days."""
        return bool(self.period.early_reason) and self.extension is None

    def running_unlock(self, today: date) -> Unlock | None:
        """The unlock by which this report of a closed period is open again on this day, if any."""
        is_closed = self.period.state == PeriodState.CLOSED
        is_running = self.unlock is not None and self.unlock.is_running(today)
        return self.unlock if is_closed and is_running else None

    def is_unlocked(self, today: date) -> bool:
        """Whether this report of a closed period is open again on this day."""
        return self.running_unlock(today) is not None

    def is_extended(self, today: date) -> bool:
        """Whether an extension was granted whose day has not passed."""
        return self.extension is not None and today <= self.due_on


def deadline_for(task: Task, period: ReportingPeriod) -> Deadline:
    """The deadline of one task in one period."""
    return deadlines_for([(task.pk, period)])[task.pk, period.pk]


def due_on(task: Task, period: ReportingPeriod) -> date:
    """The last day on which a report on this task is on time."""
    return deadline_for(task, period).due_on


def deadlines_for(pairs: Iterable[tuple[int, ReportingPeriod]]) -> dict[tuple[int, int], Deadline]:
    """(task id, period id) -> deadline, for pairs of task id and period. Two queries at most."""
    pairs = list(pairs)
    requests = _extension_requests(pairs)
    unlocks = _current_unlocks(pairs)
    return {(pk, p.pk): Deadline(p, requests[pk, p.pk], unlocks.get((pk, p.pk))) for pk, p in pairs}


def _extension_requests(
    pairs: list[tuple[int, ReportingPeriod]],
) -> dict[tuple[int, int], list[ExtensionRequest]]:
    """(task id, period id) -> every extension requested, oldest first."""
    rows = ExtensionRequest.objects.filter(
        task__in={pk for pk, _ in pairs}, period__in={period.pk for _, period in pairs}
    )
    requests = defaultdict(list)
    for row in rows.select_related("department", "decided_by").order_by("pk"):
        requests[row.task_id, row.period_id].append(row)
    return requests


def _current_unlocks(pairs: list[tuple[int, ReportingPeriod]]) -> dict[tuple[int, int], Unlock]:
    """(task id, period id) -> unlock.

    Before its closing and after its release a period takes reports without one.
    """
    closed = {period.pk for _, period in pairs if period.state == PeriodState.CLOSED}
    if not closed:
        return {}
    rows = Unlock.objects.filter(task__in=dict(pairs), period__in=closed, is_current=True)
    return {(row.task_id, row.period_id): row for row in rows}


def can_be_filed(deadline: Deadline, report: ProgressReport | None, *, today: date) -> bool:
    """Whether the deadline allows the report to be written and submitted on this day.

    In an open period, and late in a released one. In between only a report that was returned,
    one within an extension, or one that is unlocked.
    """
    if deadline.period.state != PeriodState.CLOSED:
        return deadline.period.state in {PeriodState.OPEN, PeriodState.RELEASED}
    is_returned = report is not None and report.answers_a_return
    return is_returned or deadline.is_extended(today) or deadline.is_unlocked(today)
