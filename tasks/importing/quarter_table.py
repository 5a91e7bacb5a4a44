"""Reads the table of a white paper, which arrives as cells that end in `|`.

A row torn by a page break prints heads, category, title and units again and then the rest of its
quarters.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from tasks.choices import PassageKind
from tasks.importing.checks import fatal_problem
from tasks.importing.draft import PassageDraft, Problem, Wording
from tasks.importing.text import (
    PAREN,
    SourceLine,
    claim,
    line_number,
    number_of,
    plain,
    wording_between,
    words_between,
)

COLUMN = re.compile(r"总体目标|工作任务|目标及进度|责任(部门|单位)")
PIECE = re.compile(r"(?:^|(?<=[\s。]))(目标|第([一二三四])季度)\s*:\s*")


@dataclass
class TableItem:
    """A 工作任务 and what its rows print; `pieces` holds its goal (key 0) and its
    quarters (1-4).
    """

    number: int
    line: int
    title: Wording
    section: Wording
    pieces: dict[int, Wording] = field(default_factory=dict)
    units: list[Wording] = field(default_factory=list)

    def is_titled(self, number: int, title: Wording) -> bool:
        """Whether it has this number and title."""
        return self.number == number and self.title.text == title.text

    @property
    def goal(self) -> Wording | None:
        return self.pieces.get(0)


@dataclass
class Table:
    """Reads the cells in order and collects items, passages (`claims`) and problems.

    The wording of a cell says what it is. A unit's name does not: it is the cell that follows the
    goal and quarters, which is why `expects` remembers the kind of the next cell.
    """

    text: str
    sections: list[Wording] = field(default_factory=list)
    items: list[TableItem] = field(default_factory=list)
    claims: list[PassageDraft] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    columns: set[str] = field(default_factory=set)
    expects: str = "title"

    def read(self, lines: Sequence[SourceLine]) -> Iterator[PassageDraft]:
        """Reads the cells; yields the passages of the paragraphs printed before the table."""
        first = next(index for index, line in enumerate(lines) if "|" in line.plain)
        for line in lines[:first]:
            yield PassageDraft(PassageKind.INTRODUCTION, line.start, line.end)
        for cell in self.cells(lines[first].start, lines[-1].end):
            self.read_cell(cell)

    def cells(self, start: int, end: int) -> Iterator[Wording]:
        """The cells that are not empty, between two offsets of the document."""
        for match in re.finditer(r"([^|]+)(\||$)", plain(self.text[start:end])):
            cell = wording_between(self.text, start + match.start(1), start + match.end(1))
            if cell and not match[2]:
                self.refuse(cell, "表格在单元格中间中断，文件可能被截断")
            elif cell:
                yield cell

    def read_cell(self, cell: Wording) -> None:
        wording = plain(cell.text)
        if COLUMN.fullmatch(wording):
            self.read_column(cell)
        elif mark := PAREN.match(wording):
            self.read_title(cell, mark)
        elif self.expects == "progress":
            self.read_progress(cell)
        elif self.expects == "units":
            self.read_units(cell)
        else:
            self.read_section(cell)

    def read_column(self, cell: Wording) -> None:
        kind = PassageKind.REPEATED_HEAD if cell.text in self.columns else PassageKind.TABLE_MARK
        self.columns.add(cell.text)
        self.claims.append(claim(kind, cell))

    def read_section(self, cell: Wording) -> None:
        """Reads a 总体目标, or the repetition of the current one."""
        if self.sections and self.sections[-1].text == cell.text:
            self.claims.append(claim(PassageKind.REPEATED_HEAD, cell))
        else:
            self.sections.append(cell)
            self.claims.append(claim(PassageKind.HEADING, cell))

    def read_title(self, cell: Wording, mark: re.Match[str]) -> None:
        """Reads a 工作任务, or the repetition of one that a page break tore apart."""
        number = number_of(mark[1])
        if not self.sections:
            self.refuse(cell, f"第{number}项之前没有总体目标")
            return
        title_end = cell.end - cell.text.endswith("。")
        title = words_between(self.text, cell.start + mark.end(), title_end)
        self.expects = "progress"
        if any(item.is_titled(number, title) for item in self.items[-1:]):
            self.claims.append(claim(PassageKind.REPEATED_HEAD, cell, number))
            return
        self.items.append(
            TableItem(number, line_number(self.text, cell.start), title, self.sections[-1])
        )
        self.claims.append(PassageDraft(PassageKind.LABEL, cell.start, title.start, number))
        self.claims.append(claim(PassageKind.TASK_TITLE, title, number))

    def read_progress(self, cell: Wording) -> None:
        """Reads the goal and the quarters of the current item."""
        marks = list(PIECE.finditer(plain(cell.text)))
        if not marks or marks[0].start():
            self.refuse(cell, "这里应为“目标”和各季度的进度")
            return
        ends = [mark.start() for mark in marks[1:]] + [len(cell.text)]
        for mark, end in zip(marks, ends, strict=True):
            self.read_piece(cell, mark, end)
        self.expects = "units"

    def read_piece(self, cell: Wording, mark: re.Match[str], end: int) -> None:
        """Reads a goal or quarter from its `mark` to the offset `end` in the cell."""
        item, key = self.items[-1], number_of(mark[2]) if mark[2] else 0
        label = words_between(self.text, cell.start + mark.start(), cell.start + mark.end())
        self.claims.append(claim(PassageKind.LABEL, label, item.number))
        piece = wording_between(self.text, cell.start + mark.end(), cell.start + end)
        line = line_number(self.text, cell.start)
        if piece is None:
            reason = f"第{item.number}项的{mark[1]}没有内容"
            self.problems.append(fatal_problem(line, reason))
            return
        kind = PassageKind.MILESTONE if key else PassageKind.GOAL
        self.claims.append(claim(kind, piece, item.number))
        if key in item.pieces:
            self.problems.append(fatal_problem(line, f"第{item.number}项的{mark[1]}重复"))
        item.pieces.setdefault(key, piece)

    def read_units(self, cell: Wording) -> None:
        """Reads the units of the current item."""
        item = self.items[-1]
        repeated = cell.text in [units.text for units in item.units]
        if not repeated:
            item.units.append(cell)
        kind = PassageKind.REPEATED_HEAD if repeated else PassageKind.RESPONSIBILITY
        self.claims.append(claim(kind, cell, item.number))
        self.expects = "title"

    def refuse(self, cell: Wording, message: str) -> None:
        """Notes a cell that cannot be read as a fatal problem."""
        self.problems.append(
            fatal_problem(line_number(self.text, cell.start), f"{message}：{cell.text[:20]}")
        )
        self.claims.append(claim(PassageKind.TABLE_MARK, cell))
