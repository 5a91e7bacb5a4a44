"""XLSX workbooks to download; text stays text, even if it begins like a formula."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from unicodedata import east_asian_width

from django.http import FileResponse
from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.drawing.image import Image
from openpyxl.drawing.spreadsheet_drawing import AnchorMarker, TwoCellAnchor
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet as Page

TOP = Alignment(vertical="top", wrap_text=True)
BOLD = Font(bold=True)
TO_FILL_IN = PatternFill("solid", fgColor="FFF9E3")
LINE = Side(style="thin", color="C9B97A")
A4 = 9
# The greatest row height spreadsheet programs show, in points.
MAX_HEIGHT = 400
# Characters that no office file and no feed can hold.
UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True)
class InputCell:
    """A cell for people to fill in; with `words` it offers them as a drop-down list."""

    value: Any = ""
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class OverflowText:
    """A text shown across the empty cells to its right."""

    value: str


@dataclass(frozen=True)
class Picture:
    """A PNG over the first `columns` columns and the rows from `row` up to before `until`.

    Rows are counted from 0, with the head.
    """

    image: BytesIO
    columns: int
    row: int
    until: int


@dataclass(frozen=True)
class Worksheet:
    """One page of a workbook; `columns`: pairs of head and width in characters."""

    title: str
    columns: list[tuple[str, int]]
    rows: Iterable[Iterable[Any]]
    # A form: the first column identifies the row and is hidden; only `InputCell`s can be edited.
    is_form: bool = False
    # The least height of a form's rows, in lines of text.
    lines: int = 1
    pictures: Iterable[Picture] = ()


def download(sheets: Iterable[Worksheet], filename: str) -> FileResponse:
    """The workbook as an attachment; Django sends a Chinese file name as filename*."""
    return FileResponse(workbook(sheets), as_attachment=True, filename=filename)


def workbook(sheets: Iterable[Worksheet]) -> BytesIO:
    """The sheets as one XLSX file."""
    book = Workbook(write_only=True)
    for sheet in sheets:
        _write_sheet(book, sheet)
    file = BytesIO()
    book.save(file)
    file.seek(0)
    return file


def _write_sheet(book: Workbook, sheet: Worksheet) -> None:
    page = book.create_sheet(sheet.title)
    page.freeze_panes = "A2"
    for number, (_, width) in enumerate(sheet.columns, 1):
        page.column_dimensions[get_column_letter(number)].width = width
    if sheet.is_form:
        _lock(page)
    _print_on_a4(page)
    page.append([_cell(page, head, font=BOLD) for head, _ in sheet.columns])
    _write_rows(page, sheet)
    for picture in sheet.pictures:
        page.add_image(_anchored_image(picture))


def _write_rows(page: Page, sheet: Worksheet) -> None:
    """The rows below the head, and the lists that their input cells offer."""
    drop_downs = DropDowns()
    for row, values in enumerate(map(list, sheet.rows), 2):
        if sheet.is_form:
            page.row_dimensions[row].height = _height(sheet, values)
        page.append([_any_cell(page, value) for value in values])
        drop_downs.collect(row, values)
    for validation in drop_downs.validations():
        page.data_validations.append(validation)


def _anchored_image(picture: Picture) -> Image:
    """The image, anchored to cells, because a column is not equally wide in every program."""
    image = Image(picture.image)
    start = AnchorMarker(col=0, row=picture.row)
    end = AnchorMarker(col=picture.columns, row=picture.until)
    image.anchor = TwoCellAnchor(None, start, end)
    return image


def _lock(page: Page) -> None:
    """Protects against mistakes only: there is no password, and the upload is checked anyway."""
    page.column_dimensions["A"].hidden = True
    page.protection.sheet = True
    page.protection.formatColumns = page.protection.formatRows = False


def _height(sheet: Worksheet, values: Sequence[Any]) -> float:
    """The row height in points that shows its longest text.

    Not every program adjusts the row heights of a protected sheet.
    """
    texts = [str(getattr(value, "value", value) or "") for value in values[1:]]
    lines = [
        _count_lines(text, width) for text, (_, width) in zip(texts, sheet.columns[1:], strict=True)
    ]
    return min(15 * max(sheet.lines, *lines) + 5, MAX_HEIGHT)


def _count_lines(text: str, width: int) -> int:
    """Lines that a text needs in a column so many characters wide; Chinese ones count double."""
    lengths = [
        sum(2 if east_asian_width(sign) in "WF" else 1 for sign in line)
        for line in text.split("\n")
    ]
    return sum(max(1, -(-length // (width - 1))) for length in lengths)


def _print_on_a4(page: Page) -> None:
    page.print_title_rows = "1:1"
    page.page_setup.orientation, page.page_setup.paperSize = "landscape", A4
    page.page_setup.fitToHeight = 0
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)


class DropDowns:
    """The lists that the input cells of a sheet offer, each with the addresses of its cells."""

    def __init__(self) -> None:
        self.addresses: dict[tuple[str, ...], list[str]] = {}

    def collect(self, row: int, values: Sequence[Any]) -> None:
        """Notes the cells of one row that offer a list."""
        for column, value in enumerate(values, 1):
            if isinstance(value, InputCell) and value.words:
                address = f"{get_column_letter(column)}{row}"
                self.addresses.setdefault(value.words, []).append(address)

    def validations(self) -> list[DataValidation]:
        """One for each list, as a list may be long and stand in many cells."""
        return [_validation(words, addresses) for words, addresses in self.addresses.items()]


def _validation(words: tuple[str, ...], addresses: list[str]) -> DataValidation:
    return DataValidation(
        type="list",
        formula1='"{}"'.format(",".join(words)),
        allow_blank=True,
        showErrorMessage=True,
        errorTitle="请从下拉列表中选择",
        error="可选：" + "、".join(words),
        sqref=" ".join(addresses),
    )


def _any_cell(page: Page, value: Any) -> Cell:
    match value:
        case InputCell():
            return _input_cell(page, value)
        case OverflowText():
            return _overflow_cell(page, value)
        case _:
            return _cell(page, value)


def _cell(page: Page, value: Any, font: Font | None = None) -> Cell:
    is_text = isinstance(value, str)
    cell = WriteOnlyCell(page, UNWRITABLE.sub("", value) if is_text else value)
    if is_text:
        # Otherwise a text that begins with = becomes a formula on the reader's machine.
        cell.data_type = "s"
    cell.alignment = TOP
    if font:
        cell.font = font
    return cell


def _input_cell(page: Page, content: InputCell) -> Cell:
    cell = _cell(page, content.value)
    cell.fill, cell.border = TO_FILL_IN, Border(LINE, LINE, LINE, LINE)
    cell.protection = Protection(locked=False)
    if isinstance(content.value, str):
        # The text format keeps what is typed: 2017-9 does not become a date, nor -1 a number.
        cell.number_format = "@"
    return cell


def _overflow_cell(page: Page, content: OverflowText) -> Cell:
    cell = _cell(page, content.value)
    cell.alignment = Alignment(vertical="top")
    return cell
