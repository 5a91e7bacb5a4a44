"""The fields of the report form, built from what the report requires.

They are named as in `MissingItem.about`, with t<indicator> for the note to a number.
"""

from django import forms

from common.ui.form_fields import (
    DraftCharField,
    DraftChoiceField,
    DraftNumberField,
    EachCheckedFile,
    NumberField,
)
from progress.choices import BEFORE_DUE, MUST_EXPLAIN, EvidenceKind, Pace
from progress.forms.hints import commitment_hint, note_hint, overall_rule, target_hint
from progress.forms.parts import column_label, lines, pace_choices
from progress.models import ProgressReport
from progress.requirements.items import RequiredCommitment, RequiredNumber
from progress.requirements.report import ReportRequirements
from tasks.models import Commitment

# Fields of the whole report in words: reasons that are needed in certain cases, and a request.
REASONS = ("pace_reason", "no_progress_reason", "contradiction_reason")
OVERALL_TEXTS = (*REASONS, "help_needed")
REQUIRED_MARK = "必填"
WHEN_REQUIRED = {
    "pace_reason": "总体进展与逐条自评得出的不同时，须写明。",
    "no_progress_reason": "总体进展为“本季无进展”时，须写明。",
    "contradiction_reason": "数字低于本季目标、自评却为已完成或正常推进时，须写明。",
}

Fields = dict[str, forms.Field]


class NoteField(forms.CharField):
    """The note to a commitment, needed with some self-assessments: the mark follows the chosen one.

    `mark` stands beside the label; without one of its own the note is marked as left to choice.
    """

    mark: str

    def __init__(self, commitment: Commitment, choices: list[Pace]) -> None:
        self.needed_for = [pace for pace in choices if pace in MUST_EXPLAIN]
        super().__init__(
            label="说明", required=False, help_text=note_hint(self.needed_for), **lines()
        )
        self.widget.attrs |= {
            "data-needed-by": f"c{commitment.pk}",
            "data-needed-for": " ".join(self.needed_for),
        }


class OverallPaceField(forms.ChoiceField):
    """The overall progress, which follows from a rule where it is left open."""

    mark = ""


class ReasonField(forms.CharField):
    """A reason that is needed in certain cases only; `mark` says so while it is."""

    def __init__(self, *, label: str, help_text: str, mark: str) -> None:
        super().__init__(label=label, required=False, help_text=help_text, **lines(3))
        self.mark = mark


def report_fields(requirements: ReportRequirements, *, leads: bool) -> Fields:
    """The fields of one unit's part of a report; `leads`: with those of the whole report."""
    # Without autocomplete, or browsers would restore an old version number.
    hidden = forms.HiddenInput(attrs={"autocomplete": "off"})
    fields: Fields = {"version": forms.IntegerField(widget=hidden)}
    for required in requirements.required_commitments:
        fields |= _commitment_fields(required)
    fields |= _remaining_fields(requirements.remaining)
    for number in requirements.numbers:
        fields |= _number_fields(number, requirements.period.year)
    fields["narrative"] = DraftCharField(label="进展情况、存在问题及下一步打算", **lines(8))
    if leads:
        fields |= _overall_fields(requirements)
    return fields | _evidence_fields()


def _commitment_fields(required: RequiredCommitment) -> Fields:
    commitment = required.commitment
    return {
        f"c{commitment.pk}": DraftChoiceField(
            label=commitment.text,
            choices=pace_choices(required.choices),
            widget=forms.RadioSelect,
            help_text=commitment_hint(required),
        ),
        f"n{commitment.pk}": NoteField(commitment, required.choices),
    }


def _remaining_fields(remaining: list[Commitment]) -> Fields:
    if not remaining:
        return {}
    label = f"其余 {len(remaining)} 项：正常推进"
    fields: Fields = {"rest": forms.BooleanField(label=label, required=False)}
    choices = [("", "随上面一并确认"), *pace_choices(BEFORE_DUE)]
    for commitment in remaining:
        fields[f"c{commitment.pk}"] = forms.ChoiceField(
            label=commitment.text, choices=choices, required=False
        )
        fields[f"n{commitment.pk}"] = NoteField(commitment, BEFORE_DUE)
    return fields


def _number_fields(number: RequiredNumber, year: int) -> Fields:
    indicator = number.indicator
    field_class = DraftNumberField if number.required else NumberField
    return {
        f"r{indicator.pk}": field_class(
            label=f"{indicator.name}（{indicator.unit}）",
            required=number.required,
            in_percent=indicator.is_in_percent,
            min_value=None if number.may_be_negative else 0,
            error_messages={
                "invalid": f"{indicator.name}请填写数字，例如 4000 或 12.5。",
                "min_value": f"{indicator.name}不能小于 0。",
            },
            help_text=target_hint(number, year),
        ),
        f"t{indicator.pk}": forms.CharField(label="数据说明", max_length=200, required=False),
    }


def _overall_fields(requirements: ReportRequirements) -> Fields:
    suggested = requirements.suggested_pace
    rule = f"按逐条自评得出：{Pace(suggested).label}" if suggested else "按逐条自评得出"
    fields: Fields = {
        "pace": OverallPaceField(
            label="总体进展",
            choices=[("", rule), *pace_choices(Pace)],
            widget=forms.RadioSelect,
            required=False,
            help_text=f"{overall_rule()}另选其他的，请写明原因。",
        )
    }
    missing = {item.about for item in requirements.own_missing_items()}
    for name in OVERALL_TEXTS:
        mark = REQUIRED_MARK if name in missing else ""
        fields[name] = _overall_text(name, mark)
    fields["help_needed"].help_text = "需要区领导或其他单位协调的事项，督查室会看到。"
    return fields


def _overall_text(name: str, mark: str) -> forms.CharField:
    """The field of one text; `mark`: that of a text which is needed in certain cases only."""
    label = column_label(ProgressReport, name)
    if name in WHEN_REQUIRED:
        return ReasonField(label=label, help_text=WHEN_REQUIRED[name], mark=mark)
    return forms.CharField(label=label, required=False, **lines(3))


def _evidence_fields() -> Fields:
    return {
        "files": EachCheckedFile(label="上传材料"),
        "kind": DraftChoiceField(
            label="材料种类",
            choices=EvidenceKind.choices,
            widget=forms.RadioSelect,
            initial=EvidenceKind.MATERIAL,
            help_text="盖章报告表是打印、签字、盖章后的扫描件，不对外公开。",
        ),
        "caption": forms.CharField(label="材料说明", max_length=200, required=False),
        "is_public": forms.BooleanField(
            label="这些材料可以公开",
            required=False,
            help_text="公布后任何人都能下载。含个人信息或内部内容的不要勾选。",
        ),
    }
