"""The rows of the workbook: it is written from them, and an uploaded one is compared with them.

Each answer is a field of `ReportForm`, so that page and workbook ask and refuse the same.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from django import forms

from common.office.worksheet_reading import MAX_IN_A_CELL, as_read
from common.text.wording import cn_date
from progress.forms.hints import commitment_hint, target_hint
from progress.forms.parts import choices_of, column_label
from progress.forms.report import ReportForm
from progress.forms.report_fields import OVERALL_TEXTS
from progress.models import Contribution, ProgressReport
from progress.requirements.items import RequiredNumber
from tasks.models import Commitment

ANSWERS, NUMBERS, SUMMARY = "逐条自评", "数据", "总体"
# Title of a column and its width in characters.
IDENTITY_COLUMNS = [("标识", 4), ("任务编号", 11), ("季度", 15), ("任务", 24)]
NARRATIVE = column_label(Contribution, "narrative")
OVERALL_TEXT_COLUMNS = [(column_label(ProgressReport, name), 24) for name in OVERALL_TEXTS]
COLUMNS = {
    ANSWERS: [*IDENTITY_COLUMNS, ("承诺内容", 46), ("提示", 22), ("自评", 15), ("说明", 36)],
    NUMBERS: [
        *IDENTITY_COLUMNS,
        ("指标", 24),
        ("单位", 8),
        ("文件公布的目标", 40),
        ("实际值", 14),
        ("数据说明", 30),
    ],
    SUMMARY: [
        *IDENTITY_COLUMNS,
        ("报送截止", 15),
        (NARRATIVE, 56),
        ("其余事项", 12),
        ("其余事项确认", 13),
        ("总体进展", 15),
        *OVERALL_TEXT_COLUMNS,
    ],
}
# A spreadsheet's own numbers lose digits beyond this many.
EXACT_DIGITS = 15
WRITTEN_KEY = re.compile(r"(\S+) (\S+) (\S+) (\S+) v([0-9]{1,9})")
TOO_LONG = "内容太长，一格放不下。请在网页上修改。"


@dataclass(frozen=True)
class Key:
    """What a row is about; `about`: c<commitment>, r<indicator> or "whole" for the report."""

    unit: str
    task: str
    quarter: str
    about: str

    def as_text(self, version: int) -> str:
        """The key as its row carries it, with the report's version at the time."""
        return f"{self.unit} {self.task} {self.quarter} {self.about} v{version}"


def read_key(text: str) -> tuple[Key, int] | None:
    """The key and version that `Key.as_text` wrote; None for any other text."""
    match = WRITTEN_KEY.fullmatch(text)
    return (Key(*match.groups()[:4]), int(match[5])) if match else None


@dataclass(frozen=True)
class WorkbookCell:
    """An open cell: the name of the form field it answers, and the value stored now."""

    name: str
    label: str
    value: object = ""
    # Label -> value of the field, where there is a choice.
    choices: dict[str, str | bool] = field(default_factory=dict)

    @property
    def text(self) -> str:
        return as_read(self.value)


@dataclass(frozen=True)
class WorkbookRow:
    """One row: its key with the report's version, then locked text and open cells."""

    key: Key
    version: int
    cells: list[str | WorkbookCell]


def rows_of(form: ReportForm) -> dict[str, list[WorkbookRow]]:
    """Title of the sheet -> its rows about one report."""
    requirements = form.requirements
    required = [(row.commitment, commitment_hint(row)) for row in requirements.required_commitments]
    remaining = [
        (commitment, "其余事项，空着的随“总体”一并确认") for commitment in requirements.remaining
    ]
    return {
        ANSWERS: [
            _commitment_row(form, commitment, hint) for commitment, hint in [*required, *remaining]
        ],
        NUMBERS: [_number_row(form, number) for number in requirements.numbers],
        SUMMARY: [_build_row(form, "whole", *_summary_cells(form))],
    }


def _build_row(form: ReportForm, about: str, *cells: str | WorkbookCell) -> WorkbookRow:
    task, period = form.requirements.task, form.requirements.period
    key = Key(form.department.slug, task.code, period.address, about)
    quarter = period.label + ("（演示）" if period.demonstration else "")
    return WorkbookRow(key, form.initial["version"], [task.code, quarter, task.title, *cells])


def _commitment_row(form: ReportForm, commitment: Commitment, hint: str) -> WorkbookRow:
    name = f"c{commitment.pk}"
    note = _build_cell(form, f"n{commitment.pk}", f"{commitment.text} 说明")
    return _build_row(form, name, commitment.text, hint, _build_cell(form, name), note)


def _number_row(form: ReportForm, number: RequiredNumber) -> WorkbookRow:
    indicator = number.indicator
    name = f"r{indicator.pk}"
    value = _build_cell(form, name)
    note = _build_cell(form, f"t{indicator.pk}", f"{indicator.name} 说明")
    target = target_hint(number, form.requirements.period.year)
    return _build_row(form, name, indicator.name, indicator.unit, target, value, note)


def _exact(value: object) -> object:
    """The value of a cell; a number with more digits than a spreadsheet keeps becomes a text."""
    is_long = isinstance(value, Decimal) and len(value.as_tuple().digits) > EXACT_DIGITS
    return as_read(value) if is_long else value


def _summary_cells(form: ReportForm) -> Iterator[str | WorkbookCell]:
    yield cn_date(form.requirements.due_on)
    yield _build_cell(form, "narrative")
    count = len(form.requirements.remaining)
    yield f"{count} 项" if count else "没有"
    for name in ("rest", "pace", *OVERALL_TEXTS):
        if name in form.fields:
            yield _build_cell(form, name)
        else:
            yield "没有" if name == "rest" else "由牵头单位填写"


def _build_cell(form: ReportForm, name: str, label: str = "") -> str | WorkbookCell:
    """The open cell of a form field, or a locked text where its value is too long for a cell."""
    control, stored = form.fields[name], form.initial.get(name)
    if isinstance(stored, str) and len(stored) > MAX_IN_A_CELL:
        return TOO_LONG
    choices = _choices_by_label(control)
    value = _label_of(choices, stored) if choices else _value_in_cell(control, stored)
    return WorkbookCell(name, label or str(control.label), value, choices)


def _label_of(choices: dict[str, str | bool], stored: object) -> str:
    labels = (label for label, value in choices.items() if value == stored)
    return next(labels, "") if stored else ""


def _value_in_cell(control: forms.Field, stored: object) -> object:
    return _exact(stored) if isinstance(control, forms.DecimalField) else stored or ""


def _choices_by_label(control: forms.Field) -> dict[str, str | bool]:
    """Label -> value of a field with choices; empty for any other field."""
    if isinstance(control, forms.BooleanField):
        return {"是": True, "否": False}
    return {label: value for value, label in choices_of(control).items() if value}
