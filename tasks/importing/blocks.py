"""What the readers of files yield: one list of paragraphs and tables, each with its place.

A document of any format becomes one canonical text (the words in reading order) and blocks that
point into it. Offsets count code points of that text, so that whatever is made of a block can be
shown at its place and proven to be complete.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from common.files.text_files import Source


@dataclass(frozen=True)
class Paragraph:
    """A line of running words without the blanks around it.

    `text == source.text[start:start + len(text)]`, a list label that the program computes
    (一、 or 1.) included; `line` counts from 1: the line of a text, the paragraph of another file.
    `level` is the heading or list level that the file itself gives, from 1, None where it gives
    none.
    """

    start: int
    text: str
    line: int
    level: int | None = None

    @property
    def end(self) -> int:
        return self.start + len(self.text)


@dataclass(frozen=True)
class Cell:
    """A cell of a table: words, first row and column (from 0), and how many of each it spans.

    An empty cell has no words and is listed all the same; a merged cell is listed once.
    """

    start: int
    text: str
    row: int
    column: int
    rows: int = 1
    columns: int = 1

    @property
    def end(self) -> int:
        return self.start + len(self.text)


@dataclass(frozen=True)
class Table:
    """A table with its cells in reading order; `line` is the place of its first row.

    `certain` is False where rows and columns were concluded from lines of a text, `torn` True where
    one cell may go on over several of them. `name` is what the file calls it (the sheet of a
    workbook), empty where it has no name.
    """

    cells: tuple[Cell, ...]
    line: int
    certain: bool = True
    torn: bool = False
    name: str = ""

    @property
    def start(self) -> int:
        return self.cells[0].start

    @property
    def end(self) -> int:
        return max(cell.end for cell in self.cells)

    @property
    def width(self) -> int:
        """How many columns it has."""
        return max(cell.column + cell.columns for cell in self.cells)

    def rows(self) -> Iterator[tuple[Cell, ...]]:
        """The cells that begin in each row, from the left; a row may have none."""
        found: dict[int, list[Cell]] = {}
        for cell in self.cells:
            found.setdefault(cell.row, []).append(cell)
        for row in range(max(found) + 1):
            yield tuple(found.get(row, ()))


@dataclass(frozen=True)
class Doubt:
    """Something a reader saw and could not decide, in Chinese, with its line where it has one.

    Tracked changes, a footnote, a picture with words: a person has to look.
    """

    kind: str
    message: str
    line: int | None = None


@dataclass(frozen=True)
class Document:
    """A file as it was read: `source` keeps its bytes and digest and has the canonical text.

    `blocks` stand in reading order and do not overlap; between them are only blanks and marks of
    tables (| and tabs).
    """

    source: Source
    blocks: tuple[Paragraph | Table, ...]
    doubts: tuple[Doubt, ...] = ()

    @property
    def text(self) -> str:
        return self.source.text
