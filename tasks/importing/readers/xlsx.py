"""Reads a workbook: each sheet with words is a table, its merged ranges are cells."""

import io
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any
from xml.etree.ElementTree import ParseError

from openpyxl import load_workbook
from openpyxl.cell import Cell, MergedCell
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.worksheet import Worksheet

from common.files.text_files import ImportProblem
from common.office.dialects import in_known_dialect
from common.office.number_formats import shows_percent
from common.text.wording import number
from tasks.importing.blocks import Document
from tasks.importing.readers.composer import Composer, RawCell

MAX_ROWS = 5000
MAX_COLUMNS = 60
BROKEN = "Excel 文件打不开，请用 Excel 或 WPS 打开，另存为 .xlsx 再上传"
TOO_LONG = f"表“%s”超过 {MAX_ROWS} 行，请拆开后再上传"


def read_xlsx(data: bytes, name: str) -> Document:
    """The tables of a workbook. Raises ImportProblem where it cannot be opened or is empty."""
    try:
        workbook = load_workbook(io.BytesIO(in_known_dialect(data)), data_only=True)
    except (
        KeyError,
        ValueError,
        TypeError,
        IndexError,
        AttributeError,
        ParseError,
        zipfile.BadZipFile,
        InvalidFileException,
    ) as fault:
        raise ImportProblem(f"{BROKEN}：{name}") from fault
    made = Composer()
    for sheet in workbook.worksheets:
        read_sheet(made, sheet)
    return made.document(data, name)


def read_sheet(made: Composer, sheet: Worksheet) -> None:
    """Reads a sheet. Raises ImportProblem for one with more rows than a document has."""
    if sheet.max_row > MAX_ROWS:
        raise ImportProblem(TOO_LONG % sheet.title)
    if sheet.sheet_state != Worksheet.SHEETSTATE_VISIBLE:
        made.doubt("hidden", f"工作簿里有隐藏的表“{sheet.title}”，也读入了，请核对")
    spans = merged_spans(sheet)
    width = min(sheet.max_column, MAX_COLUMNS)
    rows = [list(cells_of(row, spans)) for row in sheet.iter_rows(max_col=width)]
    made.table(rows, sheet.title)


def merged_spans(sheet: Worksheet) -> dict[tuple[int, int], tuple[int, int]]:
    """How many rows and columns the first cell of each merged range spans."""
    return {
        (span.min_row, span.min_col): (
            span.max_row - span.min_row + 1,
            span.max_col - span.min_col + 1,
        )
        for span in sheet.merged_cells.ranges
    }


def cells_of(
    row: tuple[Cell | MergedCell, ...], spans: dict[tuple[int, int], tuple[int, int]]
) -> Iterator[RawCell]:
    """The cells of a row, merged ones once."""
    for cell in row:
        if isinstance(cell, Cell):
            rows, columns = spans.get((cell.row, cell.column), (1, 1))
            yield RawCell(shown(cell), cell.column - 1, rows, columns)


def shown(cell: Cell) -> str:
    """The value of a cell about as the program shows it."""
    value: Any = cell.value
    if isinstance(value, datetime | date):
        return f"{value.year}年{value.month}月{value.day}日"
    if isinstance(value, int | float):
        percent = shows_percent(cell.number_format, value)
        return f"{round(value * 100, 4):g}%" if percent else number(value)
    return str(value or "")
