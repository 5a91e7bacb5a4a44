"""The form that chooses what is gathered for an inspection."""

from collections.abc import Mapping
from typing import Any

from django import forms

from common.ui.form_fields import UNKNOWN, DayField, PlainForm
from departments.models import Department, User
from tasks.models import Plan, Task
from workspace.exports.register import COLUMNS
from workspace.read_models.inspection import InspectionScope, tasks_in_sight

NOTHING_CHOSEN = "请选择文件、单位或任务，至少一样。"
UNKNOWN_TASK = "没有这个编号的任务，或者不在您的查看范围。编号写作 wp2013-18。"


class PlanChoiceField(forms.ModelChoiceField):
    """Plans by their short name."""

    def label_from_instance(self, plan: Plan) -> str:
        return plan.name


class InspectionForm(PlainForm):
    """At least one of document, unit and task, as far as the person may see it, and the columns."""

    plan = PlanChoiceField(
        Plan.objects.published().without_source_document(),
        label="文件",
        to_field_name="slug",
        empty_label="不限",
        required=False,
        error_messages=UNKNOWN,
    )
    department = forms.ModelChoiceField(
        Department.objects.all(),
        label="责任单位",
        to_field_name="slug",
        empty_label="不限",
        required=False,
        error_messages=UNKNOWN,
    )
    task = forms.CharField(
        label="任务编号", max_length=30, required=False, help_text="例如 wp2013-18"
    )
    columns = forms.MultipleChoiceField(
        label="台账的栏目",
        choices=[(column.key, column.head) for column in COLUMNS],
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="编号、任务和季度总在里面。一个都不选，就是全部。",
        error_messages=UNKNOWN,
    )

    def __init__(self, user: User, data: Mapping[str, object]) -> None:
        super().__init__(data)
        self.user = user

    def clean_task(self) -> Task | None:
        code = self.cleaned_data["task"].strip()
        task = tasks_in_sight(self.user).filter(code=code).first() if code else None
        if code and task is None:
            raise forms.ValidationError(UNKNOWN_TASK)
        return task

    def clean(self) -> dict[str, Any]:
        if not self.errors and not any(
            self.cleaned_data.get(name) for name in ("plan", "department", "task")
        ):
            raise forms.ValidationError(NOTHING_CHOSEN)
        return self.cleaned_data

    @property
    def scope(self) -> InspectionScope:
        """What was chosen; only of a valid form."""
        return InspectionScope(
            self.user, *(self.cleaned_data[name] for name in ("plan", "department", "task"))
        )


class SinceForm(PlainForm):
    """The day since which the meeting papers report changes."""

    since = DayField(label="从哪一天起的变化", required=False)
