"""Spreadsheets as files to take away. What people typed stays text, whatever it begins with."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from unicodedata import east_asian_width

from django.http import FileResponse
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.drawing.image import Image
from openpyxl.drawing.spreadsheet_drawing import AnchorMarker, TwoCellAnchor
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

TOP = Alignment(vertical="top", wrap_text=True)
BOLD = Font(bold=True)
TO_FILL_IN = PatternFill("solid", fgColor="FFF9E3")
LINE = Side(style="thin", color="C9B97A")
A4 = 9
TALLEST = 400
# Signs that no office file and no feed can hold.
UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True)
class Open:
    """A cell people fill in, with one of `words` where there are any."""

    value: Any = ""
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Running:
    """Words that run on over the empty cells beside them."""

    value: str


@dataclass(frozen=True)
class Picture:
    """A PNG over so many of the first columns and the rows from `row` to before `until`, counted from 0."""

    image: BytesIO
    columns: int
    row: int
    until: int


@dataclass(frozen=True)
class Worksheet:
    """`columns` are pairs of head and width in characters."""

    title: str
    columns: list[tuple[str, int]]
    rows: Iterable[Iterable[Any]]
    # A form: the first column says what a row is and is hidden, only `Open` cells can be written into.
    is_form: bool = False
    # How many lines a row of a form has room for at least.
    lines: int = 1
    pictures: Iterable["Picture"] = ()


def download(sheets: Iterable[Worksheet], filename: str) -> FileResponse:
    """An XLSX as attachment; the Chinese file name travels as filename*."""
    return FileResponse(workbook(sheets), as_attachment=True, filename=filename)


def workbook(sheets: Iterable[Worksheet]) -> BytesIO:
    book = Workbook(write_only=True)
    for sheet in sheets:
        _write(book, sheet)
    file = BytesIO()
    book.save(file)
    file.seek(0)
    return file


def _write(book: Workbook, sheet: Worksheet) -> None:
    page = book.create_sheet(sheet.title)
    page.freeze_panes = "A2"
    for number, (_, width) in enumerate(sheet.columns, 1):
        page.column_dimensions[get_column_letter(number)].width = width
    if sheet.is_form:
        _lock(page)
    _print_on_a4(page)
    page.append([_cell(page, head, font=BOLD) for head, _ in sheet.columns])
    choices = {}
    for row, values in enumerate(map(list, sheet.rows), 2):
        if sheet.is_form:
            page.row_dimensions[row].height = _height(sheet, values)
        page.append([WRITTEN.get(type(v), _cell)(page, v) for v in values])
        for column, value in enumerate(values, 1):
            if isinstance(value, Open) and value.words:
                choices.setdefault(value.words, []).append(f"{get_column_letter(column)}{row}")
    for picture in sheet.pictures:
        drawn, columns = Image(picture.image), picture.columns
        # Bound to cells, not measured: a column is not equally wide in every program.
        ends = AnchorMarker(col=0, row=picture.row), AnchorMarker(col=columns, row=picture.until)
        drawn.anchor = TwoCellAnchor(None, *ends)
        page.add_image(drawn)
    for words, places in choices.items():
        page.data_validations.append(_choice(words, places))


def _lock(page) -> None:
    """Against slips, not against people: there is no password, and whoever reads the sheet checks it again."""
    page.column_dimensions["A"].hidden = True
    page.protection.sheet = True
    page.protection.formatColumns = page.protection.formatRows = False


def _height(sheet: Worksheet, values: list) -> float:
    """Room for the longest text of a row: a locked page does not grow by itself in every program."""
    texts = [str(getattr(value, "value", value) or "") for value in values[1:]]
    lines = [_lines(text, width) for text, (_, width) in zip(texts, sheet.columns[1:], strict=True)]
    return min(15 * max(sheet.lines, *lines) + 5, TALLEST)


def _lines(text: str, width: int) -> int:
    wide = [sum(2 if east_asian_width(sign) in "WF" else 1 for sign in line) for line in text.split("\n")]
    return sum(max(1, -(-room // (width - 1))) for room in wide)


def _print_on_a4(page) -> None:
    page.print_title_rows = "1:1"
    page.page_setup.orientation, page.page_setup.paperSize = "landscape", A4
    page.page_setup.fitToHeight = 0
    page.sheet_properties.pageSetUpPr.fitToPage = True


def _choice(words: tuple[str, ...], places: list[str]) -> DataValidation:
    return DataValidation(
        type="list",
        formula1='"{}"'.format(",".join(words)),
        allow_blank=True,
        showErrorMessage=True,
        errorTitle="请从下拉列表中选择",
        error="可选：" + "、".join(words),
        sqref=" ".join(places),
    )


def _cell(page, value: Any, font: Font | None = None) -> WriteOnlyCell:
    text = isinstance(value, str)
    cell = WriteOnlyCell(page, UNWRITABLE.sub("", value) if text else value)
    if text:
        # Otherwise a text that begins with = becomes a formula on the reader's machine.
        cell.data_type = "s"
    cell.alignment = TOP
    if font:
        cell.font = font
    return cell


def _open_cell(page, asked: Open) -> WriteOnlyCell:
    cell = _cell(page, asked.value)
    cell.fill, cell.border = TO_FILL_IN, Border(LINE, LINE, LINE, LINE)
    cell.protection = Protection(locked=False)
    if isinstance(asked.value, str):
        # Text as typed: 2017-9 stays what it is, and -1 is no number.
        cell.number_format = "@"
    return cell


def _running_cell(page, words: Running) -> WriteOnlyCell:
    cell = _cell(page, words.value)
    cell.alignment = Alignment(vertical="top")
    return cell


WRITTEN = {Open: _open_cell, Running: _running_cell}
