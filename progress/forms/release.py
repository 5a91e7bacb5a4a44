from django import forms

from progress.actions import Correction
from progress.forms.parts import Difference, differences, lines, words
from progress.models import Pace, Publication, ReasonClass
from progress.models.axes import CORRECTIONS
from tasks.models import Task
from yantian_portal.lib.fields import NumberField, PlainForm


class WithholdingForm(forms.Form):
    """One line per task, filled only where a law forbids to publish it for now."""

    def __init__(self, tasks: list[Task], data=None):
        super().__init__(data)
        self.tasks = tasks
        for task in tasks:
            self.fields[f"w{task.pk}"] = forms.CharField(
                label="依法暂不公开的依据", max_length=200, required=False, help_text="写明法律法规名称和条款。"
            )

    def of(self, task: Task) -> forms.BoundField:
        return self[f"w{task.pk}"]

    def withheld(self) -> dict[int, str]:
        return {task.pk: self.cleaned_data[f"w{task.pk}"] for task in self.tasks if self.cleaned_data[f"w{task.pk}"]}


class CorrectionForm(PlainForm):
    """The right values beside the published ones; what is left as it is stays as published."""

    def __init__(self, publication: Publication, data=None):
        self.readings = list(publication.readings.select_related("indicator"))
        values = {name: getattr(publication, name) for name in ("narrative", "assessment_pace", "assessment_note")}
        super().__init__(data, initial=values | {f"r{row.indicator_id}": row.value for row in self.readings})
        self.fields["reason_class"] = forms.ChoiceField(
            label="更正原因",
            choices=[(kind.value, kind.label) for kind in map(ReasonClass, CORRECTIONS)],
            widget=forms.RadioSelect,
            error_messages={"required": "请选择更正原因。"},
        )
        self.fields["reason"] = forms.CharField(
            label="哪里错了,怎样改正",
            help_text="会随更正一起公布。",
            error_messages={"required": "请写明哪里错了。"},
            **lines(3),
        )
        for row in self.readings:
            self.fields[f"r{row.indicator_id}"] = NumberField(
                label=f"{row.indicator.name}({row.indicator.unit})",
                error_messages={"required": "数字不能留空。"},
            )
        self.fields["narrative"] = forms.CharField(label="进展情况", required=False, **lines(8))
        if publication.assessment_pace:
            self.fields["assessment_pace"] = forms.ChoiceField(label="督查核定", choices=words(Pace))
            self.fields["assessment_note"] = forms.CharField(label="核查意见", required=False, **lines(4))

    def clean(self):
        said = super().clean()
        only_papers = said.get("reason_class") == ReasonClass.EVIDENCE
        if not self.errors and not only_papers and not self.differences():
            raise forms.ValidationError("没有改动任何内容,请先改正需要更正的地方。")
        return said

    def differences(self) -> list[Difference]:
        told = {self.fields[name].label for name in ("reason_class", "reason")}
        return [row for row in differences(self) if row.label not in told]

    def correction(self) -> Correction:
        changed = set(self.changed_data)
        texts = {
            name: self.cleaned_data[name]
            for name in ("narrative", "assessment_pace", "assessment_note")
            if name in changed
        }
        numbers = [row.indicator_id for row in self.readings if f"r{row.indicator_id}" in changed]
        return Correction(**texts, readings={pk: self.cleaned_data[f"r{pk}"] for pk in numbers})
