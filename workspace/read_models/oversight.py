"""What a leader has to see in ten seconds: what is late, who has not reported, what is new, worst
first.

A task counts once, by its newest open quarter of which something is known; a report that may still
come in time is counted apart.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from progress.choices import State
from progress.models import ReportingPeriod
from publishing.read_models.public_status import NO_LONGER_ASKED, SEVERITY, WITHOUT_WORDS
from tasks.read_models.portfolio import Portfolio
from workspace.read_models.internal_status import TaskStatusRow


@dataclass(frozen=True)
class Oversight:
    """The figures of the first screen and the rows behind them.

    `rows_due` are the rows of all tasks that must report, with the newest quarter first.
    """

    rows_due: list[TaskStatusRow]

    @cached_property
    def known(self) -> list[TaskStatusRow]:
        """The row of each task that is not awaited, of its newest quarter."""
        return newest_known(self.rows_due)

    @cached_property
    def rows(self) -> list[TaskStatusRow]:
        """The tasks behind or unreported, worst first."""
        return sorted((row for row in self.known if row.troubled), key=_worst_first)

    @property
    def behind(self) -> list[TaskStatusRow]:
        return [row for row in self.rows if row.behind]

    @property
    def unreported(self) -> list[TaskStatusRow]:
        return [row for row in self.rows if row.unreported]

    @property
    def new(self) -> list[TaskStatusRow]:
        return [row for row in self.rows if row.new]

    @property
    def due(self) -> int:
        """How many tasks must report."""
        return len({row.task.pk for row in self.rows_due})

    @property
    def reported(self) -> int:
        return sum(row.state not in WITHOUT_WORDS for row in self.known)

    @property
    def withheld(self) -> int:
        return sum(row.state == State.WITHHELD for row in self.known)

    @property
    def awaited(self) -> list[tuple[ReportingPeriod, int]]:
        """(quarter, how many of its reports are still to come in time), the soonest first."""
        counts = Counter(row.period for row in self.rows_due if row.awaited)
        return sorted(counts.items(), key=lambda pair: pair[0].due_on)

    @property
    def silent_units(self) -> int:
        return len({unit.pk for row in self.unreported for unit in row.units})

    @property
    def compared(self) -> int:
        """Tasks with an earlier release to compare with, without which nothing can be new."""
        return sum(row.before != "" for row in self.known)

    @property
    def incomparable(self) -> int:
        """How many are in trouble without an earlier release that would say whether it is new."""
        return sum(row.before == "" for row in self.rows)

    @property
    def released(self) -> bool:
        """Whether there was any release at all."""
        return any(not row.unreleased for row in self.rows_due)

    @property
    def unreleased(self) -> int:
        return sum(row.unreleased for row in self.rows)


def rows_due(rows: Iterable[TaskStatusRow], scope: Portfolio | None) -> list[TaskStatusRow]:
    """The rows of tasks that must still report, and if there is a scope, within it."""
    return [row for row in rows if row.state not in NO_LONGER_ASKED and row.is_within(scope)]


def newest_known(rows: Iterable[TaskStatusRow]) -> list[TaskStatusRow]:
    """The first row of each task that is not awaited, from rows with the newest quarter first."""
    newest: dict[int, TaskStatusRow] = {}
    for row in rows:
        if not row.awaited:
            newest.setdefault(row.task.pk, row)
    return list(newest.values())


def oversight(rows: Iterable[TaskStatusRow], scope: Portfolio | None = None) -> Oversight:
    """The figures from `status_rows`, without any query."""
    return Oversight(rows_due(rows, scope))


def _worst_first(row: TaskStatusRow) -> tuple[int, int, int, int]:
    severity = SEVERITY.index(State(row.state))
    return -row.overdue, severity, row.period.plan_id, row.task.number
