"""Reads the head and the rows of a table of tasks: which cell stands under which column.

A head printed again on the next page is left out.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import chain, takewhile, zip_longest

from tasks.importing.alignment import Layout, align, fit
from tasks.importing.blocks import Cell, Table
from tasks.importing.columns import Column, ColumnKind, column_of, columns_of
from tasks.importing.ordinals import Style, ordinal_of
from tasks.importing.readers.text import join_heads
from tasks.importing.text import plain

# The cells of a heading: its words, or its ordinal and its words.
Heading = tuple[Cell, ...]
ROWS_SEARCHED = 12
FEWEST_LOWER = 2
# A cell that fits its column less than this stands under another one.
MISPLACED = -2


@dataclass
class Row:
    """A row: the cells under each column, those spanning it from above apart (`inherited`)."""

    cells: dict[int, list[Cell]] = field(default_factory=dict)
    inherited: dict[int, Cell] = field(default_factory=dict)
    whole: bool = False

    def words(self, column: int) -> str:
        """The words under a column, those of several cells put together."""
        return "".join(cell.text for cell in self.cells.get(column, []))

    @property
    def filled(self) -> list[Cell]:
        return [cell for cells in self.cells.values() for cell in cells if cell.text]


@dataclass
class Item:
    """A task in the making: its number as printed, and its rows."""

    number: int
    printed: str
    title: list[Cell]
    ordinal_end: int
    sections: tuple[Heading, ...]
    rows: list[Row]
    numbered: bool = True


@dataclass
class Grid:
    """A table as it was understood.

    `columns` say what stands where; `head` are the cells of the heads, those printed again
    included; `above` are the cells above the head; `sections` the cells that head several items.
    """

    columns: list[Column]
    rows: list[Row]
    head: list[Cell]
    above: list[Cell]
    items: list[Item] = field(default_factory=list)
    sections: list[Heading] = field(default_factory=list)
    guessed: int = 0
    torn: bool = False

    def column(self, *kinds: ColumnKind) -> list[int]:
        """The indexes of the columns of one of these kinds, from the left."""
        return [index for index, column in enumerate(self.columns) if column.kind in kinds]

    def cells(self, rows: Sequence[Row], *kinds: ColumnKind) -> list[Cell]:
        """The cells with words in these rows under columns of one of these kinds."""
        columns = self.column(*kinds)
        return [cell for row in rows for index in columns for cell in self.cells_at([row], index)]

    def cells_at(self, rows: Sequence[Row], index: int) -> list[Cell]:
        """The cells with words in these rows under one column."""
        return [cell for row in rows for cell in row.cells.get(index, []) if cell.text]


def read_grid(table: Table) -> Grid | None:
    """The table as rows under known columns; None where it has no head of a table of tasks."""
    return read_certain(table) if table.certain else read_lines(table)


def read_certain(table: Table) -> Grid | None:
    """Reads a table whose rows and columns the file itself gives."""
    rows = list(table.rows())
    searched = range(min(len(rows), ROWS_SEARCHED + 1))
    spread = [spread_row(table, index) for index in searched]
    found = first_head([list(map(words_in, row)) for row in spread])
    if found is None:
        return None
    index, columns = found
    lower = lower_columns(spread, index)
    body = index + 1 + bool(lower)
    head = list(chain.from_iterable(rows[index:body]))
    return Grid(lower or columns, grid_rows(table)[body:], head, with_words(rows[:index]))


def words_in(cell: Cell | None) -> str:
    return cell.text if cell else ""


def with_words(rows: Iterable[Sequence[Cell]]) -> list[Cell]:
    """The cells with words in these rows."""
    return [cell for row in rows for cell in row if cell.text]


def first_head(rows: Sequence[Sequence[str]]) -> tuple[int, list[Column]] | None:
    """The index of the first row that is the head of a table of tasks, and its columns."""
    for index, heads in enumerate(rows[:ROWS_SEARCHED]):
        if columns := columns_of(heads):
            return index, columns
    return None


def spread_row(table: Table, row: int) -> list[Cell | None]:
    """The cell at each column of a row, spanning ones at each column they span."""
    places: list[Cell | None] = [None] * table.width
    for cell in table.cells:
        if cell.row <= row < cell.row + cell.rows:
            places[cell.column : cell.column + cell.columns] = [cell] * cell.columns
    return places


def lower_columns(spread: Sequence[Sequence[Cell | None]], index: int) -> list[Column] | None:
    """The columns of a head of two rows; None where it has one.

    In a head of two rows the lower words say it: 责任单位 over 牵头 and 配合.
    """
    pairs = list(zip(spread[index], *spread[index + 1 : index + 2], strict=True))
    if len(spread) <= index + 1:
        return None
    lower = ["" if below is above else words_in(below) for above, below in pairs]
    return join_head_rows([words_in(above) for above, _below in pairs], lower)


def join_head_rows(upper: Sequence[str], lower: Sequence[str]) -> list[Column] | None:
    """The columns of two rows of a head; None where the lower one is no part of it."""
    filled = list(filter(str.strip, lower))
    if len(filled) < FEWEST_LOWER or not all(map(column_of, filled)):
        return None
    pairs = zip_longest(upper, lower, fillvalue="")
    return columns_of([below or above for above, below in pairs])


def grid_rows(table: Table) -> list[Row]:
    """The rows with their cells under their columns, and those that span them from above."""
    rows = [Row() for _row in table.rows()]
    whole = max(2, table.width - 1)
    for cell in table.cells:
        row = rows[cell.row]
        row.cells.setdefault(cell.column, []).append(cell)
        row.whole = row.whole or cell.columns >= whole
        for below in rows[cell.row + 1 : cell.row + cell.rows]:
            below.inherited[cell.column] = cell
    return rows


def read_lines(table: Table) -> Grid | None:
    """Reads a table that was concluded from lines of a text."""
    lines = list(table.rows())
    if is_stream(lines):
        return read_stream(with_words(lines), torn=table.torn)
    found = first_head([list(map(words_in, trimmed(line))) for line in lines])
    if found is None:
        return None
    index, columns = found
    lower = lower_heads(lines, index)
    body = index + 1 + bool(lower)
    head = list(chain.from_iterable(lines[index:body]))
    grid = Grid(lower or columns, [], head, with_words(lines[:index]))
    for line in lines[body:]:
        add_line(grid, line)
    return grid


def lower_heads(lines: Sequence[Sequence[Cell]], index: int) -> list[Column] | None:
    """The columns of a head that goes on in the next line, cell by cell; None where it does not."""
    if index + 1 >= len(lines):
        return None
    upper, lower = ([cell.text for cell in trimmed(line)] for line in lines[index : index + 2])
    return join_head_rows(upper, lower)


def trimmed(line: Sequence[Cell]) -> Sequence[Cell]:
    """A line without the empty cell that the last bar makes."""
    return line[:-1] if line and not line[-1].text else line


def is_stream(lines: Sequence[Sequence[Cell]]) -> bool:
    """True where lines are no rows: most hold one cell, or one holds a whole table."""
    filled = [sum(bool(cell.text) for cell in line) for line in lines]
    return sum(filled) <= 1.5 * len(lines) or max(filled) > 30


def add_line(grid: Grid, line: Sequence[Cell]) -> None:
    """Adds a row whose cells stand in one line of the text."""
    filled = with_words([line])
    if is_repeated_head(grid, filled):
        grid.head += filled
    elif sits_well(grid.columns, line):
        grid.rows.append(Row({column: [cell] for column, cell in enumerate(trimmed(line))}))
    elif list(map(is_heading_cell, filled)) == [True]:
        grid.rows.append(Row({0: filled}, whole=True))
    else:
        grid.rows += place(grid, filled, Layout(grid.columns, one_row=True))


def sits_well(columns: Sequence[Column], line: Sequence[Cell]) -> bool:
    """True where a line has a cell for each column, and each looks like what its column says."""
    cells = trimmed(line) if len(line) > len(columns) else line
    pairs = zip(columns, cells, strict=False)
    fitting = all(fit(cell.text, column, columns) > MISPLACED for column, cell in pairs)
    return len(cells) == len(columns) and fitting


def is_repeated_head(grid: Grid, cells: Sequence[Cell]) -> bool:
    heads = {"".join(cell.text.split()) for cell in grid.head}
    return all("".join(cell.text.split()) in heads for cell in cells)


def is_heading_cell(cell: Cell) -> bool:
    """True for a lone cell with the ordinal of a chapter or section."""
    ordinal = ordinal_of(cell.text)
    chapters = (Style.CHINESE, Style.CHINESE_PAREN, Style.PART)
    return ordinal is not None and ordinal.style in chapters


def place(grid: Grid, cells: Sequence[Cell], layout: Layout) -> list[Row]:
    """The rows that cells make when each stands where it looks like its column."""
    rows: list[Row] = []
    placed = align([cell.text for cell in cells], layout)
    for cell, spot in zip(cells, placed, strict=True):
        if spot.begins_row:
            rows.append(Row())
        rows[-1].cells.setdefault(spot.column, []).append(cell)
    grid.guessed += sum(spot.fit < 0 for spot in placed)
    return rows


def read_stream(cells: Sequence[Cell], *, torn: bool) -> Grid | None:
    """Reads cells that came one after the other: the head first, then row after row."""
    starts = range(min(ROWS_SEARCHED, len(cells)))
    start = next((start for start in starts if head_length(cells[start:])), len(cells))
    end = start + head_length(cells[start:])
    head = list(cells[start:end])
    columns = columns_of(join_heads([cell.text for cell in head]))
    if columns is None:
        return None
    grid = Grid(columns, [], head, list(cells[:start]), torn=torn)
    grid.rows = place(grid, without_heads(grid, cells[end:]), Layout(columns, torn=torn))
    return grid


def head_length(cells: Sequence[Cell]) -> int:
    """How many cells the head takes that begins here; 0 where none does."""
    run = sum(1 for _cell in takewhile(is_head_cell, cells))
    ends = range(run, 1, -1)
    return next((end for end in ends if is_head([cell.text for cell in cells[:end]])), 0)


def is_head(texts: Sequence[str]) -> bool:
    """Whether each of these words is the head of a column, and all of them a head of tasks."""
    heads = join_heads(texts)
    return all(map(column_of, heads)) and columns_of(heads) is not None


def is_head_cell(cell: Cell) -> bool:
    copy = plain(cell.text)
    return len(copy) <= 16 and ordinal_of(cell.text) is None and not copy.isdecimal()


def without_heads(grid: Grid, cells: Sequence[Cell]) -> list[Cell]:
    """The cells without the heads that a new page prints again."""
    heads = [cell.text for cell in grid.head]
    kept: list[Cell] = []
    index = 0
    while index < len(cells):
        if [cell.text for cell in cells[index : index + len(heads)]] == heads:
            grid.head += cells[index : index + len(heads)]
            index += len(heads)
        else:
            kept.append(cells[index])
            index += 1
    return kept
