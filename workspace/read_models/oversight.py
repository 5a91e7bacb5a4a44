"""What a leader has to see in ten seconds: what is late, who has not reported, what is new, worst first.

A task counts once, by its newest quarter in hand of which something is known; what is only awaited is counted beside.
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
    """The four figures and the rows behind them. `rows`: behind or unreported, worst first."""

    rows: list[TaskStatusRow]
    # Tasks of which something was asked; of how many there are words.
    asked: int
    reported: int
    withheld: int
    # (quarter, how many of its reports are still to come in time)
    awaited: list[tuple[ReportingPeriod, int]]
    # Tasks with words of an earlier release beside those of today, without which nothing can be new; and whether
    # there was any release at all.
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
        """In trouble, and nobody can say whether it is new."""
        return sum(row.before == "" for row in self.rows)

    @property
    def unreleased(self) -> int:
        return sum(row.unreleased for row in self.rows)


def asked_of(rows: Iterable[TaskStatusRow], scope: Portfolio | None) -> list[TaskStatusRow]:
    """Still asked, and if there is a scope, within it."""
    asked = [row for row in rows if row.state not in NO_LONGER_ASKED]
    return [row for row in asked if scope is None or scope.covers(row.task, row.requirements.units)]


def newest_known(rows: Iterable[TaskStatusRow]) -> list[TaskStatusRow]:
    """One a task, from rows with the newest quarter first."""
    found: dict[int, TaskStatusRow] = {}
    for row in rows:
        if not row.awaited:
            found.setdefault(row.task.pk, row)
    return list(found.values())


def oversight(rows: Iterable[TaskStatusRow], scope: Portfolio | None = None) -> Oversight:
    """From `rows_of_today`, without any query."""
    asked = asked_of(rows, scope)
    awaited = Counter(row.period for row in asked if row.awaited)
    known = newest_known(asked)
    return Oversight(
        rows=sorted((row for row in known if row.troubled), key=_worst_first),
        asked=len({row.task.pk for row in asked}),
        reported=sum(row.state not in WITHOUT_WORDS for row in known),
        withheld=sum(row.state == State.WITHHELD for row in known),
        awaited=sorted(awaited.items(), key=lambda pair: pair[0].due_on),
        compared=sum(row.before != "" for row in known),
        released=any(not row.unreleased for row in asked),
    )


def _worst_first(row: TaskStatusRow) -> tuple:
    return -row.overdue, SEVERITY.index(row.state), row.period.plan_id, row.task.number
