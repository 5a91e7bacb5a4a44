"""Puts cells that came without their columns under the heads they belong to.

A table copied from a page arrives as one cell a line, or with rows that lack the cells merged with
the row above. Which column each cell belongs to is found by what its words look like: the
assignment of all cells, row by row from the left to the right, that fits best.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import add

from tasks.importing.columns import UNIT_COLUMNS, Column, ColumnKind
from tasks.importing.notes import is_unit, split_names
from tasks.importing.ordinals import ordinal_of
from tasks.importing.text import plain

NEW_ROW = -0.6
SKIPPED_COLUMN = -0.25
SKIPPED_TASK = -3.0
CONTINUED_CELL = -0.5
CONTINUED_TASK = -1.5
# A row below a number, with a task of its own: rarer than one whose task is merged with that above.
UNNUMBERED_TASK = -1.2
NEVER = float("-inf")
NUMBER_ALONE = re.compile(r"\(?(?:\d{1,4}|[一二三四五六七八九十百]{1,5})\)?[.、]?")
QUANTITY = re.compile(r"[\d.,]+(?:万|亿)?[^\d\s。,;]{0,4}")
PERSON_NAME = re.compile(
    r"[\u4e00-\u9fff][\s\u3000]?[\u4e00-\u9fff]{1,2}(?:[\s、,][\u4e00-\u9fff][\s\u3000]?[\u4e00-\u9fff]{1,2})*"
)
TIME_WORDS = re.compile(r"\d月|季度|年底|年内|全年|\d{4}年|长期|月底|常年|上半年|下半年")
PIECE = re.compile(r"(?:目标|第[一二三四]季度)\s*:")
SECTION_LENGTH = 20
LONGEST_TORN_NAME = 10
LONGEST_ODD_NAME = 8
NO_NAME = re.compile(r"[。;\d]")
# 区综合行政, whose 执法局 stands in the next line.
BEGINS_LIKE_UNIT = re.compile(r"[区市县省镇各][\u4e00-\u9fff]{2,6}")
NO_TASK = re.compile(rf"{BEGINS_LIKE_UNIT.pattern}|{QUANTITY.pattern}")


@dataclass(frozen=True)
class Placed:
    """The column of a cell, whether it begins a row, and how well it fits there."""

    column: int
    begins_row: bool
    fit: float


@dataclass(frozen=True)
class Layout:
    """How the cells arrived: of one row or of several; `torn` where a line break may part one."""

    columns: Sequence[Column]
    one_row: bool = False
    torn: bool = False

    def kind_of(self, column: int) -> ColumnKind:
        return self.columns[column].kind

    @property
    def is_numbered(self) -> bool:
        return any(column.kind == ColumnKind.NUMBER for column in self.columns)

    def continuing(self, before: str, column: int) -> float:
        """What it costs that a cell goes on in the next line; `before` is what stands above."""
        if not self.torn:
            return NEVER
        copy, kind = plain(before), self.kind_of(column)
        if copy.endswith((",", "、", ":")):
            return 1.0
        if kind in UNIT_COLUMNS:
            return CONTINUED_CELL if is_unit(copy) else 0.0
        return CONTINUED_TASK if kind == ColumnKind.TASK else CONTINUED_CELL

    def skipping(self, previous: int, column: int) -> float:
        """What it costs that columns in between stay empty; behind a number stands its task."""
        between = [self.kind_of(index) for index in range(previous + 1, column)]
        lost = self.kind_of(previous) == ColumnKind.NUMBER and ColumnKind.TASK in between
        return SKIPPED_COLUMN * len(between) + lost * SKIPPED_TASK

    def beginning(self, column: int) -> float:
        """What it costs that a row begins in a column."""
        if self.one_row:
            return NEVER
        bare = self.is_numbered and self.torn and self.kind_of(column) == ColumnKind.TASK
        return NEW_ROW + SKIPPED_COLUMN * column + bare * UNNUMBERED_TASK


def align(texts: Sequence[str], layout: Layout) -> list[Placed]:
    """Where each of the cells stands."""
    fits = all_fits(texts, layout)
    if not fits:
        return []
    best = [first + SKIPPED_COLUMN * column for column, first in enumerate(fits[0])]
    came: list[list[int]] = []
    for before, values in zip(texts, fits[1:], strict=False):
        steps = [best_step(best, column, before, layout) for column in range(len(best))]
        best = list(map(add, (score for score, _from in steps), values))
        came.append([previous for _score, previous in steps])
    return trace(best, came, fits)


def all_fits(texts: Sequence[str], layout: Layout) -> list[list[float]]:
    """How well each cell fits each column; in a table only the numbers in order number rows."""
    numbers = None if layout.one_row else numbers_in_order(texts)
    return [
        [fit_in_order(text, index, column, layout.columns, numbers) for column in layout.columns]
        for index, text in enumerate(texts)
    ]


def best_step(best: Sequence[float], column: int, before: str, layout: Layout) -> tuple[float, int]:
    """The best score with which a cell gets into a column, and the column of the cell before it.

    A row begins where that is not a column to the left: then it is given as minus one less.
    """
    options = [(best[column] + layout.continuing(before, column), column)]
    width = len(best)
    for previous, score in enumerate(best):
        if previous < column:
            options.append((score + layout.skipping(previous, column), previous))
        left_out = SKIPPED_COLUMN * (width - previous - 1)
        options.append((score + left_out + layout.beginning(column), -previous - 1))
    return max(options)


def numbers_in_order(texts: Sequence[str]) -> set[int]:
    """The indexes of the cells that number the rows: 1, 2, 3 one after the other.

    The first number may be any, and after some rows the numbering may begin again. Numbers of
    another style, such as (一), head several rows.
    """
    found: set[int] = set()
    expected = None
    for index, text in enumerate(texts):
        number = plain(text).strip().rstrip(".、")
        if not NUMBER_ALONE.fullmatch(number):
            continue
        if not number.isdecimal():
            found.add(index)
        elif expected in (None, int(number)) or begins_again(number, texts[index + 1 : index + 2]):
            found.add(index)
            expected = int(number) + 1
    return found


def begins_again(copy: str, following: Sequence[str]) -> bool:
    """Whether a number is 1 and words follow it, not another number."""
    return copy == "1" and all(map(is_wording, following))


def is_wording(text: str) -> bool:
    return QUANTITY.fullmatch(plain(text).strip()) is None


def fit_in_order(
    text: str, index: int, column: Column, columns: Sequence[Column], numbers: set[int] | None
) -> float:
    """How well a cell fits a column, where only the numbers in order number rows."""
    if column.kind == ColumnKind.NUMBER and numbers is not None:
        return 4.0 if index in numbers else -6.0
    return fit(text, column, columns)


def trace(
    best: Sequence[float], came: Sequence[Sequence[int]], fits: Sequence[Sequence[float]]
) -> list[Placed]:
    """The columns of the best assignment, read back from its last cell."""
    column = max(range(len(best)), key=best.__getitem__)
    placed = []
    for index in range(len(fits) - 1, 0, -1):
        previous = came[index - 1][column]
        placed.append(Placed(column, previous < 0, fits[index][column]))
        column = -previous - 1 if previous < 0 else previous
    placed.append(Placed(column, begins_row=True, fit=fits[0][column]))
    return placed[::-1]


def fit(text: str, column: Column, columns: Sequence[Column]) -> float:
    """How well words fit into a column: above 0 they look like it, below 0 they do not."""
    copy = plain(text).strip()
    if not copy:
        return 0.0
    if column.kind in UNIT_COLUMNS:
        return fits_units(copy)
    numbered = any(other.kind == ColumnKind.NUMBER for other in columns)
    if column.kind == ColumnKind.TASK:
        return fits_task(copy, numbered=numbered)
    return FITS.get(column.kind, fits_words)(copy)


def fits_units(copy: str) -> float:
    names = split_names(copy)
    if all(map(is_unit, names)):
        return 2.0
    if BEGINS_LIKE_UNIT.fullmatch(copy):
        return 0.8
    is_short = max(map(len, names)) <= LONGEST_ODD_NAME
    return -0.2 if is_short and not NO_NAME.search(copy) else -3.0


def fits_task(copy: str, *, numbered: bool) -> float:
    if NUMBER_ALONE.fullmatch(copy):
        return -4.0
    if PIECE.match(copy):
        return -2.0
    if not numbered and ordinal_of(copy):
        return 3.0
    return -1.0 if looks_like_units(copy) else 0.8


def looks_like_units(copy: str) -> bool:
    """True for a short name of a unit, the beginning of one, and a quantity: no task."""
    is_short_unit = len(copy) <= LONGEST_TORN_NAME and is_unit(copy)
    return is_short_unit or NO_TASK.fullmatch(copy) is not None


def fits_number(copy: str) -> float:
    return 4.0 if NUMBER_ALONE.fullmatch(copy) else -6.0


def fits_section(copy: str) -> float:
    if len(copy) > SECTION_LENGTH or re.search(r"[。;:]", copy):
        return -2.5
    return -1.0 if NUMBER_ALONE.fullmatch(copy) or copy.startswith("(") else 1.0


def fits_person(copy: str) -> float:
    return 2.0 if PERSON_NAME.fullmatch(copy) and not is_unit(copy) else -3.0


def fits_due(copy: str) -> float:
    return 2.0 if TIME_WORDS.search(copy) and len(copy) <= SECTION_LENGTH else -1.5


def fits_rate(copy: str) -> float:
    if "%" in copy and len(copy) <= SECTION_LENGTH / 2:
        return 2.5
    return 0.3 if QUANTITY.fullmatch(copy) else -2.0


def fits_status(copy: str) -> float:
    return 1.0 if len(copy) <= SECTION_LENGTH / 2 else -1.5


def fits_actual(copy: str) -> float:
    return 1.2 if re.search(r"已|正在|进展|目前|下一步", copy) else 0.4


def fits_progress(copy: str) -> float:
    return 3.0 if PIECE.match(copy) else fits_words(copy) + bool(TIME_WORDS.search(copy)) * 0.6


def fits_words(copy: str) -> float:
    """What any column with running words takes."""
    if NUMBER_ALONE.fullmatch(copy):
        return -0.5
    return -1.5 if len(copy) <= LONGEST_TORN_NAME and is_unit(copy) else 0.8


def fits_other(copy: str) -> float:
    return 1.2 if re.fullmatch(r"[\d.,]+", copy) else 0.0


FITS: dict[ColumnKind, Callable[[str], float]] = {
    ColumnKind.NUMBER: fits_number,
    ColumnKind.SECTION: fits_section,
    ColumnKind.PERSON: fits_person,
    ColumnKind.DUE: fits_due,
    ColumnKind.RATE: fits_rate,
    ColumnKind.STATUS: fits_status,
    ColumnKind.ACTUAL: fits_actual,
    ColumnKind.PROGRESS: fits_progress,
    ColumnKind.OTHER: fits_other,
}
