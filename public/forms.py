"""The form that chooses a plan and a quarter, for 总览 and its staff version."""

from django import forms

from common.text.wording import cn_quarter
from common.time.quarters import Quarter
from common.ui.form_fields import UNKNOWN, PlainForm
from public.read_models.plan_snapshot import PlanChoices
from tasks.models import Plan


class PlanQuarterForm(PlainForm):
    """Which plan and which quarter; both may be left open."""

    plan = forms.ChoiceField(label="文件", required=False, error_messages=UNKNOWN)
    quarter = forms.ChoiceField(label="季度", required=False, error_messages=UNKNOWN)

    def __init__(self, choices: PlanChoices, data=None):
        super().__init__(data)
        self.fields["plan"].choices = [(plan.slug, plan.name) for plan in choices.plans]
        self.fields["quarter"].choices = [
            ("", "最近的"),
            *((f"{year}-{index}", cn_quarter(year, index)) for year, index in choices.quarters),
        ]

    def selected_quarter(self) -> Quarter | None:
        """The valid choice, or None for the newest; only after validation."""
        year, _, number = self.cleaned_data.get("quarter", "").partition("-")
        return Quarter(int(year), int(number)) if number else None


def bind_choice_form(request, choices: PlanChoices) -> tuple[Plan | None, PlanQuarterForm]:
    """The requested plan, else the newest, and the form bound to the query of the request.

    A plan or quarter that does not exist is an error of the form; the newest is shown with it.
    """
    slug = request.GET.get("plan")
    plan = next((plan for plan in choices.plans if plan.slug == slug), choices.newest)
    query = request.GET.copy()
    if plan and not query.get("plan"):
        query["plan"] = plan.slug
    form = PlanQuarterForm(choices, query)
    form.is_valid()
    return plan, form
