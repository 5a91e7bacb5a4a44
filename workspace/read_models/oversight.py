"""What a leader has to see in ten seconds: what is late, who has not reported, what is new, worst
first.

A task counts once, by its newest open quarter of which something is known; a report that may still
come in time is counted apart.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from progress.choices import State
from progress.models import ReportingPeriod
from publishing.read_models.public_status import NO_LONGER_ASKED, SEVERITY, WITHOUT_WORDS
from tasks.read_models.portfolio import Portfolio
from workspace.read_models.internal_status import TaskStatusRow


@dataclass(frozen=True)
class Oversight:
    """The figures of the first screen and the rows behind them.

    `rows` are the tasks behind or unreported, worst first.
    """

    rows: list[TaskStatusRow]
    # Tasks that must report; how many of them did.
    due: int
    reported: int
    withheld: int
    # (quarter, how many of its reports are still to come in time)
    awaited: list[tuple[ReportingPeriod, int]]
    # Tasks with an earlier release to compare with, without which nothing can be new;
    # and whether there was any release at all.
    compared: int
    released: bool

    @property
    def behind(self) -> list[TaskStatusRow]:
        return [row for row in self.rows if row.behind]

    @property
    def unreported(self) -> list[TaskStatusRow]:
        return [row for row in self.rows if row.unreported]

    @property
    def silent_units(self) -> int:
        return len({unit.pk for row in self.unreported for unit in row.units})

    @property
    def new(self) -> list[TaskStatusRow]:
        return [row for row in self.rows if row.new]

    @property
    def incomparable(self) -> int:
        """How many are in trouble without an earlier release that would say whether it is new."""
        return sum(row.before == "" for row in self.rows)

    @property
    def unreleased(self) -> int:
        return sum(row.unreleased for row in self.rows)


def rows_due(rows: Iterable[TaskStatusRow], scope: Portfolio | None) -> list[TaskStatusRow]:
    """The rows of tasks that must still report, and if there is a scope, within it."""
    due = [row for row in rows if row.state not in NO_LONGER_ASKED]
    return [row for row in due if scope is None or scope.covers(row.task, row.requirements.units)]


def newest_known(rows: Iterable[TaskStatusRow]) -> list[TaskStatusRow]:
    """The first row of each task that is not awaited, from rows with the newest quarter first."""
    newest: dict[int, TaskStatusRow] = {}
    for row in rows:
        if not row.awaited:
            newest.setdefault(row.task.pk, row)
    return list(newest.values())


def oversight(rows: Iterable[TaskStatusRow], scope: Portfolio | None = None) -> Oversight:
    """The figures from `status_rows`, without any query."""
    due = rows_due(rows, scope)
    awaited = Counter(row.period for row in due if row.awaited)
    known = newest_known(due)
    return Oversight(
        rows=sorted((row for row in known if row.troubled), key=_worst_first),
        due=len({row.task.pk for row in due}),
        reported=sum(row.state not in WITHOUT_WORDS for row in known),
        withheld=sum(row.state == State.WITHHELD for row in known),
        awaited=sorted(awaited.items(), key=lambda pair: pair[0].due_on),
        compared=sum(row.before != "" for row in known),
        released=any(not row.unreleased for row in due),
    )


def _worst_first(row: TaskStatusRow) -> tuple:
    return -row.overdue, SEVERITY.index(row.state), row.period.plan_id, row.task.number
