"""Makes sections and tasks of the items of a table."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain, groupby

from tasks.choices import CommitmentSource, ResponsibilityKind
from tasks.importing.alignment import PIECE
from tasks.importing.blocks import Cell
from tasks.importing.columns import UNIT_COLUMNS, Column, ColumnKind
from tasks.importing.commitments import read_commitments
from tasks.importing.draft import (
    ActualDraft,
    Choice,
    CommitmentDraft,
    MilestoneDraft,
    Question,
    ResponsibilityDraft,
    SectionDraft,
    TaskDraft,
    Wording,
    ask,
)
from tasks.importing.grids import Grid, Heading, Item, Row
from tasks.importing.items import words_of
from tasks.importing.notes import LISTED, SUPPORTING, is_unit, notes_in, split_names
from tasks.importing.outline_reader import Reading, commitments_of_item, distinct_or_running
from tasks.importing.pieces import LABEL, pieces_in
from tasks.importing.table_passages import grid_claims, item_claims
from tasks.importing.text import line_number, plain, words_between

KINDS = {
    ColumnKind.LEAD: ResponsibilityKind.LEAD,
    ColumnKind.SUPPORTING: ResponsibilityKind.SUPPORTING,
    ColumnKind.UNITS: ResponsibilityKind.LISTED,
}
WORDING_COLUMNS = (ColumnKind.CONTENT, ColumnKind.GOAL)
NOBODY = "-—/无"
QUARTER_ENDS = {3: 1, 6: 2, 9: 3, 12: 4}


def is_disclosure(grids: Sequence[Grid]) -> bool:
    """Whether a table has a column that says what was done."""
    return any(grid.cells(grid.rows, ColumnKind.ACTUAL, ColumnKind.RATE) for grid in grids)


def read_tables(text: str, grids: Sequence[Grid], year: int) -> Reading:
    """The sections, tasks and passages of the tables of a document, which go on in each other."""
    made = Reading()
    numbers = item_numbers([item for grid in grids for item in grid.items])
    pairs: list[tuple[Item, TaskDraft]] = []
    for grid in grids:
        made.claims += grid_claims(grid)
        made.questions += grid_questions(text, grid)
        made.questions += unread_rows(text, grid)
        for item in grid.items:
            task = build_task(text, grid, item, next(numbers), year)
            pairs.append((item, task))
            made.claims += item_claims(text, grid, item, task)
            made.questions += progress_questions(text, grid, item, task)
    groups = groupby(pairs, key=lambda pair: pair[0].sections)
    made.sections = [
        build_section(text, number, headings, tuple(task for _item, task in group))
        for number, (headings, group) in enumerate(groups, 1)
    ]
    return made


def item_numbers(items: Sequence[Item]) -> Iterator[int]:
    """The printed numbers, or 1, 2, 3 ... where the printed ones repeat."""
    printed = [item.number for item in items]
    return iter(distinct_or_running(printed))


def wording(cell: Cell) -> Wording:
    return Wording(cell.text, cell.start, cell.end)


def wording_of(text: str, cells: Sequence[Cell]) -> Wording:
    """The words from the first of these cells to the last, which follow each other."""
    return words_between(text, cells[0].start, cells[-1].end)


def build_task(text: str, grid: Grid, item: Item, number: int, year: int) -> TaskDraft:
    """The task of an item with all that it promises."""
    title = title_of(text, item)
    line = line_number(text, title.start)
    pieces = pieces_of(text, grid, item)
    goal = pieces.pop(0, None)
    milestones = [MilestoneDraft(year, quarter, words) for quarter, words in sorted(pieces.items())]
    contents = contents_of(text, grid, item)
    subs = sub_tasks(grid, item)
    rest = contents[0] if contents else None
    return TaskDraft(
        number=number,
        line=line,
        title=title,
        text=rest,
        goal=goal,
        milestones=tuple(milestones),
        responsibilities=units_of(text, grid, item),
        commitments=tuple(commitments_of(title, [*contents, *subs], goal, milestones, year)),
        printed_number=item.printed,
        due="；".join(dict.fromkeys(cell.text for cell in grid.cells(item.rows, ColumnKind.DUE))),
        sub_tasks=tuple(subs or contents[1:]),
        actuals=tuple(actuals_of(grid, item)),
    )


def title_of(text: str, item: Item) -> Wording:
    """The words of the task without their ordinal and without the last full stop."""
    if not item.title:
        first = min((cell for row in item.rows for cell in row.filled), key=lambda cell: cell.start)
        return wording(first)
    whole = wording_of(text, item.title)
    start = whole.start + item.ordinal_end
    return words_between(text, start, max(start + 1, whole.end - whole.text.endswith("。")))


def pieces_of(text: str, grid: Grid, item: Item) -> dict[int, Wording]:
    """The goal (key 0) and the quarters of an item, from labelled cells or columns of quarters."""
    pieces: dict[int, Wording] = {}
    for cell in grid.cells(item.rows, ColumnKind.PROGRESS, *WORDING_COLUMNS):
        for key, piece in labelled(text, cell).items():
            pieces.setdefault(key, piece)
    for quarter, cell in quarter_cells(grid, item):
        pieces.setdefault(quarter, wording(cell))
    return pieces


def quarter_cells(grid: Grid, item: Item) -> Iterator[tuple[int, Cell]]:
    """The cells of an item under columns of quarters, with the quarter."""
    for index in grid.column(ColumnKind.QUARTER, ColumnKind.MONTH):
        quarter = quarter_of(grid.columns[index])
        if quarter:
            yield from ((quarter, cell) for cell in grid.cells_at(item.rows, index))


def labelled(text: str, cell: Cell) -> dict[int, Wording]:
    """The goal and the quarters of a cell such as 目标：… 第一季度：…"""
    words = wording(cell)
    if pieces := pieces_in(text, words):
        return pieces
    mark = PIECE.match(plain(cell.text))
    if mark is None or mark.end() >= len(cell.text):
        return {}
    sign = re.search(r"[一二三四](?=季)", mark[0])
    key = "一二三四".index(sign[0]) + 1 if sign else 0
    return {key: words_between(text, cell.start + mark.end(), cell.end)}


def quarter_of(column: Column) -> int | None:
    """The quarter of a column; that which a month ends, None for other months."""
    if column.kind == ColumnKind.QUARTER:
        return column.period
    return QUARTER_ENDS.get(column.period or 0)


def contents_of(text: str, grid: Grid, item: Item) -> list[Wording]:
    """The cells that say what is to be done, other than quarters."""
    cells = grid.cells(item.rows, ColumnKind.PROGRESS, *WORDING_COLUMNS)
    return [wording(cell) for cell in cells if not labelled(text, cell)]


def sub_tasks(grid: Grid, item: Item) -> list[Wording]:
    """What the rows below the first name as a task of their own."""
    titles = {cell.text for cell in item.title}
    cells = grid.cells(item.rows[1:], ColumnKind.TASK)
    return [wording(cell) for cell in cells if cell.text not in titles]


def units_of(text: str, grid: Grid, item: Item) -> tuple[ResponsibilityDraft, ...]:
    """The units of an item, each once, in the order printed; with a lead the others support."""
    found = list(units_named(grid, item))
    has_lead = ResponsibilityKind.LEAD in {kind for _name, kind, _cell in found}
    other: dict[str, str] = {LISTED: SUPPORTING} if has_lead else {}
    units: dict[str, ResponsibilityDraft] = {}
    for name, kind, cell in found:
        unit = ResponsibilityDraft(name, other.get(kind, kind), line_number(text, cell.start))
        units.setdefault(name, unit)
    return tuple(units.values())


def units_named(grid: Grid, item: Item) -> Iterator[tuple[str, str, Cell]]:
    """The units in the columns of units and in the notes of an item, with part and cell."""
    for row in item.rows:
        yield from units_in_row(grid, row)
    for cell in grid.cells(item.rows, ColumnKind.TASK, *WORDING_COLUMNS):
        yield from ((*unit, cell) for unit in units_in_notes(cell.text))


def units_in_notes(words: str) -> list[tuple[str, str]]:
    """The units that notes in a cell name, with their part."""
    return [unit for note in notes_in(words) for unit in note.units]


def units_in_row(grid: Grid, row: Row) -> Iterator[tuple[str, str, Cell]]:
    """The units of a row with their part and the cell they stand in."""
    for index in grid.column(*UNIT_COLUMNS):
        cells = grid.cells_at([row], index)
        kind = KINDS[grid.columns[index].kind]
        lines = torn_names([cell.text for cell in cells])
        for name, part in chain.from_iterable(units_in(line, kind) for line in lines):
            yield name, part, cells[0]


def units_in(words: str, kind: str) -> list[tuple[str, str]]:
    """The units of a cell: those of a note in it, else its names with the part of the column."""
    return units_in_notes(words) or [(name, kind) for name in unit_names(words)]


def unit_names(words: str) -> list[str]:
    """The names in a cell; a line break parts two only where both are names of units."""
    lines = torn_names(list(filter(None, map(str.strip, words.split("\n")))))
    names = [name for line in lines for name in split_names(line)]
    return [name for name in names if plain(name) not in NOBODY]


def torn_names(lines: Sequence[str]) -> list[str]:
    """The lines of a cell with those put together that a line break tore: 区综合行政 + 执法局."""
    joined: list[str] = []
    for line in lines:
        if joined and is_torn(joined[-1]):
            joined[-1] += line
        else:
            joined.append(line)
    return joined


def is_torn(line: str) -> bool:
    """Whether the last name in a line is none, so that it goes on in the next one."""
    names = split_names(line)
    return bool(names) and not is_unit(names[-1]) and plain(line)[-1] not in "、,;"


def commitments_of(
    title: Wording,
    contents: Sequence[Wording],
    goal: Wording | None,
    milestones: Sequence[MilestoneDraft],
    year: int,
) -> Iterator[CommitmentDraft]:
    """The commitments of an item: of its title, goal and quarters, or of its contents."""
    if goal or milestones or not contents:
        yield from commitments_of_item(title, goal, milestones, year)
    for piece in contents:
        yield from read_commitments(piece, source=CommitmentSource.TEXT, year=year)


def actuals_of(grid: Grid, item: Item) -> Iterator[ActualDraft]:
    """What each row says was done, with the rate and the state word printed beside it."""
    for row in item.rows:
        words = grid.cells([row], ColumnKind.RATE, ColumnKind.STATUS)
        rate = "，".join(cell.text for cell in words)
        cells = list(map(wording, grid.cells([row], ColumnKind.ACTUAL)))
        said: list[Wording | None] = [*cells] or [None] * bool(rate)
        yield from (ActualDraft("", each, rate) for each in said)


def build_section(
    text: str, number: int, headings: tuple[Heading, ...], tasks: tuple[TaskDraft, ...]
) -> SectionDraft:
    if not headings:
        return SectionDraft(number, tasks[0].line, None, None, tasks)
    last = headings[-1]
    above = words_of(headings[-2]) if len(headings) > 1 else ""
    title = wording_of(text, last[-1:])
    return SectionDraft(number, line_number(text, title.start), title, None, tasks, above)


def progress_questions(text: str, grid: Grid, item: Item, task: TaskDraft) -> Iterator[Question]:
    """Words of a cell of progress before its first label, and quarters that are printed twice."""
    for cell in grid.cells(item.rows, ColumnKind.PROGRESS):
        line = line_number(text, cell.start)
        lead = words_before_label(text, cell)
        if task.milestones and not LABEL.fullmatch(plain(lead)):
            yield ask("progress", line, f"这里应为“目标”和各季度的进度：{lead[:20]}")
        for name in printed_twice(cell):
            yield ask("progress", line, f"第{task.number}项的{name}重复，只收录第一处")


def words_before_label(text: str, cell: Cell) -> str:
    """What a cell prints up to its first piece: the label of it, if all is well."""
    first = min((words.start for words in labelled(text, cell).values()), default=cell.end)
    return text[cell.start : first]


def printed_twice(cell: Cell) -> list[str]:
    """The labels that a cell prints more than once."""
    labels = Counter(mark[0].strip(" :。;") for mark in LABEL.finditer(plain(cell.text)))
    return [name for name, count in labels.items() if count > 1]


def grid_questions(text: str, grid: Grid) -> Iterator[Question]:
    """What a person has to look at: rows that were guessed, people left out."""
    line = line_number(text, grid.head[0].start)
    if grid.guessed or grid.torn:
        message = f"表格的行列是按文字推断的（读成 {len(grid.items)} 项），请对照原文核对"
        other = Choice("file", "不对，换一份 Word、Excel 或网页文件")
        right = Choice("right", "核对过，读得对")
        yield Question("rows", line, message, (right, other), right.value)
    if people := people_in(grid):
        message = f"表中有一栏写的是人（{len(people)} 个名字），人名不收录"
        leave_out = Choice("leave_out", "不收录")
        yield Question("persons", line, message, (leave_out,), leave_out.value, blocking=False)


def people_in(grid: Grid) -> set[str]:
    cells = grid.cells(grid.rows, ColumnKind.PERSON)
    return {name for cell in cells for name in split_names(cell.text)}


def unread_rows(text: str, grid: Grid) -> Iterator[Question]:
    """Rows that belong to no item and are no heading."""
    claimed = set(map(id, chain.from_iterable(item.rows for item in grid.items)))
    headings = set(map(id, chain.from_iterable(grid.sections)))
    for row in grid.rows:
        lost = [] if id(row) in claimed else [c for c in row.filled if id(c) not in headings]
        for cell in lost[:1]:
            reason = f"这一行没有归入任何一项：{cell.text[:20]}"
            yield ask("unread", line_number(text, cell.start), reason)
