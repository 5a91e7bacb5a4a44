"""The form that chooses a plan and a quarter, for 总览 and its staff version."""

from django import forms
from django.http import HttpRequest, QueryDict

from common.text.wording import cn_quarter
from common.time.quarters import Quarter
from common.ui.form_fields import UNKNOWN, PlainForm
from public.read_models.plan_snapshot import PlanChoices
from tasks.models import Plan


class PlanQuarterForm(PlainForm):
    """Which plan and which quarter; both may be left open."""

    def __init__(self, choices: PlanChoices, data: QueryDict | None = None):
        super().__init__(data)
        quarters = [
            (f"{year}-{index}", cn_quarter(year, index)) for year, index in choices.quarters
        ]
        self.fields["plan"] = forms.ChoiceField(
            label="文件",
            choices=[(plan.slug, plan.name) for plan in choices.plans],
            required=False,
            error_messages=UNKNOWN,
        )
        self.fields["quarter"] = forms.ChoiceField(
            label="季度",
            choices=[("", "最近的"), *quarters],
            required=False,
            error_messages=UNKNOWN,
        )

    def selected_quarter(self) -> Quarter | None:
        """The valid choice, or None for the newest; only after validation."""
        year, _, number = self.cleaned_data.get("quarter", "").partition("-")
        return Quarter(int(year), int(number)) if number else None


def bind_choice_form(
    request: HttpRequest, choices: PlanChoices
) -> tuple[Plan | None, PlanQuarterForm]:
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
