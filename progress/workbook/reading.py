"""What an uploaded workbook would change; nothing is saved here.

Each report of the workbook goes through `ReportForm`, like the page on which it is filed.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from django import forms
from django.db.models import TextChoices
from openpyxl.utils import get_column_letter

from common.office.worksheet_reading import CellReading, as_read
from common.ui.chips import Chip, Tone
from departments.models import Department
from progress.forms.report import ReportForm
from progress.requirements.report import ReportRequirements
from progress.workbook.rows import (
    ANSWERS,
    COLUMNS,
    NUMBERS,
    SUMMARY,
    Key,
    WorkbookCell,
    WorkbookRow,
    read_key,
    rows_of,
)

LEFT_OUT = "没有读入"
NO_KEY = f"这一行没有标识，{LEFT_OUT}。内容请写在下载的表原有的行里。"
FOREIGN = f"这是另一个单位的行，{LEFT_OUT}。请换成那个单位再上传。"
NOT_NOW = f"{{}} 现在不由本单位填写，或者已经报送，{LEFT_OUT}。"
TWICE = "与第 {} 行重复，请删去一行再上传。"
LOCKED = "这一格已锁定，与系统里的不同，以系统里的为准。"
STALE = (
    "下载以后有人保存过这项任务，表里的改动没有读入。请重新下载，"
    "把改动抄到新表里；急用时可以在网页上直接改。"
)
ONLY_LISTED = "没有“{}”这个选项，请从下拉列表中选择。"
# A note without an answer is an error of the answer: n<commitment> -> c<commitment>, t -> r.
ANSWER_OF = str.maketrans("nt", "cr")
MOVED = "列名应当是“{}”。请不要移动或删除列，重新下载再填。"
TITLES = f"“{ANSWERS}”“{NUMBERS}”“{SUMMARY}”"


class Kind(TextChoices):
    """What an uploaded cell would do to what is stored."""

    WRONG = "wrong", "有错"
    NEW = "new", "新填"
    CHANGED = "changed", "修改"
    SAME = "same", "不变"


TONES = {
    Kind.WRONG: Tone.LATE,
    Kind.NEW: Tone.COURSE,
    Kind.CHANGED: Tone.COURSE,
    Kind.SAME: Tone.QUIET,
}


@dataclass(frozen=True)
class CellChange:
    """One cell compared with what is stored.

    `location`: its sheet, row and column, in words. `problem`: a sentence if it is wrong.
    """

    kind: Kind
    location: str
    label: str = ""
    before: str = ""
    after: str = ""
    problem: str = ""

    @property
    def chip(self) -> Chip:
        return Chip(str(self.kind.label), TONES[self.kind])


@dataclass(frozen=True)
class WorkbookPart:
    """One report of the workbook: its form filled in, and the cells that concern it."""

    form: ReportForm
    changes: list[CellChange]

    @property
    def has_errors(self) -> bool:
        return any(change.kind == Kind.WRONG for change in self.changes)

    @property
    def can_be_saved(self) -> bool:
        """Whether it changes anything and has no errors."""
        return not self.has_errors and any(
            change.kind in {Kind.NEW, Kind.CHANGED} for change in self.changes
        )

    def is_ready(self, today: date) -> bool:
        """Whether it can be submitted on this day as stored: complete, and unchanged here."""
        if self.has_errors or self.can_be_saved:
            return False
        return self.form.leads and not self.form.requirements.missing(today)

    @property
    def unchanged(self) -> list[CellChange]:
        return [change for change in self.changes if change.kind == Kind.SAME]

    @property
    def changed(self) -> list[CellChange]:
        return [change for change in self.changes if change.kind != Kind.SAME]


@dataclass(frozen=True)
class WorkbookReading:
    """What a workbook would change, report by report.

    `unmatched`: rows that belong to no report of the unit, and sheets that cannot be read.
    `remarks`: sentences on changes to locked cells, which are ignored.
    """

    parts: list[WorkbookPart]
    unmatched: list[CellChange]
    remarks: list[str]

    def count(self, kind: Kind) -> int:
        """How many cells of the workbook are of this kind."""
        changes = [*self.unmatched, *(change for part in self.parts for change in part.changes)]
        return sum(change.kind == kind for change in changes)

    @property
    def unmatched_by_problem(self) -> dict[str, list[str]]:
        """Problem -> locations, so that a sheet full of another unit's rows makes one sentence."""
        locations = {}
        for change in self.unmatched:
            locations.setdefault(change.problem, []).append(change.location)
        return locations

    @property
    def parts_in_order(self) -> list[WorkbookPart]:
        """Those with errors first, those without changes last."""
        return sorted(self.parts, key=lambda part: (not part.has_errors, not part.can_be_saved))


@dataclass(frozen=True)
class UploadedCell:
    """An open cell as it was written, and what the uploaded workbook holds there."""

    location: str
    cell: WorkbookCell
    seen: CellReading


@dataclass
class UploadedReport:
    """What the workbook holds of one report: name of the form field -> its cell.

    `is_stale`: the report was saved since the workbook was downloaded.
    """

    form: ReportForm
    cells: dict[str, UploadedCell] = field(default_factory=dict)
    errors: list[CellChange] = field(default_factory=list)
    is_stale: bool = False


def interpret(
    requirements_list: list[ReportRequirements],
    department: Department,
    book: dict[str, list[list[CellReading]]],
) -> WorkbookReading:
    """What a workbook would change for one unit; makes no query.

    `requirements_list`: the reports the unit may write now. `book`: title of a sheet -> its rows,
    as `read_workbook` gives them.
    """
    reports = [
        UploadedReport(ReportForm(requirements, department)) for requirements in requirements_list
    ]
    known = {
        (title, row.key): (report, row)
        for report in reports
        for title, row in _written_rows(report.form)
    }
    reading = WorkbookReading([], [], [])
    for title in (title for title in COLUMNS if title in book):
        moved = _moved_columns(title, book[title])
        reading.unmatched.extend(moved)
        if not moved:
            _match_rows(title, book[title], known, department.slug, reading)
    if not book:
        problem = f"没有找到{TITLES}。请上传从本页下载的表。"
        reading.unmatched.append(CellChange(Kind.WRONG, "整个文件", problem=problem))
    reading.parts.extend(_build_part(report) for report in reports if report.cells or report.errors)
    return reading


def _written_rows(form: ReportForm) -> Iterator[tuple[str, WorkbookRow]]:
    for title, rows in rows_of(form).items():
        yield from ((title, row) for row in rows)


def _location(title: str, row: int, column: int) -> str:
    return f"{title} 第 {row} 行 {get_column_letter(column)} 列"


def _moved_columns(title: str, rows: list[list[CellReading]]) -> list[CellChange]:
    """The columns whose titles are not where they were written: their cells cannot be read."""
    head = [seen.text for seen in rows[0]] if rows else [""]
    titles = zip(
        [name for name, _ in COLUMNS[title]], head + [""] * len(COLUMNS[title]), strict=False
    )
    return [
        CellChange(Kind.WRONG, _location(title, 1, column), problem=MOVED.format(name))
        for column, (name, text) in enumerate(titles, 1)
        if name != text
    ]


def _match_rows(
    title: str, rows: list[list[CellReading]], known: dict, unit: str, reading: WorkbookReading
) -> None:
    """Matches filled rows to reports by their keys; `known`: (title, key) -> report and row."""
    first_rows: dict[Key, int] = {}
    filled = [
        (number, row)
        for number, row in enumerate(rows[1:], 2)
        if any(seen.text or seen.wrong for seen in row)
    ]
    for number, (key_cell, *cells) in filled:
        location = _location(title, number, 1)
        key, version = read_key(key_cell.text) or (None, 0)
        report, row = known.get((title, key), (None, None))
        if report is None:
            reading.unmatched.append(
                CellChange(Kind.WRONG, location, problem=_unmatched_problem(key, unit))
            )
        elif first_rows.setdefault(key, number) != number:
            report.errors.append(
                CellChange(Kind.WRONG, location, problem=TWICE.format(first_rows[key]))
            )
        else:
            report.is_stale = report.is_stale or version != row.version
            _match_cells(title, number, row, cells, report, reading.remarks)


def _unmatched_problem(key: Key | None, unit: str) -> str:
    if key is None:
        return NO_KEY
    return NOT_NOW.format(f"{key.task} {key.quarter}") if key.unit == unit else FOREIGN


def _match_cells(
    title: str,
    number: int,
    row: WorkbookRow,
    seen: list[CellReading],
    report: UploadedReport,
    remarks: list[str],
) -> None:
    for column, (written, read) in enumerate(zip(row.cells, seen, strict=True), 2):
        location = _location(title, number, column)
        if isinstance(written, WorkbookCell):
            report.cells[written.name] = UploadedCell(location, written, read)
        elif read.text != as_read(written):
            remarks.append(f"{location}：{LOCKED}")


def _build_part(report: UploadedReport) -> WorkbookPart:
    """The form of a report, filled in from the workbook; unchanged cells keep what is stored."""
    data, problems = stored_data(report.form), {}
    for name, uploaded in report.cells.items():
        if uploaded.seen.text != uploaded.cell.text or uploaded.seen.wrong:
            data[name], problems[name] = _parse_cell(uploaded)
    form = ReportForm(report.form.requirements, report.form.department, data)
    form.full_clean()
    # A draft may keep text that is no answer; in a workbook it is an error of its cell.
    for name, (_, sentence) in form.unparsed.items():
        form.add_error(name.translate(ANSWER_OF), sentence)
    for name, sentence in problems.items():
        # The form's own error would be about the empty value put in place of what cannot be read.
        if sentence:
            form.errors.pop(name, None)
            form.add_error(name, sentence)
    changes = [
        *report.errors,
        *_errors_elsewhere(form, report.cells),
        *filter(None, _compare(form, report.cells)),
    ]
    if report.is_stale and any(change.kind != Kind.SAME for change in changes):
        changes = [CellChange(Kind.WRONG, "整项任务", problem=STALE)]
    return WorkbookPart(form, sorted(changes, key=lambda change: change.kind != Kind.WRONG))


def stored_data(form: ReportForm) -> dict:
    """The data the page would send if nothing were typed."""
    return {
        name: form[name].value()
        for name, control in form.fields.items()
        if not isinstance(control, forms.FileField)
    }


def _parse_cell(uploaded: UploadedCell) -> tuple[object, str]:
    """(value for the form field, problem); the problem is empty if the cell can be read."""
    cell, seen = uploaded.cell, uploaded.seen
    if seen.wrong:
        return "", seen.wrong
    if cell.choices and seen.text:
        return cell.choices.get(seen.text, ""), (
            "" if seen.text in cell.choices else ONLY_LISTED.format(seen.text)
        )
    return seen.text.rstrip("%％") if cell.is_percent else seen.text, ""


def _errors_elsewhere(form: ReportForm, cells: dict[str, UploadedCell]) -> Iterator[CellChange]:
    """The form's errors in fields whose cells are not in the workbook."""
    for name, sentences in form.errors.items():
        if name not in cells:
            label = str(form.fields[name].label) if name in form.fields else ""
            yield CellChange(Kind.WRONG, "表里没有的行", label, problem=" ".join(sentences))


def _compare(form: ReportForm, cells: dict[str, UploadedCell]) -> Iterator[CellChange | None]:
    """Each cell compared with what is stored; None for one that was empty and still is."""
    for name, uploaded in cells.items():
        stored, typed = uploaded.cell.text, uploaded.seen.text
        fields = (uploaded.location, uploaded.cell.label, stored, typed)
        if name in form.errors:
            yield CellChange(Kind.WRONG, *fields, " ".join(form.errors[name]))
        elif typed == stored or name not in form.changed_data:
            yield CellChange(Kind.SAME, *fields) if stored else None
        else:
            yield CellChange(Kind.CHANGED if stored else Kind.NEW, *fields)
