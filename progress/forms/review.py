"""The supervisor's forms on a submitted report: assessing, agreeing and returning."""

from collections.abc import Mapping
from typing import Any

from django import forms

from common.ui.form_fields import PlainForm
from progress.actions.reviews import Verdict
from progress.choices import Confidence, Method, Pace
from progress.forms.parts import lines, pace_choices
from progress.requirements.report import ReportRequirements


def _how_field() -> forms.ChoiceField:
    """How it was checked. Nothing is chosen beforehand: the public reads it as a statement."""
    return forms.ChoiceField(
        label="核查方式",
        choices=Method.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "请选择核查方式：您是怎么核查的。"},
    )


class VerdictForm(PlainForm):
    """The supervisor's assessment of a report, and of single commitments where it differs."""

    pace = forms.ChoiceField(label="督查核定", choices=pace_choices(Pace), widget=forms.RadioSelect)
    how = _how_field()
    confidence = forms.ChoiceField(
        label="把握程度",
        choices=Confidence.choices,
        widget=forms.RadioSelect,
        initial=Confidence.MEDIUM,
    )
    note = forms.CharField(
        label="核查意见", required=False, help_text="与单位自评不一致时须写明。", **lines(4)
    )

    def __init__(
        self,
        requirements: ReportRequirements,
        data: Mapping[str, object] | None = None,
        *,
        initial: dict[str, object] | None = None,
    ) -> None:
        super().__init__(data, initial=initial)
        self.fields["pace"].error_messages["required"] = "请选择督查核定。"
        self.findings = [
            (c, requirements.findings[c.pk])
            for c in requirements.task.commitments.all()
            if c.pk in requirements.findings
        ]
        for commitment, finding in self.findings:
            choices = [("", f"同单位自评：{finding.get_pace_display()}"), *pace_choices(Pace)]
            self.fields[f"c{commitment.pk}"] = forms.ChoiceField(
                label=commitment.text, choices=choices, required=False
            )
            self.fields[f"n{commitment.pk}"] = forms.CharField(
                label="核查意见", required=False, **lines()
            )

    def commitment_fields(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """(assessment, note) of each commitment the unit assessed."""
        return [
            (self[f"c{commitment.pk}"], self[f"n{commitment.pk}"])
            for commitment, _ in self.findings
        ]

    @property
    def has_commitment_input(self) -> bool:
        """Whether anything was typed for, or is wrong with, a single commitment."""
        return any(
            bound.value() or bound.errors for pair in self.commitment_fields() for bound in pair
        )

    def clean(self) -> dict[str, Any]:
        super().clean()
        cleaned = self.cleaned_data
        for commitment, _ in self.findings:
            if cleaned.get(f"c{commitment.pk}") and not cleaned.get(f"n{commitment.pk}"):
                self.add_error(f"n{commitment.pk}", "与单位自评不同，请写明核查意见。")
        return cleaned

    def verdict(self) -> Verdict:
        """The assessment as `verify_report` takes it."""
        cleaned = self.cleaned_data
        findings = {
            c.pk: (cleaned[f"c{c.pk}"], cleaned[f"n{c.pk}"])
            for c, _ in self.findings
            if cleaned[f"c{c.pk}"]
        }
        return Verdict(
            pace=cleaned["pace"],
            how=cleaned["how"],
            confidence=cleaned["confidence"],
            note=cleaned["note"],
            findings=findings,
        )


class AgreeForm(PlainForm):
    """Agreeing with the unit in one step: how it was checked, and how sure the supervisor is."""

    how = _how_field()
    confidence = forms.ChoiceField(
        label="把握程度",
        choices=Confidence.choices,
        widget=forms.RadioSelect,
        initial=Confidence.MEDIUM,
    )


class ReturnForm(PlainForm):
    """Returning a report or a breakdown to the unit, with a reason."""

    reason = forms.CharField(
        label="退回理由",
        help_text="填报单位会看到，请写明要改什么、补什么。",
        error_messages={"required": "退回修改请写明理由，填报单位会看到。"},
        **lines(3),
    )
