from django import forms

from progress.overview.board import Choice
from yantian_portal.lib.fields import UNKNOWN, PlainForm
from yantian_portal.lib.wording import cn_quarter


class ChoiceForm(PlainForm):
    """Which document and which quarter; both may be left to us."""

    plan = forms.ChoiceField(label="文件", required=False, error_messages=UNKNOWN)
    quarter = forms.ChoiceField(label="季度", required=False, error_messages=UNKNOWN)

    def __init__(self, choice: Choice, data=None):
        super().__init__(data)
        self.fields["plan"].choices = [(plan.slug, plan.name) for plan in choice.plans]
        self.fields["quarter"].choices = [
            ("", "最近的"),
            *((f"{year}-{index}", cn_quarter(year, index)) for year, index in choice.quarters),
        ]

    def place(self) -> tuple[int, int] | None:
        year, _, index = self.cleaned_data.get("quarter", "").partition("-")
        return (int(year), int(index)) if index else None
