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
