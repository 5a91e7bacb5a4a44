"""The form in which a unit proposes a breakdown, one field a quarter."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from itertools import groupby
from typing import Any

from django import forms

from common.text.wording import cn_quarter
from common.ui.form_fields import ConcurrentEditForm, NumberField
from progress.actions.breakdowns import Slot
from progress.forms.parts import lines
from progress.models import Breakdown
from tasks.models import Indicator

OVERTAKEN = "刚才有人提出了别的内容，见上面“现有的”。要改成您填的，请再提交一次。"


class BreakdownForm(ConcurrentEditForm):
    """A field for each open slot, filled with the content of the last of `rows` for it."""

    def __init__(
        self, slots: list[Slot], rows: Iterable[Breakdown], data: Mapping[str, object] | None = None
    ) -> None:
        self.slots = {_field_name(*slot.key): slot for slot in slots}
        contents = {row.slot_key: row.step if row.value is None else row.value for row in rows}
        super().__init__(
            data, initial={name: contents.get(slot.key) for name, slot in self.slots.items()}
        )

    def add_fields(self) -> None:
        for name, slot in self.slots.items():
            self.fields[name] = _build_field(slot)

    def clean(self) -> dict[str, Any]:
        super().clean()
        cleaned = self.cleaned_data
        for name in filter(self.has_conflict, self.changed_data):
            self.add_error(name, OVERTAKEN)
        return cleaned

    def groups(self) -> list[tuple[Indicator | None, list[forms.BoundField]]]:
        """The fields grouped by indicator; one group without an indicator if the task has none."""
        by_indicator = groupby(self.slots.items(), key=lambda item: item[1].indicator)
        return [(indicator, [self[name] for name, _ in items]) for indicator, items in by_indicator]

    def nodes(self) -> dict[Slot, Decimal | str]:
        """What to propose: the fields that were changed; an emptied field withdraws nothing."""
        changed = {name: self.cleaned_data[name] for name in self.changed_data}
        return {
            self.slots[name]: value for name, value in changed.items() if value not in (None, "")
        }


def _field_name(indicator: int | None, year: int, quarter: int) -> str:
    return f"b{indicator or 0}-{year}-{quarter}"


def _build_field(slot: Slot) -> forms.Field:
    when = cn_quarter(slot.year, slot.quarter)
    if slot.indicator is None:
        return forms.CharField(
            label=f"{when}做到哪一步", max_length=200, required=False, **lines(2)
        )
    minimum = None if "%" in slot.indicator.unit else 0
    messages = {
        "invalid": f"{when}请填写数字，例如 40 或 12.5。",
        "min_value": f"{when}的数不能小于 0。",
    }
    label = f"{when}（{slot.indicator.unit}）"
    return NumberField(
        label=label,
        required=False,
        in_percent=slot.indicator.is_in_percent,
        min_value=minimum,
        error_messages=messages,
    )
