"""What an uploaded workbook would change; nothing is saved here.

Each report of the workbook goes through `ReportForm`, like the page on which it is filed.
"""

from collections.abc import Container, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import chain, repeat
from operator import itemgetter

from django import forms
from openpyxl.utils import get_column_letter

from common.office.worksheet_reading import CellReading, as_read
from common.text.numerals import visible
from departments.models import Department
from progress.forms.report import ReportForm
from progress.requirements.report import ReportRequirements
from progress.workbook.changes import CellChange, Kind, WorkbookPart, WorkbookReading
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
NO_PAGE = (
    "没有找到“{0}”这一页，它的内容都没有读入。请不要改页名或删除页：把“{0}”的页名改回来，"
    "或者重新下载再填。"
)
MERGED = "{} {}：这些格合并在一起，只读入第一格，其余的没有改动。请取消合并，每格分别填写再上传。"
TITLES = f"“{ANSWERS}”“{NUMBERS}”“{SUMMARY}”"


@dataclass(frozen=True)
class UploadedCell:
    """An open cell as it was written, and what the uploaded workbook holds there."""

    location: str
    cell: WorkbookCell
    seen: CellReading

    @property
    def was_touched(self) -> bool:
        """Whether it holds another text than was written, or something that cannot be read."""
        return self.seen.text != self.cell.text or bool(self.seen.wrong)


@dataclass
class UploadedReport:
    """What the workbook holds of one report: name of the form field -> its cell.

    `is_stale`: the report was saved since the workbook was downloaded.
    """

    form: ReportForm
    cells: dict[str, UploadedCell] = field(default_factory=dict)
    errors: list[CellChange] = field(default_factory=list)
    is_stale: bool = False

    @property
    def is_in_workbook(self) -> bool:
        return bool(self.cells or self.errors)


# (title of the sheet, key) -> the report a row belongs to, and the row as it was written.
KnownRows = dict[tuple[str, Key], tuple[UploadedReport, WorkbookRow]]


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
    known, reading = _known_rows(reports), WorkbookReading([], [], [])
    for title in filter(book.__contains__, COLUMNS):
        moved = _moved_columns(title, book[title])
        reading.unmatched.extend(moved)
        if not moved:
            _match_rows(title, book[title], known, department.slug, reading)
    if book:
        reading.unmatched.extend(_missing_pages(book, known))
    else:
        problem = f"没有找到{TITLES}。请上传从本页下载的表。"
        reading.unmatched.append(CellChange(Kind.WRONG, "整个文件", problem=problem))
    reading.parts.extend(_build_part(report) for report in reports if report.is_in_workbook)
    return reading


def _missing_pages(book: Container[str], known: KnownRows) -> Iterator[CellChange]:
    """The sheets that have rows of the unit and are not in the workbook."""
    for title in dict.fromkeys(title for title, _ in known):
        if title not in book:
            yield CellChange(Kind.WRONG, title, problem=NO_PAGE.format(title))


def _known_rows(reports: list[UploadedReport]) -> KnownRows:
    return {
        (title, row.key): (report, row)
        for report in reports
        for title, rows in rows_of(report.form).items()
        for row in rows
    }


def _location(title: str, row: int, column: int) -> str:
    return f"{title} 第 {row} 行 {get_column_letter(column)} 列"


def _moved_columns(title: str, rows: list[list[CellReading]]) -> list[CellChange]:
    """The columns whose titles are not where they were written: their cells cannot be read."""
    head = [seen.text for seen in rows[0]] if rows else []
    names = [name for name, _ in COLUMNS[title]]
    titles = zip(names, chain(head, repeat("")), strict=False)
    return [
        CellChange(Kind.WRONG, _location(title, 1, column), problem=MOVED.format(name))
        for column, (name, text) in enumerate(titles, 1)
        if name != text
    ]


def _match_rows(
    title: str,
    rows: list[list[CellReading]],
    known: KnownRows,
    unit: str,
    reading: WorkbookReading,
) -> None:
    """Matches filled rows to reports by their keys."""
    first_rows: dict[Key, int] = {}
    for number, (key_cell, *cells) in _filled_rows(rows):
        location = _location(title, number, 1)
        written = read_key(key_cell.text)
        match = known.get((title, written[0])) if written else None
        if written is None or match is None:
            problem = _unmatched_problem(written, unit)
            reading.unmatched.append(CellChange(Kind.WRONG, location, problem=problem))
            continue
        (key, version), (report, row) = written, match
        if first_rows.setdefault(key, number) != number:
            problem = TWICE.format(first_rows[key])
            report.errors.append(CellChange(Kind.WRONG, location, problem=problem))
        else:
            report.is_stale |= version != row.version
            for remark in _match_cells(title, number, row, cells, report):
                # The cells of one range share a remark.
                if remark not in reading.remarks:
                    reading.remarks.append(remark)


def _filled_rows(rows: list[list[CellReading]]) -> Iterator[tuple[int, list[CellReading]]]:
    """The rows below the titles that hold anything, each with its number in the sheet."""
    for number, row in enumerate(rows[1:], 2):
        if any(seen.text or seen.wrong for seen in row):
            yield number, row


def _unmatched_problem(written: tuple[Key, int] | None, unit: str) -> str:
    if written is None:
        return NO_KEY
    key, _ = written
    return NOT_NOW.format(f"{key.task} {key.quarter}") if key.unit == unit else FOREIGN


def _match_cells(
    title: str, number: int, row: WorkbookRow, seen: list[CellReading], report: UploadedReport
) -> list[str]:
    """Adds the open cells of a row to the report; returns the remarks on what was not read:
    changed locked cells, and those that are merged into another.
    """
    remarks = []
    for column, (written, read) in enumerate(zip(row.cells, seen, strict=True), 2):
        location = _location(title, number, column)
        if read.merged:
            remarks.append(MERGED.format(title, read.merged))
        elif isinstance(written, WorkbookCell):
            report.cells[written.name] = UploadedCell(location, written, read)
        elif read.text != as_read(written):
            remarks.append(f"{location}：{LOCKED}")
    return remarks


def _build_part(report: UploadedReport) -> WorkbookPart:
    """The form of a report, filled in from the workbook; unchanged cells keep what is stored."""
    form = _fill_in(report)
    changes = [
        *report.errors,
        *_errors_elsewhere(form, report.cells),
        *_compare(form, report.cells),
    ]
    if report.is_stale and any(change.kind != Kind.SAME for change in changes):
        changes = [CellChange(Kind.WRONG, "整项任务", problem=STALE)]
    return WorkbookPart(form, sorted(changes, key=lambda change: change.kind != Kind.WRONG))


def _fill_in(report: UploadedReport) -> ReportForm:
    data, problems = stored_data(report.form), {}
    touched = {name: cell for name, cell in report.cells.items() if cell.was_touched}
    for name, uploaded in touched.items():
        data[name], problems[name] = _parse_cell(uploaded)
    form = ReportForm(report.form.requirements, report.form.department, data)
    form.full_clean()
    # A draft may keep text that is no answer; in a workbook it is an error of its cell.
    for name, (_, sentence) in form.unparsed.items():
        form.add_error(name.translate(ANSWER_OF), sentence)
    for name, sentence in filter(itemgetter(1), problems.items()):
        # The form's own error would be about the empty value put in place of what cannot be read.
        form.errors.pop(name, None)
        form.add_error(name, sentence)
    return form


def stored_data(form: ReportForm) -> dict[str, object]:
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
    if cell.choices and (chosen := visible(seen.text)):
        is_listed = chosen in cell.choices
        return cell.choices.get(chosen, ""), "" if is_listed else ONLY_LISTED.format(chosen)
    return seen.text, ""


def _errors_elsewhere(form: ReportForm, cells: dict[str, UploadedCell]) -> Iterator[CellChange]:
    """The form's errors in fields whose cells are not in the workbook."""
    for name in form.errors:
        if name not in cells:
            label = str(form.fields[name].label) if name in form.fields else ""
            yield CellChange(Kind.WRONG, "表里没有的行", label, problem=_sentences(form, name))


def _compare(form: ReportForm, cells: dict[str, UploadedCell]) -> Iterator[CellChange]:
    """Each cell compared with what is stored, without those that were empty and still are."""
    questions = {asked.name: asked.sentence for asked in form.questions()}
    for name, uploaded in cells.items():
        stored, typed = uploaded.cell.text, uploaded.seen.text
        kind = _kind_of(form, name, stored, typed)
        if kind == Kind.SAME and not stored:
            continue
        kept = _kept_text(form, name, typed)
        yield CellChange(
            kind,
            uploaded.location,
            uploaded.cell.label,
            before=stored,
            after=kept,
            typed=typed if kept != visible(typed) else "",
            problem=_sentences(form, name) if kind == Kind.WRONG else "",
            question=questions.get(name, ""),
        )


def _kept_text(form: ReportForm, name: str, typed: str) -> str:
    """What will be kept of a cell; a number is shown as it was understood."""
    value = None if name in form.errors else form.cleaned_data.get(name)
    return as_read(value) if isinstance(value, Decimal) else typed


def _kind_of(form: ReportForm, name: str, stored: str, typed: str) -> Kind:
    if name in form.errors:
        return Kind.WRONG
    if typed == stored or name not in form.changed_data:
        return Kind.SAME
    return Kind.CHANGED if stored else Kind.NEW


def _sentences(form: ReportForm, name: str) -> str:
    """The errors of a field in one line."""
    return " ".join(map(str, form.errors[name]))
