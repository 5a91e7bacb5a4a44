"""How tasks are done (办得怎样) by how they were reported (报得怎样)."""

from collections import Counter
from dataclasses import dataclass

from progress.choices import Reporting, State
from public.read_models.dashboard_counts import Count, count_results, linked
from public.read_models.plan_snapshot import GROUPS, WITHOUT_REPORT, PlanSnapshot, TaskResult
from publishing.read_models.public_status import (
    DELIVERY,
    NOT_COLLECTED,
    NOT_PUBLISHED,
    STATE_WORDS,
)


@dataclass(frozen=True)
class CrossCell:
    """One figure of the cross table; `word` is its column, `note` a remark below it."""

    word: str
    count: Count
    note: str = ""


@dataclass(frozen=True)
class CrossRow:
    """One group of states across all columns, with its total."""

    key: str
    label: str
    cells: list[CrossCell]
    total: Count


@dataclass(frozen=True)
class CrossTable:
    """How tasks are done (办得怎样, rows) by how they were reported (报得怎样, columns).

    `columns` are (key, word).
    """

    columns: list[tuple[str, str]]
    rows: list[CrossRow]


# The columns of the cross table: those that are always shown, and those shown where they count.
COLUMNS: list[str] = [Reporting.ON_TIME, Reporting.RETROACTIVE, Reporting.LATE, Reporting.MISSING]
FURTHER = [*WITHOUT_REPORT, NOT_PUBLISHED, NOT_COLLECTED, Reporting.NOT_ASKED]
# The cells this table is made for: reported but not done, done but not reported in time.
NOTES: dict[tuple[str, str], str] = {
    ("behind", Reporting.ON_TIME): "报了，没做到",
    ("done", Reporting.LATE): "做了，没按时报",
    ("done", Reporting.MISSING): "做了，没报",
}


# How many results by (group, column).
Counts = Counter[tuple[str, str]]


def cross_table(snapshot: PlanSnapshot, results: list[TaskResult]) -> CrossTable:
    """All groups by all columns; what is only shown where it counts is left out where it is 0."""
    counts = Counter((result.delivery, result.column) for result in results)
    columns = _columns({column for _, column in counts})
    totals = {row: count_results(snapshot, results, delivery=row) for row in _rows(counts)}
    return CrossTable(
        [(str(key), column_word(key)) for key in columns],
        [_cross_row(snapshot, counts, row, columns, total) for row, total in totals.items()],
    )


def _columns(occurring: set[str]) -> list[str]:
    fixed = [*COLUMNS, *FURTHER]
    further = [*FURTHER, *(key for key in Reporting.values if key not in fixed)]
    return [*COLUMNS, *(key for key in further if key in occurring)]


def _rows(counts: Counts) -> list[str]:
    is_asked_of_all = all(row != Reporting.NOT_ASKED for row, _ in counts)
    return [key for key in GROUPS if key != Reporting.NOT_ASKED or not is_asked_of_all]


def _cross_row(
    snapshot: PlanSnapshot,
    counts: Counts,
    row: str,
    columns: list[str],
    total: Count,
) -> CrossRow:
    cells = [
        CrossCell(
            column_word(key), _cross_count(snapshot, counts, row, key), NOTES.get((row, key), "")
        )
        for key in columns
    ]
    word = snapshot.done_word if row == "done" else DELIVERY[row][0]
    return CrossRow(row, word, cells, total)


def column_word(key: str) -> str:
    """The label of a column of the cross table."""
    return STATE_WORDS[key] if key in STATE_WORDS else str(Reporting(key).label)


def _cross_count(snapshot: PlanSnapshot, counts: Counts, row: str, column: str) -> Count:
    value = counts[row, column]
    if column in (NOT_PUBLISHED, NOT_COLLECTED) and row != "unknown":
        # Concluded without any publication: no filter of the list asks for that.
        return Count(value)
    if row == "unknown" and column in COLUMNS:
        return linked(snapshot, value, state=State.NOT_REPORTED, reporting=column)
    if column in STATE_WORDS and (column in WITHOUT_REPORT or column not in Reporting.values):
        return linked(snapshot, value, state=column)
    return linked(snapshot, value, delivery=row, reporting=column)
