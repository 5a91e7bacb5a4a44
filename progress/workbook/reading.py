"""What a filled-in file would change. Each report of it goes through the form of its page; nothing is written here."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from django import forms
from django.db.models import TextChoices
from openpyxl.utils import get_column_letter

from common.office.worksheet_reading import Seen, as_read
from common.ui.chips import Chip, Tone
from departments.models import Department
from progress.forms.report import ReportForm
from progress.requirements.report import ReportRequirements
from progress.workbook.rows import ANSWERS, COLUMNS, NUMBERS, SUMMARY, Key, WorkbookCell, WorkbookRow, read_key, rows_of

LEFT_OUT = "没有读入"
NO_KEY = f"这一行没有标识，{LEFT_OUT}。内容请写在下载的表原有的行里。"
FOREIGN = f"这是另一个单位的行，{LEFT_OUT}。请换成那个单位再上传。"
NOT_NOW = f"{{}} 现在不由本单位填写，或者已经报送，{LEFT_OUT}。"
TWICE = "与第 {} 行重复，请删去一行再上传。"
LOCKED = "这一格已锁定，与系统里的不同，以系统里的为准。"
STALE = "下载以后有人保存过这项任务，表里的改动没有读入。请重新下载，把改动抄到新表里；急用时可以在网页上直接改。"
ONLY_LISTED = "没有“{}”这个选项，请从下拉列表中选择。"
# A note that stands alone lacks its verdict or its number.
ANSWER_OF = str.maketrans("nt", "cr")
MOVED = "列名应当是“{}”。请不要移动或删除列，重新下载再填。"
TITLES = f"“{ANSWERS}”“{NUMBERS}”“{SUMMARY}”"


class Kind(TextChoices):
    WRONG = "wrong", "有错"
    NEW = "new", "新填"
    CHANGED = "changed", "修改"
    SAME = "same", "不变"


TONES = {Kind.WRONG: Tone.LATE, Kind.NEW: Tone.COURSE, Kind.CHANGED: Tone.COURSE, Kind.SAME: Tone.QUIET}


@dataclass(frozen=True)
class CellChange:
    """One cell against what is stored. `place` is sheet, row and column; `problem` a sentence when it is wrong."""

    kind: Kind
    place: str
    label: str = ""
    before: str = ""
    after: str = ""
    problem: str = ""

    @property
    def chip(self) -> Chip:
        return Chip(str(self.kind.label), TONES[self.kind])


@dataclass(frozen=True)
class WorkbookPart:
    """One report of the file, as it would be saved."""

    form: ReportForm
    changes: list[CellChange]

    @property
    def wrong(self) -> bool:
        return any(change.kind == Kind.WRONG for change in self.changes)

    @property
    def to_save(self) -> bool:
        return not self.wrong and any(change.kind in {Kind.NEW, Kind.CHANGED} for change in self.changes)

    def is_ready(self, today: date) -> bool:
        """Complete as it is stored: it can go out without being saved."""
        return not self.wrong and not self.to_save and self.form.leads and not self.form.requirements.missing(today)

    @property
    def unchanged(self) -> list[CellChange]:
        return [change for change in self.changes if change.kind == Kind.SAME]

    @property
    def changed(self) -> list[CellChange]:
        return [change for change in self.changes if change.kind != Kind.SAME]


@dataclass(frozen=True)
class WorkbookReading:
    """`strays` are rows that belong to no report, `remarks` what was passed over."""

    parts: list[WorkbookPart]
    strays: list[CellChange]
    remarks: list[str]

    def count(self, kind: Kind) -> int:
        changes = [*self.strays, *(change for part in self.parts for change in part.changes)]
        return sum(change.kind == kind for change in changes)

    @property
    def strays_together(self) -> dict[str, list[str]]:
        """What is wrong -> the places, so that a page of foreign rows is one sentence."""
        found = {}
        for change in self.strays:
            found.setdefault(change.problem, []).append(change.place)
        return found

    @property
    def parts_in_order(self) -> list[WorkbookPart]:
        """Those with errors first, those without changes last."""
        return sorted(self.parts, key=lambda part: (not part.wrong, not part.to_save))


@dataclass(frozen=True)
class Placed:
    place: str
    cell: WorkbookCell
    seen: Seen


@dataclass
class Found:
    """What the file holds of one report: name of the field -> its cell."""

    form: ReportForm
    cells: dict[str, Placed] = field(default_factory=dict)
    wrong: list[CellChange] = field(default_factory=list)
    is_stale: bool = False


def interpret(
    filings: list[ReportRequirements], department: Department, book: dict[str, list[list[Seen]]]
) -> WorkbookReading:
    """`book`: title of a page -> its rows, as `read_book` gives them. No query."""
    found = [Found(ReportForm(filing, department)) for filing in filings]
    known = {(title, row.key): (one, row) for one in found for title, row in _printed(one.form)}
    reading = WorkbookReading([], [], [])
    for title in (title for title in COLUMNS if title in book):
        moved = _moved(title, book[title])
        reading.strays.extend(moved)
        if not moved:
            _place(title, book[title], known, department.slug, reading)
    if not book:
        reading.strays.append(CellChange(Kind.WRONG, "整个文件", problem=f"没有找到{TITLES}。请上传从本页下载的表。"))
    reading.parts.extend(_part(one) for one in found if one.cells or one.wrong)
    return reading


def _printed(form: ReportForm) -> Iterator[tuple[str, WorkbookRow]]:
    for title, rows in rows_of(form).items():
        yield from ((title, row) for row in rows)


def _place_of(title: str, row: int, column: int) -> str:
    return f"{title} 第 {row} 行 {get_column_letter(column)} 列"


def _moved(title: str, rows: list[list[Seen]]) -> list[CellChange]:
    """Columns that are not where they were: nothing below them can be trusted."""
    head = [seen.text for seen in rows[0]] if rows else [""]
    heads = zip([name for name, _ in COLUMNS[title]], head + [""] * len(COLUMNS[title]), strict=False)
    return [
        CellChange(Kind.WRONG, _place_of(title, 1, column), problem=MOVED.format(name))
        for column, (name, seen) in enumerate(heads, 1)
        if name != seen
    ]


def _place(title: str, rows: list[list[Seen]], known: dict, unit: str, reading: WorkbookReading) -> None:
    """Puts each row to the report it belongs to."""
    met: dict[Key, int] = {}
    filled = [(number, row) for number, row in enumerate(rows[1:], 2) if any(seen.text or seen.wrong for seen in row)]
    for number, (first, *rest) in filled:
        place = _place_of(title, number, 1)
        key, version = read_key(first.text) or (None, 0)
        one, row = known.get((title, key), (None, None))
        if one is None:
            reading.strays.append(CellChange(Kind.WRONG, place, problem=_unknown(key, unit)))
        elif met.setdefault(key, number) != number:
            one.wrong.append(CellChange(Kind.WRONG, place, problem=TWICE.format(met[key])))
        else:
            one.is_stale = one.is_stale or version != row.version
            _place_cells(title, number, row, rest, one, reading.remarks)


def _unknown(key: Key | None, unit: str) -> str:
    if key is None:
        return NO_KEY
    return NOT_NOW.format(f"{key.task} {key.quarter}") if key.unit == unit else FOREIGN


def _place_cells(title: str, number: int, row: WorkbookRow, seen: list[Seen], one: Found, remarks: list[str]) -> None:
    for column, (printed, found) in enumerate(zip(row.cells, seen, strict=True), 2):
        place = _place_of(title, number, column)
        if isinstance(printed, WorkbookCell):
            one.cells[printed.name] = Placed(place, printed, found)
        elif found.text != as_read(printed):
            remarks.append(f"{place}：{LOCKED}")


def _part(one: Found) -> WorkbookPart:
    """The form of the report, filled in as the file says; a cell that was left alone keeps what is stored."""
    data, wrong = as_stored(one.form), {}
    for name, placed in one.cells.items():
        if placed.seen.text != placed.cell.text or placed.seen.wrong:
            data[name], wrong[name] = _typed(placed)
    form = ReportForm(one.form.requirements, one.form.department, data)
    form.full_clean()
    # A sheet is looked at before anything is kept: what a draft would put aside is to be put right in its cell.
    for name, (_, sentence) in form.unparsed.items():
        form.add_error(name.translate(ANSWER_OF), sentence)
    for name, sentence in wrong.items():
        # What stands there is no answer, so what the form says of it is beside the point.
        if sentence:
            form.errors.pop(name, None)
            form.add_error(name, sentence)
    changes = [*one.wrong, *_elsewhere(form, one.cells), *filter(None, _changes(form, one.cells))]
    if one.is_stale and any(change.kind != Kind.SAME for change in changes):
        changes = [CellChange(Kind.WRONG, "整项任务", problem=STALE)]
    return WorkbookPart(form, sorted(changes, key=lambda change: change.kind != Kind.WRONG))


def as_stored(form: ReportForm) -> dict:
    """What the page would send if nothing were typed."""
    return {
        name: form[name].value() for name, control in form.fields.items() if not isinstance(control, forms.FileField)
    }


def _typed(placed: Placed) -> tuple[object, str]:
    """(value for the field, a sentence when there is none)."""
    cell, seen = placed.cell, placed.seen
    if seen.wrong:
        return "", seen.wrong
    if cell.words and seen.text:
        return cell.words.get(seen.text, ""), "" if seen.text in cell.words else ONLY_LISTED.format(seen.text)
    return seen.text.rstrip("%％") if cell.is_percent else seen.text, ""


def _elsewhere(form: ReportForm, cells: dict[str, Placed]) -> Iterator[CellChange]:
    """What the form says of answers whose rows are not in the file."""
    for name, sentences in form.errors.items():
        if name not in cells:
            label = str(form.fields[name].label) if name in form.fields else ""
            yield CellChange(Kind.WRONG, "表里没有的行", label, problem=" ".join(sentences))


def _changes(form: ReportForm, cells: dict[str, Placed]) -> Iterator[CellChange | None]:
    for name, placed in cells.items():
        said = (placed.place, placed.cell.label, placed.cell.text, placed.seen.text)
        if name in form.errors:
            yield CellChange(Kind.WRONG, *said, " ".join(form.errors[name]))
        elif placed.seen.text == placed.cell.text or name not in form.changed_data:
            yield CellChange(Kind.SAME, *said) if placed.cell.text else None
        else:
            yield CellChange(Kind.CHANGED if placed.cell.text else Kind.NEW, *said)
