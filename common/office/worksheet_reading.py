"""Uploaded spreadsheets: each cell as people see it, and why one cannot be accepted."""

import csv
import re
from collections.abc import Container, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from io import BytesIO, StringIO
from itertools import islice
from math import isfinite
from pathlib import PurePath
from typing import Any, Protocol

from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell, MergedCell
from openpyxl.styles.numbers import FORMAT_GENERAL
from openpyxl.utils import column_index_from_string

from common.errors import Refused
from common.files.packages import BROKEN, OLD_OFFICE, PACKAGE, SHEET, office_kind
from common.office.dialects import in_known_dialect
from common.office.number_formats import shows_percent
from common.office.worksheets import UNWRITABLE
from common.text.numerals import visible
from common.text.wording import number

MAX_UNPACKED = 40 * 1024 * 1024
MAX_ROWS = 3000
# Per sheet, so that three sheets fit into one confirmation page.
MAX_CHARACTERS = 400_000
# The limits of spreadsheet programs themselves, per cell and per sheet.
MAX_IN_A_CELL = 32_767
LAST_ROW = 1_048_576
UTF_16_MARKS = (b"\xff\xfe", b"\xfe\xff")
UNREADABLE = "文件打不开，请用 Excel 或 WPS 打开，另存为“Excel 工作簿（*.xlsx）”再上传。"
# What is no package at all was never an .xlsx, whatever its name.
NO_XLSX = "这个文件不是 .xlsx 表。.xls、.et 请用表格软件另存为 .xlsx 再上传，PDF 和图片不能读入。"
OLD_OR_LOCKED = "这是旧格式或加了密码的表，请去掉密码、另存为 .xlsx 再上传。"
TOO_MUCH = "表里的内容太多，请只留要交的内容再上传。"
Row = tuple[Cell | MergedCell, ...]
LINE_ENDS = re.compile(r"_x000D_\n?|\r\n?")
# Merged cells of one sheet; no honest one has more.
MAX_MERGED = 2000
MERGED = re.compile(
    rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z]{1,3})([0-9]{1,7}):([A-Z]{1,3})([0-9]{1,7})"'
)


@dataclass(frozen=True)
class CellReading:
    """One cell as text; `wrong`: a sentence for the person if it cannot be accepted.

    `merged`: the range of merged cells it lies in, such as F2:F4, unless it is the first of them,
    which alone has a content.
    """

    text: str = ""
    wrong: str = ""
    merged: str = ""


class Sheet(Protocol):
    """A sheet of a workbook that is only read."""

    title: str

    def reset_dimensions(self) -> None: ...

    def iter_rows(self, *, max_row: int, max_col: int) -> Iterator[Row]: ...


def as_read(value: Any) -> str:
    """The text of a value after it was written into a cell and read again."""
    if value is None or isinstance(value, str):
        text = LINE_ENDS.sub("\n", value or "")
        return UNWRITABLE.sub("", text).strip()
    return number(value)


class NotReadable(ValueError):
    """The file cannot be read; the message is a Chinese sentence that says what to do."""


@contextmanager
def _readable() -> Iterator[None]:
    """Turns every error of the reader into NotReadable: a damaged file can fail anywhere."""
    try:
        yield
    except NotReadable:
        raise
    except Refused as refused:
        sentence = UNREADABLE if str(refused) == BROKEN else f"文件{refused}"
        raise NotReadable(sentence) from refused
    except Exception as error:
        raise NotReadable(UNREADABLE) from error


def read_workbook(data: bytes, widths: dict[str, int]) -> dict[str, list[list[CellReading]]]:
    """The rows of the sheets named in `widths` that the file has.

    `widths`: from the title of a sheet to its number of columns. Raises NotReadable.
    """
    with _readable():
        # Formulas are read as formulas, because a computed number was not entered by anybody.
        book = _load(data, data_only=False)
        pages = _pages(book, widths)
        return {title: _read_page(page, widths[title]) for title, page in pages.items()}


def _pages(book: Workbook, titles: Container[str]) -> dict[str, Sheet]:
    """The sheets with these titles, whatever blanks and unseen signs stand around them."""
    pages: dict[str, Sheet] = {}
    for page in book.worksheets:
        title = visible(page.title)
        if title in pages:
            raise NotReadable(f"有两页都叫“{title}”，请删去一页再上传。")
        if title in titles:
            pages[title] = page
    return pages


def read_rows(name: str, data: bytes, width: int) -> list[list[str]]:
    """Cells of the first sheet of an .xlsx, or of a .csv or tab text in any usual encoding.

    `name`: the file's name, whose ending decides; `width`: number of columns. Raises NotReadable.
    """
    ending = PurePath(name).suffix.lower()
    if ending not in {".xlsx", ".csv", ".txt"}:
        raise NotReadable("请上传 .xlsx 或 .csv 文件。")
    with _readable():
        if ending != ".xlsx":
            return [row[:width] for row in _text_rows(_decode(data))]
        page = _load(data, data_only=True).worksheets[0]
        return [[cell.text for cell in row] for row in _read_page(page, width)]


def _load(data: bytes, *, data_only: bool) -> Workbook:
    """The workbook; `data_only`: the stored results of formulas instead of the formulas."""
    if data.startswith(OLD_OFFICE):
        raise NotReadable(OLD_OR_LOCKED)
    if not data.startswith(PACKAGE):
        raise NotReadable(NO_XLSX)
    if office_kind(data, at_most=MAX_UNPACKED) != SHEET:
        raise NotReadable(UNREADABLE)
    return load_workbook(BytesIO(in_known_dialect(data)), read_only=True, data_only=data_only)


def _text_rows(text: str) -> Iterator[list[str]]:
    """The rows of a list with commas, or with tabs, which Excel's own text files have."""
    first = next(filter(str.strip, text.splitlines()), "")
    mark = "\t" if "\t" in first else ","
    return csv.reader(StringIO(text, newline=None), delimiter=mark, skipinitialspace=True)


def _decode(data: bytes) -> str:
    for encoding in _possible_encodings(data):
        with suppress(UnicodeDecodeError):
            text = data.decode(encoding)
            if "\0" not in text:
                return text
    raise NotReadable("文件的编码读不懂，请用表格软件打开，另存为 .xlsx 再上传。")


def _possible_encodings(data: bytes) -> Iterator[str]:
    """The encodings to try, in order; each of them refuses most of what is in another."""
    if data.startswith(UTF_16_MARKS):
        # Excel saves "Unicode text" so. What is broken is refused.
        yield "utf-16"
    elif b"\0" in data:
        # The same without its mark; commas, tabs and line ends have their NUL on one side.
        yield "utf-16-le" if data[1::2].count(0) > data[::2].count(0) else "utf-16-be"
    else:
        yield "utf-8-sig"
        if _is_big5(data):
            yield "big5hkscs"
        yield "gb18030"


def _is_big5(data: bytes) -> bool:
    """Whether it is Big5, of which GB18030 would make other characters.

    Nearly all characters that are written in Big5 begin with a byte up to C6, many end with one
    of ASCII. In GB18030 the names of posts alone break this.
    """
    pairs = re.findall(rb"[\x81-\xfe][\x40-\xfe]", data)
    ends_in_ascii = sum(pair[1] < 0x7F for pair in pairs)
    return ends_in_ascii * 5 > len(pairs) and all(0xA1 <= pair[0] <= 0xC6 for pair in pairs)


def _read_page(page: Sheet, width: int) -> list[list[CellReading]]:
    """All rows of a sheet in order, empty ones too."""
    # The size that a file claims to have is not trusted, nor a row below the last possible one.
    page.reset_dimensions()
    cells = page.iter_rows(max_row=LAST_ROW, max_col=width)
    rows, characters, merged = [], 0, _merged_cells(page, width)
    for row_number, row in enumerate(islice(cells, MAX_ROWS), 1):
        readings = [
            CellReading(merged=merged[row_number, column])
            if (row_number, column) in merged
            else _read_cell(cell)
            for column, cell in enumerate(row, 1)
        ]
        characters += sum(len(reading.text) for reading in readings)
        if characters > MAX_CHARACTERS:
            raise NotReadable(TOO_MUCH)
        rows.append(readings)
    if any(map(_has_value, cells)):
        raise NotReadable(TOO_MUCH)
    return rows


def _merged_cells(page: Sheet, width: int) -> dict[tuple[int, int], str]:
    """(row, column) -> the range it is merged into, for all cells of a range but its first."""
    # The reader of large files passes over what stands behind the rows, and names no other way to
    # the part of the package.
    with page._get_source() as source:  # type: ignore[attr-defined] # noqa: SLF001
        corners = [[part.decode() for part in found] for found in MERGED.findall(source.read())]
    if len(corners) > MAX_MERGED:
        raise NotReadable(TOO_MUCH)
    merged = {}
    for left, top, right, bottom in corners:
        first = int(top), column_index_from_string(left)
        for row in range(first[0], min(int(bottom), MAX_ROWS) + 1):
            for column in range(first[1], min(column_index_from_string(right), width) + 1):
                if (row, column) != first:
                    merged[row, column] = f"{left}{top}:{right}{bottom}"
    return merged


def _has_value(row: Row) -> bool:
    return any(cell.value is not None for cell in row)


def _read_cell(cell: Cell | MergedCell) -> CellReading:
    value = cell.value
    if cell.data_type == "f":
        formula = value if isinstance(value, str) else "公式"
        return CellReading(formula, "这一格是公式，请改填算好的结果。")
    if cell.data_type == "e":
        return CellReading(str(value), f"这一格是表格软件的错误值（{value}），请改正。")
    # A cell without a value need not have a format either.
    text = "" if value is None else _as_displayed(value, _format_of(cell))
    if len(text) > MAX_IN_A_CELL:
        return CellReading(text[:60] + "…", "这一格写得太长，请删短。")
    return CellReading(text)


def _format_of(cell: Cell | MergedCell) -> str:
    """The number format of a cell; that of every new cell where it names one that is not there."""
    try:
        return cell.number_format
    except IndexError:
        return FORMAT_GENERAL


def _as_displayed(value: Any, number_format: str) -> str:
    """The text that a spreadsheet program shows for a value with this number format."""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float) and isfinite(value):
        in_percent = shows_percent(number_format, value)
        return f"{_digits(value * 100)}%" if in_percent else _digits(value)
    if isinstance(value, datetime):
        return str(value).removesuffix(" 00:00:00")
    return as_read(str(value))


def _digits(value: float) -> str:
    """Fifteen digits, as spreadsheets show them; further ones are rounding errors."""
    return number(Decimal(f"{value:.15g}"))
