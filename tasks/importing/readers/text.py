"""Reads a text: its lines are paragraphs, and what looks like a table becomes one.

A table in a text has cells closed by |, cells parted by tabs, or one cell a line below a head whose
words are known. Its rows and columns are concluded, so that it is never `certain`.
"""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import takewhile

from common.files.text_files import Source
from tasks.importing.blocks import Cell, Document, Doubt, Paragraph, Table
from tasks.importing.columns import ColumnKind, column_of, columns_of
from tasks.importing.draft import Wording
from tasks.importing.ordinals import Ordinal, Style, ordinal_of
from tasks.importing.text import DATE, SourceLine, lines_of, plain, wording_between

FEWEST_HEADS = 3
LONGEST_HEAD_LINE = 14
LONGEST_CELL_IN_LINES = 12
FIELD_CELL = re.compile(r"[^|:]{2,12}:\s*\|")
SIGNS_OF_HEAD = {
    ColumnKind.NUMBER,
    ColumnKind.SECTION,
    ColumnKind.TASK,
    ColumnKind.UNITS,
    ColumnKind.LEAD,
}


@dataclass
class Blocks:
    """The blocks of a text in the making."""

    text: str
    blocks: list[Paragraph | Table] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)

    def add_line(self, line: SourceLine) -> None:
        self.blocks.append(Paragraph(line.start, line.text, line.number))

    def add_table(self, cells: Sequence[Cell], line: int, *, torn: bool = False) -> None:
        if cells:
            self.blocks.append(Table(tuple(cells), line, certain=False, torn=torn))


def read_text(source: Source) -> Document:
    """The blocks of a text. Raises nothing: a text without tables is its lines."""
    lines = lines_of(source.text)
    made = Blocks(source.text)
    position = 0
    while position < len(lines):
        position = read_block(made, lines, position)
    return Document(source, tuple(made.blocks), tuple(made.doubts))


def read_block(made: Blocks, lines: Sequence[SourceLine], position: int) -> int:
    """Reads a table or a line at a position; returns the position behind it."""
    for reader in (read_barred, read_tabbed, read_cells_in_lines):
        if (behind := reader(made, lines, position)) > position:
            return behind
    made.add_line(lines[position])
    return position + 1


def is_barred(line: SourceLine) -> bool:
    """True for a line with the bar that closes a cell, other than a line of page data."""
    return "|" in line.plain and not FIELD_CELL.match(line.plain)


def is_heading(line: SourceLine) -> bool:
    """True for the line of a chapter, which no cell continues into."""
    ordinal = ordinal_of(line.text)
    return ordinal is not None and ordinal.style in (Style.CHINESE, Style.PART)


def read_barred(made: Blocks, lines: Sequence[SourceLine], position: int) -> int:
    """Reads the lines of a table whose cells are closed by |."""
    if not is_barred(lines[position]):
        return position
    end = position + 1
    while (behind := barred_line_after(lines, end)) is not None:
        end = behind
    is_rest = end == len(lines) - 1 and not is_signature_line(lines[end])
    end += is_rest
    table = lines[position:end]
    cells = list(barred_cells(made.text, table[0].start, table[-1].end, table))
    made.add_table(cells, table[0].number)
    if not table[-1].plain.endswith("|"):
        reason = f"表格在单元格中间中断，文件可能被截断：{table[-1].text[-20:]}"
        made.doubts.append(Doubt("cut", reason, table[-1].number))
    return end


def barred_line_after(lines: Sequence[SourceLine], start: int) -> int | None:
    """The index behind the next line with a bar, where only lines of one cell stand before it."""
    for index in range(start, min(len(lines), start + LONGEST_CELL_IN_LINES)):
        if is_heading(lines[index]) and not is_barred(lines[index]):
            return None
        if is_barred(lines[index]):
            return index + 1
    return None


def is_signature_line(line: SourceLine) -> bool:
    return DATE.fullmatch(line.plain) is not None or line.plain.endswith(")")


def barred_cells(text: str, start: int, stop: int, lines: Sequence[SourceLine]) -> Iterator[Cell]:
    """The cells between two offsets, in the rows of the lines they begin in."""
    starts = [line.start for line in lines]
    counts: Counter[int] = Counter()
    for piece in re.finditer(r"([^|]*)\||([^|]+)$", plain(text[start:stop])):
        end = start + max(piece.end(1), piece.end(2))
        words = wording_between(text, start + piece.start(), end) or Wording("", end, end)
        row = max(0, bisect_right(starts, words.start) - 1)
        yield Cell(words.start, words.text, row, counts[row])
        counts[row] += 1


def read_tabbed(made: Blocks, lines: Sequence[SourceLine], position: int) -> int:
    """Reads lines with tabs where the first of them is the head of a table of tasks."""
    heads = lines[position].text.split("\t")
    if len(heads) < FEWEST_HEADS or columns_of(heads) is None:
        return position
    table = list(takewhile(lambda line: "\t" in line.text, lines[position:]))
    cells = [cell for row, line in enumerate(table) for cell in tabbed_cells(line, row)]
    made.add_table(cells, table[0].number)
    return position + len(table)


def tabbed_cells(line: SourceLine, row: int) -> Iterator[Cell]:
    place = line.start
    for column, words in enumerate(line.text.split("\t")):
        inner = words.strip()
        yield Cell(place + len(words) - len(words.lstrip()) if inner else place, inner, row, column)
        place += len(words) + 1


def read_cells_in_lines(made: Blocks, lines: Sequence[SourceLine], position: int) -> int:
    """Reads a table with one cell a line, to the end of the text or the signature."""
    heads = heads_in_lines(lines, position)
    if not heads:
        return position
    end = position + heads
    following = next_chapter(lines[:position])
    while end < len(lines) and not ends_table(lines, end) and not following(lines[end]):
        end += 1
    cells = [Cell(line.start, line.text, row, 0) for row, line in enumerate(lines[position:end])]
    made.add_table(cells, lines[position].number, torn=True)
    return end


def heads_in_lines(lines: Sequence[SourceLine], position: int) -> int:
    """How many lines the head of a table takes; 0 where no head begins here."""
    if not begins_head(lines[position]):
        return 0
    run = [line.text for line in takewhile(is_head_line, lines[position:])]
    heads = join_heads(run)
    known = list(filter(None, map(column_of, heads)))
    is_head = len(known) >= FEWEST_HEADS and columns_of(heads) is not None
    return len(run) * (is_head and position + len(run) < len(lines))


def begins_head(line: SourceLine) -> bool:
    """True for the first head of a table: a number, a section, a task or a unit."""
    column = column_of(line.text) if len(line.text) <= LONGEST_HEAD_LINE else None
    return column is not None and column.kind in SIGNS_OF_HEAD


def is_head_line(line: SourceLine) -> bool:
    """True for a line short enough for a head, and no cell such as 1 or a sentence."""
    is_short = len(line.text) <= LONGEST_HEAD_LINE and not re.search(r"[。;,、:|]", line.plain)
    return is_short and ordinal_of(line.text) is None and not line.plain.strip("()").isdecimal()


def join_heads(texts: Sequence[str]) -> list[str]:
    """The heads, with those put together that a line break tore: 市政府 + 分管领导."""
    joined: list[str] = []
    waiting = ""
    for words in texts:
        waiting += words
        if joined and plain(waiting).startswith("("):
            joined[-1] += waiting
            waiting = ""
        elif column_of(waiting):
            joined.append(waiting)
            waiting = ""
    return [*joined, *filter(None, [waiting])]


def next_chapter(before: Sequence[SourceLine]) -> Callable[[SourceLine], bool]:
    """Tells the line of the chapter that follows the last one of these lines."""
    ordinals = filter(None, (ordinal_of(line.text) for line in before))
    chapters = [each.number for each in ordinals if each.style == Style.CHINESE]
    expected = Ordinal(Style.CHINESE, chapters[-1] + 1, 0) if chapters else None

    def is_next(line: SourceLine) -> bool:
        ordinal = ordinal_of(line.text)
        return ordinal is not None and replace(ordinal, end=0) == expected

    return is_next


def ends_table(lines: Sequence[SourceLine], index: int) -> bool:
    """True for a date, and for the name above one, which sign a document."""
    dates = [DATE.fullmatch(line.plain) for line in lines[index : index + 2]]
    return any(dates) and len(lines[index].text) < 30
