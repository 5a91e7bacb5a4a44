"""The rows of the file a unit fills in offline: it is printed from them, and what comes back is held against them.

Each answer is a field of `ReportForm`, so that page and file ask the same and refuse the same.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django import forms

from common.office.worksheet_reading import MAX_IN_A_CELL, as_read
from common.text.wording import cn_date
from progress.forms.hints import hint, printed
from progress.forms.report import WHOLE, ReportForm
from progress.models import Contribution, ProgressReport
from progress.requirements.items import RequiredNumber
from tasks.models import Commitment

ANSWERS, NUMBERS, SUMMARY = "逐条自评", "数据", "总体"
ABOUT = [("标识", 4), ("任务编号", 11), ("季度", 15), ("任务", 24)]
NARRATIVE = str(Contribution._meta.get_field("narrative").verbose_name)
REASONS = [(str(ProgressReport._meta.get_field(name).verbose_name), 24) for name in WHOLE]
REST = [("其余事项", 12), ("其余事项确认", 13)]
COLUMNS = {
    ANSWERS: [*ABOUT, ("承诺内容", 46), ("提示", 22), ("自评", 15), ("说明", 36)],
    NUMBERS: [*ABOUT, ("指标", 24), ("单位", 8), ("文件公布的目标", 40), ("实际值", 14), ("数据说明", 30)],
    SUMMARY: [
        *ABOUT,
        ("报送截止", 15),
        (NARRATIVE, 56),
        ("其余事项", 12),
        ("其余事项确认", 13),
        ("总体进展", 15),
        *REASONS,
    ],
}
YES = {"是": True, "否": False}
# Beyond this a spreadsheet's own numbers lose digits.
EXACT_DIGITS = 15
WRITTEN_KEY = re.compile(r"(\S+) (\S+) (\S+) (\S+) v([0-9]{1,9})")
TOO_LONG = "内容太长，一格放不下。请在网页上修改。"


@dataclass(frozen=True)
class Key:
    """What a row is about: `c` and a commitment, `r` and an indicator, or the whole."""

    unit: str
    task: str
    quarter: str
    about: str

    def written(self, version: int) -> str:
        return f"{self.unit} {self.task} {self.quarter} {self.about} v{version}"


def read_key(text: str) -> tuple[Key, int] | None:
    """The key and the version its row was printed from."""
    found = WRITTEN_KEY.fullmatch(text)
    return (Key(*found.groups()[:4]), int(found[5])) if found else None


@dataclass(frozen=True)
class WorkbookCell:
    """An answer: the field it belongs to, and what stands there now."""

    name: str
    label: str
    value: Any = ""
    # word -> value of the field, where there is a choice
    words: dict[str, Any] = field(default_factory=dict)
    is_percent: bool = False

    @property
    def text(self) -> str:
        return as_read(self.value)


@dataclass(frozen=True)
class WorkbookRow:
    """`cells` follow the key: text that is printed and locked, or answers."""

    key: Key
    version: int
    cells: list[str | WorkbookCell]


def rows_of(form: ReportForm) -> dict[str, list[WorkbookRow]]:
    """Title of the page -> its rows about one report."""
    asked = [(question.commitment, hint(question)) for question in form.requirements.questions]
    rest = [(commitment, "其余事项，空着的随“总体”一并确认") for commitment in form.requirements.rest]
    return {
        ANSWERS: [_answer(form, commitment, says) for commitment, says in [*asked, *rest]],
        NUMBERS: [_number(form, number) for number in form.requirements.numbers],
        SUMMARY: [_row(form, "whole", *_whole(form))],
    }


def _row(form: ReportForm, about: str, *cells: str | WorkbookCell) -> WorkbookRow:
    task, period = form.requirements.task, form.requirements.period
    key = Key(form.department.slug, task.code, period.address, about)
    quarter = period.label + ("（演示）" if period.demonstration else "")
    return WorkbookRow(key, form.initial["version"], [task.code, quarter, task.title, *cells])


def _answer(form: ReportForm, commitment: Commitment, says: str) -> WorkbookRow:
    name, note = f"c{commitment.pk}", f"n{commitment.pk}"
    return _row(form, name, commitment.text, says, _cell(form, name), _cell(form, note, f"{commitment.text} 说明"))


def _number(form: ReportForm, number: RequiredNumber) -> WorkbookRow:
    indicator = number.indicator
    name, note = f"r{indicator.pk}", f"t{indicator.pk}"
    value = _cell(form, name, value=_in_digits(form.initial.get(name)), is_percent="%" in indicator.unit)
    target = printed(number, form.requirements.period.year)
    return _row(form, name, indicator.name, indicator.unit, target, value, _cell(form, note, f"{indicator.name} 说明"))


def _in_digits(value: Decimal | str | None) -> Decimal | str | None:
    return as_read(value) if isinstance(value, Decimal) and len(value.as_tuple().digits) > EXACT_DIGITS else value


def _whole(form: ReportForm) -> Iterator[str | WorkbookCell]:
    yield cn_date(form.requirements.due_on)
    yield _cell(form, "narrative")
    rest = len(form.requirements.rest)
    yield f"{rest} 项" if rest else "没有"
    for name in ("rest", "pace", *WHOLE):
        if name in form.fields:
            yield _cell(form, name)
        else:
            yield "没有" if name == "rest" else "由牵头单位填写"


def _cell(form: ReportForm, name: str, label: str = "", **shown) -> str | WorkbookCell:
    control, now = form.fields[name], form.initial.get(name)
    if isinstance(now, str) and len(now) > MAX_IN_A_CELL:
        return TOO_LONG
    words = _words(control)
    if words:
        shown["value"] = next((word for word, value in words.items() if now and value == now), "")
    return WorkbookCell(name, label or str(control.label), **({"value": now or ""} | shown), words=words)


def _words(control: forms.Field) -> dict[str, Any]:
    if isinstance(control, forms.BooleanField):
        return YES
    return {label: value for value, label in getattr(control, "choices", ()) if value}
