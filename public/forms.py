from django import forms

from common.text.wording import cn_quarter
from common.time.quarters import Quarter
from common.ui.form_fields import UNKNOWN, PlainForm
from public.read_models.plan_snapshot import Choice
from tasks.models import Plan


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

    def selected_quarter(self) -> Quarter | None:
        year, _, number = self.cleaned_data.get("quarter", "").partition("-")
        return Quarter(int(year), int(number)) if number else None


def asked_of(request, choice: Choice) -> tuple[Plan | None, ChoiceForm]:
    """The document asked for; what cannot be understood is said in the form, and the newest is shown."""
    plan = next((each for each in choice.plans if each.slug == request.GET.get("plan")), choice.newest)
    given = request.GET.copy()
    if plan and not given.get("plan"):
        given["plan"] = plan.slug
    form = ChoiceForm(choice, given)
    form.is_valid()
    return plan, form
