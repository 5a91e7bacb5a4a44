"""A form that comes back as a spreadsheet: each cell as people see it, and why one cannot be taken for an answer."""

import re
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any
from zipfile import BadZipFile, ZipFile

from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from yantian_portal.lib.sheets import opened
from yantian_portal.lib.wording import number

MAX_UNPACKED = 40 * 1024 * 1024
MAX_ROWS = 3000
# A page of them, so that three come back in one confirmation.
MAX_CHARACTERS = 400_000
# What a spreadsheet program itself lets a cell hold.
MAX_IN_A_CELL = 32_767
UNREADABLE = "文件打不开，请用表格软件另存为 .xlsx 再上传。"
TOO_MUCH = "表里的内容太多，不像是从本页下载的表。请重新下载，填好再上传。"
LINE_ENDS = re.compile(r"_x000D_\n?|\r\n?")


@dataclass(frozen=True)
class Seen:
    text: str = ""
    # A sentence, when what stands there is no answer.
    wrong: str = ""


def as_read(value: Any) -> str:
    """A value as it comes back out of a cell it was written into."""
    if value is None or isinstance(value, str):
        text = LINE_ENDS.sub("\n", value or "")
        return ILLEGAL_CHARACTERS_RE.sub("", text).strip()
    return number(value)


class NotReadable(ValueError):
    """Says in Chinese what to do."""


def read_book(data: bytes, widths: dict[str, int]) -> dict[str, list[list[Seen]]]:
    """The rows of each named sheet that is there, as wide as asked; raises NotReadable."""
    _refuse_bombs(data)
    try:
        return _pages(data, widths)
    except NotReadable:
        raise
    except Exception as error:
        # A damaged file breaks the reader wherever it is damaged.
        raise NotReadable(UNREADABLE) from error


def _refuse_bombs(data: bytes) -> None:
    try:
        with ZipFile(BytesIO(data)) as package:
            unpacked = sum(part.file_size for part in package.infolist())
    except BadZipFile as error:
        raise NotReadable(UNREADABLE) from error
    if unpacked > MAX_UNPACKED:
        raise NotReadable(TOO_MUCH)


def _pages(data: bytes, widths: dict[str, int]) -> dict[str, list[list[Seen]]]:
    # Formulas are wanted as formulas: a number that somebody's machine computed is nobody's answer.
    book = opened(data, data_only=False)
    found = {page.title: page for page in book.worksheets if page.title in widths}
    return {title: _rows(page, widths[title]) for title, page in found.items()}


def _rows(page, width: int) -> list[list[Seen]]:
    """All rows in their places, empty ones too."""
    # What a file says of its own size is not believed.
    page.reset_dimensions()
    rows, characters = [], 0
    for number_of_row, cells in enumerate(page.iter_rows(max_col=width), 1):
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
        return number(round(value * 100, 10)) + "%" if "%" in shown_as else number(value)
    if isinstance(value, datetime):
        return str(value).removesuffix(" 00:00:00")
    return as_read(value if isinstance(value, str) or value is None else str(value))
