"""The forms of supervisors: plans, designations, confirmations and each kind of change."""

import re
from datetime import date, datetime
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.datastructures import MultiValueDict

from common.files.uploads import WANTED
from common.text.wording import cn_date, cn_quarter
from common.ui.form_fields import (
    BoundedForm,
    CheckedFileField,
    NumberField,
    PlainForm,
    RowChoiceField,
    offer_choices,
    offer_rows,
)
from departments.models import Department
from ledger.actions import Actor
from tasks.actions.changes import Ground, change_due, change_lead, change_target, change_task
from tasks.actions.plans import MOVES
from tasks.choices import ChangeKind, PlanState, ResponsibilityBasis, ResponsibilityKind
from tasks.models import Commitment, Plan, Responsibility, Target, Task


class ChangeDayField(forms.DateField):
    """A day that a change of a promise names."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    default_error_messages = {
        "required": "请填写日期。",
        "invalid": "请填写日期，例如 2013-09-30。",
    }


class PlanForm(BoundedForm, forms.ModelForm):
    """What a supervisor may change on a plan; its state offers only what can follow today's."""

    source_url = forms.URLField(label="来源网址", required=False, assume_scheme="https")

    class Meta:
        model = Plan
        fields = ["short_title", "source_url", "tracked_from", "slips_public", "state"]

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if "state" in self.fields:
            states = [(state.value, state.label) for state in self._reachable_states()]
            offer_choices(self, "state", states)

    def _reachable_states(self) -> list[PlanState]:
        current = PlanState(self.instance.state)
        if not self.instance.is_public:
            # A draft is published by somebody else, and what was withdrawn stays so.
            return [current]
        actions = {PlanState.PUBLISHED: "publish_plan", PlanState.ARCHIVED: "archive_plan"}
        return [current, *(state for state, action in actions.items() if current in MOVES[action])]


class DesignationForm(BoundedForm, forms.ModelForm):
    """督查室 names a unit as lead or supporting; only a document lists units without a lead."""

    class Meta:
        model = Responsibility
        fields = ["task", "department", "kind"]

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if "kind" in self.fields:
            kinds = (ResponsibilityKind.LEAD, ResponsibilityKind.SUPPORTING)
            offer_choices(self, "kind", [(kind.value, kind.label) for kind in kinds])
            offer_rows(self, "task", Task.objects.published().only("code", "title"))


class ConfirmForm(BoundedForm, forms.Form):
    """The tasks whose proposed units a supervisor confirms: those ticked, or all of a plan."""

    tasks = forms.ModelMultipleChoiceField(
        Task.objects.none(),
        required=False,
        error_messages={"invalid_choice": "有的任务已由别人指定，请刷新页面再选。"},
    )
    plan = forms.SlugField(required=False)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        open_rows = Responsibility.objects.in_force().filter(basis=ResponsibilityBasis.PROPOSED)
        self.proposed = Task.objects.published().filter(pk__in=open_rows.values("task"))
        offer_rows(self, "tasks", self.proposed)

    def clean(self) -> dict[str, Any]:
        super().clean()
        cleaned = self.cleaned_data
        if cleaned.get("plan"):
            cleaned["tasks"] = self.proposed.filter(plan__slug=cleaned["plan"])
        if not self.errors and not cleaned.get("tasks"):
            raise forms.ValidationError("请先勾选要确认的任务。")
        return cleaned


CHOICE_REQUIRED = {"required": "请选择。"}


class GroundForm(PlainForm):
    """The fields that every change rests on; a form for each kind puts its own fields before them.

    `button` is the label of the button that makes the change, `follows` the sentence on its
    consequences. `apply` makes the change and raises what its action raises.
    """

    button = "调整"
    follows = ""
    reason = forms.CharField(
        label="调整理由",
        help_text="会公开。",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "请写明调整理由。"},
    )
    basis_document = forms.CharField(
        label="依据文件",
        max_length=200,
        help_text="名称和文号，例如：区政府常务会议纪要（2013）15号。",
        error_messages={"required": "请写明依据文件。"},
    )
    approving_body = forms.CharField(
        label="批准机关", max_length=100, error_messages={"required": "请写明批准机关。"}
    )
    approved_on = ChangeDayField(label="批准日期")
    basis_scan = CheckedFileField(
        label="依据文件扫描件", help_text=f"只供内部查看，不公开。{WANTED}"
    )

    def __init__(
        self,
        task: Task,
        data: QueryDict | None = None,
        files: MultiValueDict[str, UploadedFile] | None = None,
    ):
        self.task = task
        super().__init__(data, files)
        own_fields = [name for name in self.fields if name not in GroundForm.base_fields]
        self.order_fields([*own_fields, *GroundForm.base_fields])

    def clean_approved_on(self) -> date:
        day = self.cleaned_data["approved_on"]
        if day > timezone.localdate():
            raise forms.ValidationError("批准日期不能晚于今天。")
        return day

    def ground(self, *, demonstration: bool) -> Ground:
        """The cleaned fields as the ground that the actions ask for."""
        fields = {name: self.cleaned_data[name] for name in GroundForm.base_fields}
        return Ground(**fields, demonstration=demonstration)

    def apply(self, *, by: Actor, at: datetime, demonstration: bool) -> None:
        """Makes the change; raises Refused where its action does."""
        raise NotImplementedError


def target_label(target: Target) -> str:
    """How a target is offered for choice."""
    indicator = target.indicator
    amount = f"{target.get_direction_display()}{target.amount}{indicator.unit}"
    return f"{cn_quarter(target.year, target.quarter)}{indicator.name}：{amount}"


class TargetChangeForm(GroundForm):
    """Gives one of the task's targets another value."""

    button = "调整目标值"
    follows = "以后报送的数字对照新的目标值；已公布的季度不变。"
    target = RowChoiceField(
        label="哪个目标值",
        row_label=target_label,
        empty_label="请选择",
        error_messages=CHOICE_REQUIRED,
    )
    value = NumberField(label="新的目标值", error_messages={"required": "请填写新的目标值。"})
    value_max = NumberField(label="新的上限", required=False, help_text="目标是一个范围的才填写。")

    def __init__(self, task: Task, *args: Any, **kwargs: Any):
        super().__init__(task, *args, **kwargs)
        targets = Target.objects.in_force().filter(indicator__task=task)
        targets = targets.select_related("indicator")
        offer_rows(self, "target", targets)
        self._take_percent_signs(targets)

    def _take_percent_signs(self, targets: QuerySet[Target]) -> None:
        """Lets the new values be typed with a percent sign where the chosen target counts so."""
        key = str(self.data.get(self.add_prefix("target"), ""))
        chosen = targets.filter(pk=int(key)).first() if re.fullmatch("[0-9]{1,9}", key) else None
        for name in ("value", "value_max"):
            field = self.fields[name]
            assert isinstance(field, NumberField)
            field.in_percent = chosen is not None and chosen.indicator.is_in_percent

    def clean(self) -> dict[str, Any]:
        super().clean()
        cleaned = self.cleaned_data
        value, upper = cleaned.get("value"), cleaned.get("value_max")
        if value is not None and upper is not None and upper <= value:
            self.add_error("value_max", "上限要大于目标值。")
        return cleaned

    def apply(self, *, by: Actor, at: datetime, demonstration: bool) -> None:
        fields = {name: self.cleaned_data[name] for name in ("target", "value", "value_max")}
        change_target(**fields, ground=self.ground(demonstration=demonstration), by=by, at=at)


class DueChangeForm(GroundForm):
    """Gives one of the task's commitments another due date."""

    button = "调整期限"
    follows = "以后的季度按新的期限填报和核查；已公布的季度不变。"
    commitment = RowChoiceField(
        label="哪一条承诺",
        empty_label="请选择",
        error_messages=CHOICE_REQUIRED,
    )
    due_on = ChangeDayField(label="新的期限")

    def __init__(self, task: Task, *args: Any, **kwargs: Any):
        super().__init__(task, *args, **kwargs)
        commitments = task.commitments.prefetch_related("due_changes")
        offer_rows(self, "commitment", commitments, row_label=self._commitment_label)

    def _commitment_label(self, commitment: Commitment) -> str:
        due_day = commitment.due_day(self.task.plan)
        return f"{commitment.text[:40]}（现在的期限：{cn_date(due_day)}）"

    def apply(self, *, by: Actor, at: datetime, demonstration: bool) -> None:
        fields = {name: self.cleaned_data[name] for name in ("commitment", "due_on")}
        change_due(**fields, ground=self.ground(demonstration=demonstration), by=by, at=at)


class LeadChangeForm(GroundForm):
    """Gives the task another lead unit."""

    button = "调整牵头单位"
    follows = "以后由新的牵头单位报送；原牵头单位报送过的保留。"
    department = forms.ModelChoiceField(
        Department.objects.filter(valid_to=None),
        label="新的牵头单位",
        empty_label="请选择",
        error_messages=CHOICE_REQUIRED,
    )

    def apply(self, *, by: Actor, at: datetime, demonstration: bool) -> None:
        ground = self.ground(demonstration=demonstration)
        change_lead(
            task=self.task, department=self.cleaned_data["department"], ground=ground, by=by, at=at
        )


class EndForm(GroundForm):
    """Ends the task."""

    button = "终止任务"
    follows = "批准日期以后开始的季度不再要求报送；任务页面和以前各季的内容保留。"
    kind = ChangeKind.END

    def apply(self, *, by: Actor, at: datetime, demonstration: bool) -> None:
        successor_tasks, ground = (
            self.cleaned_data.get("successors", ()),
            self.ground(demonstration=demonstration),
        )
        change_task(
            task=self.task, kind=self.kind, successors=successor_tasks, ground=ground, by=by, at=at
        )


class SplitForm(EndForm):
    """Splits the task among several others."""

    button = "拆分任务"
    kind = ChangeKind.SPLIT
    successors = forms.ModelMultipleChoiceField(
        Task.objects.none(),
        label="由哪些任务承接",
        help_text="可以多选。",
        error_messages={"required": "请选择承接的任务。"},
    )

    def __init__(self, task: Task, *args: Any, **kwargs: Any):
        super().__init__(task, *args, **kwargs)
        other_tasks = Task.objects.published().exclude(pk=task.pk).only("code", "title")
        offer_rows(self, "successors", other_tasks.order_by("-plan__starts_on", "number"))


class MergeTaskForm(SplitForm):
    """Merges the task into another."""

    button = "合并任务"
    kind = ChangeKind.MERGE

    def __init__(self, task: Task, *args: Any, **kwargs: Any):
        super().__init__(task, *args, **kwargs)
        self.fields["successors"].label = "并入哪项任务"
        self.fields["successors"].help_text = "只选一项。"


CHANGE_FORMS: dict[str, type[GroundForm]] = {
    ChangeKind.TARGET: TargetChangeForm,
    ChangeKind.DATE: DueChangeForm,
    ChangeKind.LEAD: LeadChangeForm,
    ChangeKind.MERGE: MergeTaskForm,
    ChangeKind.SPLIT: SplitForm,
    ChangeKind.END: EndForm,
}
