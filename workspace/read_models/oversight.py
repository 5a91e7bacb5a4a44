"""What a leader has to see in ten seconds: what is late, who has not reported, what is new, worst
first.

A task counts once, by its newest open quarter of which something is known; a report that may still
come in time is counted apart. So are the ways in which nothing can be read: 未报送, 退回修改中 and
提前截止时未报送. A task of the last kind counts a second time, by what was known of it before: an
early closing makes no trouble disappear. Where a count is of more than one quarter, it says so.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from common.text.wording import cn_quarter
from common.time.quarters import Quarter
from progress.choices import State
from progress.models import ReportingPeriod
from public.read_models.plan_snapshot import quarter_of
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
    def returned(self) -> list[TaskStatusRow]:
        """Reported, sent back, and not come again yet."""
        return [row for row in self.rows if row.returned_to_unit]

    @property
    def closed_early(self) -> list[TaskStatusRow]:
        """Not reported when their quarter was closed before its due day."""
        return [row for row in self.rows if row.closed_early]

    @property
    def carried(self) -> int:
        """How many of those closed early are also counted by what was known of them before."""
        return sum(
            row.behind or row.unreported or row.returned_to_unit for row in self.closed_early
        )

    @property
    def new(self) -> list[TaskStatusRow]:
        return [row for row in self.rows if row.new]

    @property
    def due(self) -> int:
        """How many tasks must report."""
        return len({row.task.pk for row in self.rows_due})

    @property
    def filed(self) -> list[TaskStatusRow]:
        """The tasks of which a report can be read."""
        return [row for row in self.known if row.state not in WITHOUT_WORDS]

    @property
    def reported(self) -> int:
        return len(self.filed)

    @property
    def withheld(self) -> int:
        return sum(row.state == State.WITHHELD for row in self.known)

    @property
    def awaited(self) -> list[tuple[ReportingPeriod, int]]:
        """(quarter, how many of its reports are still to come in time), the soonest first."""
        counts = Counter(row.period for row in self.rows_due if row.awaited)
        return sorted(counts.items(), key=lambda pair: pair[0].due_on)

    @property
    def awaited_count(self) -> int:
        return sum(count for _, count in self.awaited)

    @property
    def silent_units(self) -> int:
        """How many units have a task on which nothing came although its day is over."""
        return len({unit.pk for row in self.unreported for unit in row.units})

    @property
    def compared(self) -> int:
        """Tasks of which a release said something, without which nothing can be new."""
        return sum(row.comparable for row in self.known)

    @property
    def incomparable(self) -> int:
        """How many are in trouble without a release that would say whether it is new."""
        return sum(not row.comparable for row in self.rows)

    @cached_property
    def quarters(self) -> dict[str, str]:
        """Name of a group -> the quarters its rows are of, in words."""
        own = {"filed": self.filed, "closed_early": self.closed_early, "new": self.new}
        standing = {
            "behind": self.behind,
            "unreported": self.unreported,
            "returned": self.returned,
        }
        return {name: quarters_in_words(rows) for name, rows in own.items()} | {
            name: standing_quarters(rows) for name, rows in standing.items()
        }

    @property
    def unreleased(self) -> int:
        return sum(row.unreleased for row in self.rows)


def quarters_in_words(rows: Iterable[TaskStatusRow]) -> str:
    """2017年第三季度, or how many rows are of each quarter where there are several.

    Empty without rows.
    """
    return _counted_quarters(quarter_of(row.period) for row in rows)


def standing_quarters(rows: Iterable[TaskStatusRow]) -> str:
    """The quarters of the states by which the rows count, in the same words."""
    return _counted_quarters(row.standing[0] for row in rows)


def _counted_quarters(quarters: Iterable[Quarter]) -> str:
    counts = Counter(quarters)
    if len(counts) == 1:
        return cn_quarter(*next(iter(counts)))
    ordered = sorted(counts.items(), reverse=True)
    return "、".join(f"{cn_quarter(*quarter)} {count} 项" for quarter, count in ordered)


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
