"""Reads the CSV lists that come with a document, such as units and responsibilities."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

from common.files.text_files import ImportProblem, Source
from common.text.numerals import visible


@dataclass(frozen=True)
class CsvRow:
    """One row by column name; `line`: the line of the file in which it ends, from 1."""

    line: int
    values: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.values[column]


def read_csv_rows(source: Source, columns: Sequence[str]) -> list[CsvRow]:
    """The rows of a list that has at least these columns, values without blanks around them
    and unseen signs.

    Raises ImportProblem if a column is missing or the CSV is damaged.
    """
    reader = csv.DictReader(io.StringIO(source.text), strict=True)
    try:
        _refuse_missing_columns(source.name, columns, reader.fieldnames or [])
        return [_make_row(source.name, reader.line_num, values) for values in reader]
    except csv.Error as error:
        raise ImportProblem(f"表 {source.name} 不是完整的 CSV", reader.line_num) from error


def _refuse_missing_columns(name: str, wanted: Sequence[str], printed: Sequence[str]) -> None:
    if missing := [column for column in wanted if column not in printed]:
        raise ImportProblem(f"表 {name} 缺少列：{'、'.join(missing)}", 1)


def _make_row(name: str, line: int, values: dict) -> CsvRow:
    # The csv module puts surplus cells under None and fills missing ones with None.
    if None in values or None in values.values():
        raise ImportProblem(f"表 {name} 这一行的列数与表头不同", line)
    return CsvRow(line, {column: visible(value) for column, value in values.items()})
