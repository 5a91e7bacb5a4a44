from django import forms

from tasks.actions import MOVES
from tasks.models import Plan, Responsibility, Task


class PlanForm(forms.ModelForm):
    """What a supervisor may change on a plan; its state moves one step at a time."""

    source_url = forms.URLField(label="来源网址", required=False, assume_scheme="https")

    class Meta:
        model = Plan
        fields = ["short_title", "source_url", "tracked_from", "state"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "state" in self.fields:
            self.fields["state"].choices = [(state.value, state.label) for state in self._reachable()]

    def _reachable(self) -> list[Plan.State]:
        now = Plan.State(self.instance.state)
        ahead = {Plan.State.PUBLISHED: "publish_plan", Plan.State.ARCHIVED: "archive_plan"}
        return [now, *(state for state, move in ahead.items() if now in MOVES[move])]


class DesignationForm(forms.ModelForm):
    """督查室 names a unit; `listed` is the document's word and never ours."""

    class Meta:
        model = Responsibility
        fields = ["task", "department", "kind"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "kind" in self.fields:
            kinds = Responsibility.Kind
            self.fields["kind"].choices = [(kind.value, kind.label) for kind in (kinds.LEAD, kinds.SUPPORTING)]
            self.fields["task"].queryset = Task.objects.only("code", "title")


class ConfirmForm(forms.Form):
    """Which of the proposed tasks a supervisor confirms: those ticked, or all of a plan."""

    tasks = forms.ModelMultipleChoiceField(
        Task.objects.none(), required=False, error_messages={"invalid_choice": "有的任务已由别人指定,请刷新页面再选。"}
    )
    plan = forms.SlugField(required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        open_rows = Responsibility.objects.in_force().filter(basis=Responsibility.Basis.PROPOSED)
        self.fields["tasks"].queryset = Task.objects.filter(pk__in=open_rows.values("task"))

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("plan"):
            cleaned["tasks"] = self.fields["tasks"].queryset.filter(plan__slug=cleaned["plan"])
        if not self.errors and not cleaned.get("tasks"):
            raise forms.ValidationError("请先勾选要确认的任务。")
        return cleaned
