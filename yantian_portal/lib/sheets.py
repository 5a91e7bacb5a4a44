"""Spreadsheets in and out. What people typed stays text on the way out, whatever it begins with."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO, StringIO
from typing import Any
from zipfile import BadZipFile

from django.http import FileResponse
from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

TOP = Alignment(vertical="top", wrap_text=True)
BOLD = Font(bold=True)
CSV_ENCODINGS = ("utf-8-sig", "gb18030")


@dataclass(frozen=True)
class Sheet:
    """`columns` are pairs of head and width in characters."""

    title: str
    columns: list[tuple[str, int]]
    rows: Iterable[Iterable[Any]]


def download(sheets: Iterable[Sheet], filename: str) -> FileResponse:
    """An XLSX as attachment; the Chinese file name travels as filename*."""
    book = Workbook(write_only=True)
    for sheet in sheets:
        _write(book, sheet)
    file = BytesIO()
    book.save(file)
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=filename)


def _write(book: Workbook, sheet: Sheet) -> None:
    page = book.create_sheet(sheet.title)
    page.freeze_panes = "A2"
    for number, (_, width) in enumerate(sheet.columns, 1):
        page.column_dimensions[get_column_letter(number)].width = width
    page.append([_cell(page, head, font=BOLD) for head, _ in sheet.columns])
    for row in sheet.rows:
        page.append([_cell(page, value) for value in row])


def _cell(page, value: Any, font: Font | None = None) -> WriteOnlyCell:
    text = isinstance(value, str)
    cell = WriteOnlyCell(page, ILLEGAL_CHARACTERS_RE.sub("", value) if text else value)
    if text:
        # Otherwise a text that begins with = becomes a formula on the reader's machine.
        cell.data_type = "s"
    cell.alignment = TOP
    if font:
        cell.font = font
    return cell


def read_rows(name: str, data: bytes) -> list[list[str]]:
    """Cells of the first sheet of an .xlsx, or of a .csv in UTF-8 or GB18030; raises ValueError in Chinese."""
    if name.lower().endswith(".xlsx"):
        return _read_xlsx(data)
    if name.lower().endswith((".csv", ".txt")):
        return list(csv.reader(StringIO(_decode(data))))
    raise ValueError("请上传 .xlsx 或 .csv 文件。")


def _read_xlsx(data: bytes) -> list[list[str]]:
    try:
        book = load_workbook(BytesIO(data), read_only=True, data_only=True)
    except (BadZipFile, KeyError, OSError) as error:
        raise ValueError("文件打不开,请用表格软件另存为 .xlsx 再上传。") from error
    rows = book.worksheets[0].iter_rows(values_only=True)
    return [["" if value is None else str(value).strip() for value in row] for row in rows]


def _decode(data: bytes) -> str:
    for encoding in CSV_ENCODINGS:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise ValueError("文件不是 UTF-8 或 GB18030 编码,请另存后再上传。")
