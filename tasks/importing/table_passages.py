"""The passages of a table, cell by cell, so that they cover it."""

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import chain, starmap

from tasks.choices import PassageKind
from tasks.importing.blocks import Cell
from tasks.importing.columns import UNIT_COLUMNS, Column, ColumnKind
from tasks.importing.draft import PassageDraft, TaskDraft, Wording
from tasks.importing.grids import Grid, Item
from tasks.importing.text import claim, wording_between

CELL_KINDS = {
    ColumnKind.NUMBER: PassageKind.LABEL,
    ColumnKind.SECTION: PassageKind.REPEATED_HEAD,
    ColumnKind.TASK: PassageKind.TASK_TITLE,
    **dict.fromkeys(UNIT_COLUMNS, PassageKind.RESPONSIBILITY),
}


def grid_claims(grid: Grid) -> Iterator[PassageDraft]:
    """The passages of the heads, the words above them and the headings within."""
    seen: set[str] = set()
    for cell in filter(has_words, grid.head):
        again = cell.text in seen
        yield passage_of(cell, PassageKind.REPEATED_HEAD if again else PassageKind.TABLE_MARK)
        seen.add(cell.text)
    for cell in grid.above:
        yield passage_of(cell, PassageKind.TITLE)
    for cell in chain.from_iterable(grid.sections):
        yield passage_of(cell, PassageKind.HEADING)


def has_words(cell: Cell) -> bool:
    return bool(cell.text)


def passage_of(cell: Cell, kind: PassageKind, task: int | None = None) -> PassageDraft:
    return PassageDraft(kind, cell.start, cell.end, task)


def item_claims(text: str, grid: Grid, item: Item, task: TaskDraft) -> Iterator[PassageDraft]:
    """The passages of an item, cell by cell; what a page break prints again is a repetition."""
    pieces = dict(wordings_of(task))
    yield from (claim(kind, words, task.number) for words, kind in pieces.items())
    if item.ordinal_end:
        start = item.title[0].start
        yield PassageDraft(PassageKind.LABEL, start, task.title.start, task.number)
    seen: set[tuple[int, str]] = set()
    for index, cell in cells_of(grid, item):
        kind = cell_kind(grid.columns[index], again=(index, cell.text) in seen)
        seen.add((index, cell.text))
        number = None if grid.columns[index].kind == ColumnKind.SECTION else task.number
        yield from cell_claims(text, cell, kind, list(pieces), number)


def wordings_of(task: TaskDraft) -> Iterator[tuple[Wording, PassageKind]]:
    """The title, the goal and the quarters of a task, which are passages of their own."""
    yield task.title, PassageKind.TASK_TITLE
    if task.goal:
        yield task.goal, PassageKind.GOAL
    yield from ((milestone.words, PassageKind.MILESTONE) for milestone in task.milestones)


def cells_of(grid: Grid, item: Item) -> Iterator[tuple[int, Cell]]:
    """The cells of an item with the index of their column, without those that head several."""
    heads = set(map(id, chain.from_iterable(grid.sections)))
    for row in item.rows:
        for index in row.cells:
            cells = grid.cells_at([row], index)
            yield from ((index, cell) for cell in cells if id(cell) not in heads)


def cell_claims(
    text: str, cell: Cell, kind: PassageKind, claimed: Sequence[Wording], task: int | None
) -> Iterator[PassageDraft]:
    """The passage of a cell, or those of the labels around pieces that are claimed already."""
    inner = sorted(piece_spans(cell, claimed))
    if not inner:
        yield passage_of(cell, kind, task)
    elif kind != PassageKind.TASK_TITLE:
        starts = [cell.start, *(end for _start, end in inner)]
        gaps = zip(starts, (start for start, _end in inner), strict=False)
        labels = starmap(partial(wording_between, text), gaps)
        yield from (claim(PassageKind.LABEL, label, task) for label in labels if label)


def piece_spans(cell: Cell, claimed: Sequence[Wording]) -> Iterator[tuple[int, int]]:
    """Where claimed wordings stand inside a cell."""
    for words in claimed:
        if cell.start <= words.start and words.end <= cell.end:
            yield words.start, words.end


def cell_kind(column: Column, *, again: bool) -> PassageKind:
    """What a cell is by its column."""
    if again:
        return PassageKind.REPEATED_HEAD
    return CELL_KINDS.get(column.kind, PassageKind.TASK_TEXT)
