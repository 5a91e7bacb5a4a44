"""Forms of corrections (更正): propose the right words of one voice, or return a proposal."""

from collections.abc import Mapping
from typing import Any

from django import forms

from common.ui.form_fields import NumberField, PlainForm
from progress.choices import Pace
from progress.forms.parts import FieldDifference, differences, lines, pace_choices
from publishing.actions.corrections import Correction
from publishing.choices import CORRECTIONS, ReasonClass, Voice
from publishing.models import Publication

# Fields about the correction itself; the others hold published content.
REASON_FIELDS = ("reason_class", "reason")


class ProseField(forms.CharField):
    """A text that counts as unchanged when only the browser's line ends differ."""

    def has_changed(self, initial: str | None, data: str | None) -> bool:
        before, after = (text or "" for text in (initial, data))
        return super().has_changed(before.replace("\r\n", "\n"), after.replace("\r\n", "\n"))


class CorrectionForm(PlainForm):
    """The published content of one voice, to be corrected, and the reason for it."""

    def __init__(
        self, publication: Publication, voice: str, data: Mapping[str, object] | None = None
    ) -> None:
        unit = voice == Voice.UNIT
        self.readings = list(publication.readings.select_related("indicator")) if unit else []
        values = {
            name: getattr(publication, name)
            for name in ("narrative", "assessment_pace", "assessment_note")
        }
        super().__init__(
            data, initial=values | {f"r{row.indicator_id}": row.value for row in self.readings}
        )
        self._add_reason_fields()
        if unit:
            self._add_unit_fields()
        else:
            self.fields["assessment_pace"] = forms.ChoiceField(
                label="督查核定", choices=pace_choices(Pace)
            )
            self.fields["assessment_note"] = ProseField(
                label="核查意见", required=False, **lines(4)
            )

    def _add_reason_fields(self) -> None:
        self.fields["reason_class"] = forms.ChoiceField(
            label="更正原因",
            choices=[(kind.value, str(kind.label).removeprefix("更正：")) for kind in CORRECTIONS],
            widget=forms.RadioSelect,
            error_messages={"required": "请选择更正原因。"},
        )
        self.fields["reason"] = forms.CharField(
            label="哪里错了，怎样改正",
            help_text="会随更正一起公布。",
            error_messages={"required": "请写明哪里错了。"},
            **lines(3),
        )

    def _add_unit_fields(self) -> None:
        for row in self.readings:
            self.fields[f"r{row.indicator_id}"] = NumberField(
                label=f"{row.indicator.name}（{row.indicator.unit}）",
                in_percent=row.indicator.is_in_percent,
                error_messages={"required": "数字不能留空。"},
            )
        empty = {"required": "进展情况不能留空。"}
        self.fields["narrative"] = ProseField(label="进展情况", error_messages=empty, **lines(8))

    def clean(self) -> dict[str, Any]:
        super().clean()
        cleaned = self.cleaned_data
        only_evidence_is_wrong = cleaned.get("reason_class") == ReasonClass.EVIDENCE
        if not self.errors and not only_evidence_is_wrong and not self.differences():
            raise forms.ValidationError("没有改动任何内容，请先改正需要更正的地方。")
        return cleaned

    def differences(self) -> list[FieldDifference]:
        """The published content that was changed, without the reason of the correction."""
        reason_labels = {self.fields[name].label for name in REASON_FIELDS}
        return [row for row in differences(self) if row.label not in reason_labels]

    def correction(self) -> Correction:
        """The fields that were changed, as the action takes them."""
        changed = {name: self.cleaned_data[name] for name in self.changed_data}
        ids = (row.indicator_id for row in self.readings)
        return Correction(
            narrative=changed.get("narrative"),
            readings={pk: changed[f"r{pk}"] for pk in ids if f"r{pk}" in changed},
            assessment_pace=changed.get("assessment_pace"),
            assessment_note=changed.get("assessment_note"),
        )


class ReturnCorrectionForm(PlainForm):
    """Why a proposed correction is returned."""

    reason = forms.CharField(
        label="退回理由",
        help_text="提出的人会看到。",
        error_messages={"required": "退回更正请写明理由，提出的人会看到。"},
        **lines(3),
    )
