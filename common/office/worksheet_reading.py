"""Spreadsheets that come back: each cell as people see it, and why one cannot be taken for an answer."""

import csv
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from io import BytesIO, StringIO
from pathlib import PurePath
from typing import Any

from openpyxl import Workbook, load_workbook

from common.errors import Refused
from common.files.packages import SHEET, office_kind
from common.office.worksheets import UNWRITABLE
from common.text.wording import number

MAX_UNPACKED = 40 * 1024 * 1024
MAX_ROWS = 3000
# A page of them, so that three come back in one confirmation.
MAX_CHARACTERS = 400_000
# What a spreadsheet program itself lets a cell, and a page, hold.
MAX_IN_A_CELL = 32_767
LAST_ROW = 1_048_576
CSV_ENCODINGS = ("utf-8-sig", "gb18030")
UNREADABLE = "文件打不开，请用表格软件另存为 .xlsx 再上传。"
TOO_MUCH = "表里的内容太多，请只留要交的内容再上传。"
LINE_ENDS = re.compile(r"_x000D_\n?|\r\n?")
# In a number format: signs that are printed as they stand.
PRINTED = re.compile(r'"[^"]*"|\\.')


@dataclass(frozen=True)
class Seen:
    text: str = ""
    # A sentence, when what stands there is no answer.
    wrong: str = ""


def as_read(value: Any) -> str:
    """A value as it comes back out of a cell it was written into."""
    if value is None or isinstance(value, str):
        text = LINE_ENDS.sub("\n", value or "")
        return UNWRITABLE.sub("", text).strip()
    return number(value)


class NotReadable(ValueError):
    """Says in Chinese what to do."""


@contextmanager
def _readable() -> Iterator[None]:
    """A damaged file breaks the reader wherever it is damaged."""
    try:
        yield
    except NotReadable:
        raise
    except Refused as refused:
        raise NotReadable(f"文件{refused}") from refused
    except Exception as error:
        raise NotReadable(UNREADABLE) from error


def read_book(data: bytes, widths: dict[str, int]) -> dict[str, list[list[Seen]]]:
    """The rows of each named sheet that is there, as wide as asked; raises NotReadable."""
    with _readable():
        # Formulas are wanted as formulas: a number that somebody's machine computed is nobody's answer.
        book = _opened(data, data_only=False)
        found = {page.title: page for page in book.worksheets if page.title in widths}
        return {title: _rows(page, widths[title]) for title, page in found.items()}


def read_rows(name: str, data: bytes, width: int) -> list[list[str]]:
    """Cells of the first sheet of an .xlsx, or of a .csv in UTF-8 or GB18030; raises NotReadable."""
    ending = PurePath(name).suffix.lower()
    if ending not in {".xlsx", ".csv", ".txt"}:
        raise NotReadable("请上传 .xlsx 或 .csv 文件。")
    with _readable():
        if ending != ".xlsx":
            return [row[:width] for row in csv.reader(StringIO(_decoded(data), newline=None))]
        page = _opened(data, data_only=True).worksheets[0]
        return [[seen.text for seen in row] for row in _rows(page, width)]


def _opened(data: bytes, *, data_only: bool) -> Workbook:
    """`data_only`: what formulas came to, instead of the formulas."""
    if office_kind(data, at_most=MAX_UNPACKED) != SHEET:
        raise NotReadable(UNREADABLE)
    return load_workbook(BytesIO(data), read_only=True, data_only=data_only)


def _decoded(data: bytes) -> str:
    for encoding in CSV_ENCODINGS:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise NotReadable("文件不是 UTF-8 或 GB18030 编码，请另存后再上传。")


def _rows(page, width: int) -> list[list[Seen]]:
    """All rows in their places, empty ones too."""
    # What a file says of its own size is not believed, nor that a row stands below the last there can be.
    page.reset_dimensions()
    rows, characters = [], 0
    for number_of_row, cells in enumerate(page.iter_rows(max_row=LAST_ROW, max_col=width), 1):
        if number_of_row > MAX_ROWS and all(cell.value is None for cell in cells):
            continue
        rows.append([_seen(cell) for cell in cells])
        characters += sum(len(seen.text) for seen in rows[-1])
        if number_of_row > MAX_ROWS or characters > MAX_CHARACTERS:
            raise NotReadable(TOO_MUCH)
    return rows


def _seen(cell) -> Seen:
    value = cell.value
    if cell.data_type == "f":
        return Seen(str(value) if isinstance(value, str) else "公式", "这一格是公式，请改填算好的结果。")
    if cell.data_type == "e":
        return Seen(str(value), f"这一格是表格软件的错误值（{value}），请改正。")
    text = _text(value, cell.number_format if value is not None else "")
    if len(text) > MAX_IN_A_CELL:
        return Seen(text[:60] + "…", "这一格写得太长，请删短。")
    return Seen(text)


def _text(value: Any, shown_as: str) -> str:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return f"{_digits(value * 100)}%" if "%" in PRINTED.sub("", shown_as) else _digits(value)
    if isinstance(value, datetime):
        return str(value).removesuffix(" 00:00:00")
    return as_read(value if isinstance(value, str) or value is None else str(value))


def _digits(value: float) -> str:
    """As many as a spreadsheet shows; what its arithmetic left behind them nobody has written."""
    return number(Decimal(f"{value:.15g}"))
