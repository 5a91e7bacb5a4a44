"""Composes the canonical text of a document from its paragraphs and cells, in reading order."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import chain, starmap

from common.files.text_files import ImportProblem, Source
from tasks.importing.blocks import Cell, Document, Doubt, Paragraph, Table

MAX_SIGNS = 5 * 1024 * 1024


@dataclass(frozen=True)
class RawCell:
    """A cell before it has a place in the text: words, first column, and the rows and columns."""

    text: str
    column: int
    rows: int = 1
    columns: int = 1


@dataclass
class Composer:
    """A document in the making: a paragraph ends with a line, a cell with a tab."""

    parts: list[str] = field(default_factory=list)
    length: int = 0
    lines: int = 1
    blocks: list[Paragraph | Table] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)

    def append(self, words: str) -> None:
        self.parts.append(words)
        self.length += len(words)
        self.lines += words.count("\n")
        if self.length > MAX_SIGNS:
            raise ImportProblem("文件里的文字超过 500 万字，请拆开后再上传")

    def paragraph(self, text: str, level: int | None = None) -> None:
        """Adds the lines of a paragraph; one without words adds nothing."""
        for line in text.split("\n"):
            if words := line.strip():
                self.blocks.append(Paragraph(self.length, words, self.lines, level))
                self.append(f"{words}\n")

    def table(self, rows: Sequence[Sequence[RawCell]], name: str = "") -> None:
        """Adds a table row by row; one without words adds nothing."""
        if any(cell.text.strip() for cell in chain.from_iterable(rows)):
            line = self.lines
            cells = chain.from_iterable(starmap(self.row, enumerate(rows)))
            self.blocks.append(Table(tuple(cells), line, name=name))

    def row(self, index: int, row: Sequence[RawCell]) -> list[Cell]:
        cells = []
        for raw in row:
            text = raw.text.strip()
            cells.append(Cell(self.length, text, index, raw.column, raw.rows, raw.columns))
            self.append(f"{text}\t")
        self.append("\n")
        return cells

    def doubt(self, kind: str, message: str) -> None:
        """Notes once for the document what a person has to look at."""
        if kind not in {doubt.kind for doubt in self.doubts}:
            self.doubts.append(Doubt(kind, message))

    def document(self, data: bytes, name: str) -> Document:
        """The document. Raises ImportProblem where it has no words."""
        text = "".join(self.parts)
        if not text.strip():
            raise ImportProblem(f"文件 {name} 里没有文字")
        source = Source(name, text, hashlib.sha256(data).hexdigest(), data)
        return Document(source, tuple(self.blocks), tuple(self.doubts))
