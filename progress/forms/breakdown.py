from collections.abc import Iterable
from decimal import Decimal
from itertools import groupby

from django import forms

from common.text.wording import cn_quarter
from common.ui.form_fields import ConcurrentEditForm, NumberField
from progress.actions.breakdowns import Slot
from progress.forms.parts import lines
from progress.models import Breakdown
from tasks.models import Indicator

OVERTAKEN = "刚才有人提出了别的内容，见上面“现有的”。要改成您填的，请再提交一次。"


class BreakdownForm(ConcurrentEditForm):
    """A field for each quarter that may be broken down, filled with what was proposed or confirmed last."""

    def __init__(self, slots: list[Slot], rows: Iterable[Breakdown], data=None):
        self.slots = {_name(*slot.place): slot for slot in slots}
        known = {row.place: row.step if row.value is None else row.value for row in rows}
        super().__init__(data, initial={name: known.get(slot.place) for name, slot in self.slots.items()})

    def add_fields(self) -> None:
        for name, slot in self.slots.items():
            self.fields[name] = _asked(slot)

    def clean(self):
        said = super().clean()
        for name in filter(self.has_conflict, self.changed_data):
            self.add_error(name, OVERTAKEN)
        return said

    def groups(self) -> list[tuple[Indicator | None, list[forms.BoundField]]]:
        """The fields of each indicator; of a task without numbers one group without a name."""
        by_indicator = groupby(self.slots.items(), key=lambda item: item[1].indicator)
        return [(indicator, [self[name] for name, _ in items]) for indicator, items in by_indicator]

    def nodes(self) -> dict[Slot, Decimal | str]:
        """Only what was changed here; an emptied field takes nothing back."""
        said = {name: self.cleaned_data[name] for name in self.changed_data}
        return {self.slots[name]: value for name, value in said.items() if value not in (None, "")}


def _name(indicator: int | None, year: int, quarter: int) -> str:
    return f"b{indicator or 0}-{year}-{quarter}"


def _asked(slot: Slot) -> forms.Field:
    when = cn_quarter(slot.year, slot.quarter)
    if slot.indicator is None:
        return forms.CharField(label=f"{when}做到哪一步", max_length=200, required=False, **lines(2))
    least = None if "%" in slot.indicator.unit else 0
    told = {"invalid": f"{when}请填写数字，例如 40 或 12.5。", "min_value": f"{when}的数不能小于 0。"}
    label = f"{when}（{slot.indicator.unit}）"
    return NumberField(label=label, required=False, min_value=least, error_messages=told)
