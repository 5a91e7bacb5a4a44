"""Puts the rows of a table together to items, and finds the cells that head several of them."""

from collections import Counter
from collections.abc import Sequence

from tasks.importing.blocks import Cell
from tasks.importing.columns import ColumnKind
from tasks.importing.grids import Grid, Heading, Item, Row, is_heading_cell
from tasks.importing.ordinals import Ordinal, Style, ordinal_of
from tasks.importing.text import number_of, plain


def read_items(grid: Grid) -> None:
    """Fills the items and headings of a grid from its rows.

    Rows without a number continue the item above them, rows with one cell are headings.
    """
    style = item_style(grid)
    sections: list[Heading] = []
    for row in grid.rows:
        heading = heading_of(grid, row, style)
        for found in [heading] if heading else section_cells(grid, row, sections):
            sections = under(sections, found)
            grid.sections.append(found)
        if not heading:
            add_row(grid, row, tuple(sections), style)


def section_cells(grid: Grid, row: Row, sections: Sequence[Heading]) -> list[Heading]:
    """The cells in the columns of sections that name another section than the last ones."""
    known = [words_of(section) for section in sections]
    cells = grid.cells([row], ColumnKind.SECTION)
    return [(cell,) for cell in cells if cell.text not in known]


def words_of(heading: Heading) -> str:
    return "".join(cell.text for cell in heading)


def under(sections: Sequence[Heading], heading: Heading) -> list[Heading]:
    """The headings in force after a new one: one of the same style replaces the old one."""
    styles = [style_of(section) for section in sections]
    style = style_of(heading)
    kept = list(sections[: styles.index(style)]) if style in styles else list(sections)
    return [*kept, heading]


def style_of(heading: Heading) -> tuple[Style | None, bool]:
    """The style of a heading: its ordinal, and whether it stands in a cell of its own."""
    ordinal = ordinal_of(f"{words_of(heading)}x")
    return ordinal.style if ordinal else None, len(heading) > 1


def item_style(grid: Grid) -> Style | None:
    """The style of ordinals that most rows have, in their number or before their task."""
    numbers = grid.column(ColumnKind.NUMBER) or grid.column(ColumnKind.TASK)
    styles = Counter(
        number_style(row.words(numbers[0])) for row in grid.rows if row.words(numbers[0])
    )
    del styles[None]
    return styles.most_common(1)[0][0] if styles else None


def number_style(words: str) -> Style | None:
    """The style of an ordinal, alone or before words; digits alone are bare."""
    copy = plain(words).strip()
    if copy.rstrip(".、").isdecimal():
        return Style.BARE
    ordinal = ordinal_of(f"{copy}x") or ordinal_of(f"{copy}、x")
    return ordinal.style if ordinal else None


def heading_of(grid: Grid, row: Row, style: Style | None) -> Heading:
    """The cells of a row that is a heading; none where it is part of an item."""
    filled = tuple(row.filled)
    if is_numbered_heading(grid, row, style):
        return filled
    if len(filled) != 1 or row.inherited:
        return ()
    return filled if heads_alone(grid, row, filled[0], style) else ()


def is_numbered_heading(grid: Grid, row: Row, style: Style | None) -> bool:
    """Whether a row has a number of another style than the items: (一) over 1, 2, 3."""
    numbers = grid.cells([row], ColumnKind.NUMBER)
    if not numbers or style is None or len(row.filled) > 2:
        return False
    return number_style(numbers[0].text) not in (style, None)


def heads_alone(grid: Grid, row: Row, cell: Cell, style: Style | None) -> bool:
    """Whether the only cell of a row is a heading and not the rest of an item."""
    if row.whole or (is_heading_cell(cell) and number_style(cell.text) != style):
        return True
    return not grid.items and not grid.cells([row], ColumnKind.NUMBER)


def add_row(grid: Grid, row: Row, sections: tuple[Heading, ...], style: Style | None) -> None:
    """Adds a row to the last item, or begins a new one with it."""
    item = begins(grid, row, sections, style)
    last = grid.items[-1] if grid.items else None
    if last and (item is None or is_same(item, last)):
        last.rows.append(row)
    else:
        title = grid.cells([row], ColumnKind.TASK)
        grid.items.append(item or Item(1, "", title, 0, sections, [row], numbered=False))


def is_same(item: Item, last: Item) -> bool:
    """True where a page break printed number and title again."""
    words, before = ("".join(cell.text for cell in each.title) for each in (item, last))
    return item.numbered and item.number == last.number and words in (before, "")


def begins(grid: Grid, row: Row, sections: tuple[Heading, ...], style: Style | None) -> Item | None:
    """The item that a row begins; None where it continues the one above."""
    title = grid.cells([row], ColumnKind.TASK)
    if numbers := grid.column(ColumnKind.NUMBER):
        printed = row.words(numbers[0]).strip()
        if number_style(printed) is None:
            return None
        return Item(value_of(printed), printed, title, 0, sections, [row])
    if not title:
        return None
    if ordinal := ordinal_in(title[0], style):
        printed = ordinal.printed_in(title[0].text)
        return Item(ordinal.number, printed, title, ordinal.end, sections, [row])
    counted = Item(len(grid.items) + 1, "", title, 0, sections, [row], numbered=False)
    return counted if style is None else None


def ordinal_in(cell: Cell, style: Style | None) -> Ordinal | None:
    """The ordinal before the words of a task, where it is of the style of the items."""
    ordinal = ordinal_of(cell.text)
    return ordinal if ordinal and style in (None, ordinal.style) else None


def value_of(printed: str) -> int:
    """The number in a cell such as 1, (一) or 三、."""
    copy = plain(printed).strip(" ().、第项")
    last = copy.replace("-", ".").split(".")[-1]
    return number_of(last) if last else 0
