from django import forms

from common.ui.form_fields import PlainForm
from progress.actions.reviews import Verdict
from progress.choices import Confidence, Method, Pace
from progress.forms.parts import lines, words
from progress.requirements.report import ReportRequirements


class VerdictForm(PlainForm):
    """The supervisor's word; single promises only where it differs from the unit's."""

    pace = forms.ChoiceField(label="督查核定", choices=words(Pace), widget=forms.RadioSelect)
    how = forms.ChoiceField(label="核查方式", choices=Method.choices, widget=forms.RadioSelect, initial=Method.PAPER)
    confidence = forms.ChoiceField(
        label="把握程度", choices=Confidence.choices, widget=forms.RadioSelect, initial=Confidence.MEDIUM
    )
    note = forms.CharField(label="核查意见", required=False, help_text="与单位自评不一致时须写明。", **lines(4))

    def __init__(self, requirements: ReportRequirements, data=None, *, initial=None):
        super().__init__(data, initial=initial)
        self.fields["pace"].error_messages["required"] = "请选择督查核定。"
        self.said = [
            (c, requirements.findings[c.pk])
            for c in requirements.task.commitments.all()
            if c.pk in requirements.findings
        ]
        for commitment, finding in self.said:
            choices = [("", f"同单位自评：{finding.get_pace_display()}"), *words(Pace)]
            self.fields[f"c{commitment.pk}"] = forms.ChoiceField(label=commitment.text, choices=choices, required=False)
            self.fields[f"n{commitment.pk}"] = forms.CharField(label="核查意见", required=False, **lines())

    def singles(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        return [(self[f"c{commitment.pk}"], self[f"n{commitment.pk}"]) for commitment, _ in self.said]

    @property
    def singles_matter(self) -> bool:
        return any(bound.value() or bound.errors for pair in self.singles() for bound in pair)

    def clean(self):
        said = super().clean()
        for commitment, _ in self.said:
            if said.get(f"c{commitment.pk}") and not said.get(f"n{commitment.pk}"):
                self.add_error(f"n{commitment.pk}", "与单位自评不同，请写明核查意见。")
        return said

    def verdict(self) -> Verdict:
        said = self.cleaned_data
        single = {c.pk: (said[f"c{c.pk}"], said[f"n{c.pk}"]) for c, _ in self.said if said[f"c{c.pk}"]}
        whole = {name: said[name] for name in ("pace", "how", "confidence", "note")}
        return Verdict(**whole, findings=single)


class AgreeForm(PlainForm):
    """One key: the unit's word is the supervisor's; only how sure the supervisor is stays to be said."""

    confidence = forms.ChoiceField(
        label="把握程度", choices=Confidence.choices, widget=forms.RadioSelect, initial=Confidence.MEDIUM
    )


class ReturnForm(PlainForm):
    reason = forms.CharField(
        label="退回理由",
        help_text="填报单位会看到，请写明要改什么、补什么。",
        error_messages={"required": "退回修改请写明理由，填报单位会看到。"},
        **lines(3),
    )
