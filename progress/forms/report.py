"""The form of one unit's part of a report, built from what the report requires."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django import forms

from common.ui.chips import Chip
from common.ui.form_fields import (
    CheckedFiles,
    DraftCharField,
    DraftChoiceField,
    DraftNumberField,
    NumberField,
    PlainForm,
)
from common.ui.form_parts import control_id
from departments.models import Department
from progress.actions.reports import Filing
from progress.choices import BEFORE_DUE, MUST_EXPLAIN, EvidenceKind, Pace
from progress.forms.hints import commitment_hint, note_hint, overall_rule, target_hint
from progress.forms.parts import lines, pace_choices
from progress.models import ProgressReport
from progress.requirements.items import RequiredCommitment, RequiredNumber
from progress.requirements.report import MissingItem, ReportRequirements
from progress.rules import verdicts
from tasks.models import Commitment

# Fields of the whole report in words; the first three are reasons, needed in certain cases only.
OVERALL_TEXTS = ("pace_reason", "no_progress_reason", "contradiction_reason", "help_needed")
REQUIRED_MARK = "必填"
WHEN_REQUIRED = {
    "pace_reason": "总体进展与逐条自评得出的不同时，须写明。",
    "no_progress_reason": "总体进展为“本季无进展”时，须写明。",
    "contradiction_reason": "数字低于本季目标、自评却为已完成或正常推进时，须写明。",
}


@dataclass(frozen=True)
class Answer:
    """The fields of one commitment: self-assessment and note, and what was last published of it."""

    commitment: Commitment
    pace: forms.BoundField
    note: forms.BoundField
    before: Chip | None


class ReportForm(PlainForm):
    """One unit's part of a report; the overall fields are there for the lead unit only.

    Fields are named as in `MissingItem.about`, with t<indicator> for the note to a number.
    """

    def __init__(
        self, requirements: ReportRequirements, department: Department, data=None, files=None
    ):
        self.requirements, self.department = requirements, department
        self.leads = (
            requirements.lead is not None and requirements.lead.department_id == department.pk
        )
        # Name -> (text typed there that is no answer, the reason). A draft keeps such text; an
        # uploaded workbook is refused for it.
        self.unparsed: dict[str, tuple[str, str]] = {}
        super().__init__(data, files, initial=stored_values(requirements, department))
        # Without autocomplete, or browsers would restore an old version number.
        self.fields["version"] = forms.IntegerField(
            widget=forms.HiddenInput(attrs={"autocomplete": "off"})
        )
        for required in requirements.required_commitments:
            self._add_commitment_fields(required)
        if requirements.remaining:
            self._add_remaining_fields()
        for number in requirements.numbers:
            self._add_number_fields(number)
        self.fields["narrative"] = DraftCharField(
            label="进展情况、存在问题及下一步打算", **lines(8)
        )
        if self.leads:
            self._add_overall_fields()
        self._add_evidence_fields()

    def _add_evidence_fields(self) -> None:
        self.fields["files"] = CheckedFiles(label="上传材料")
        self.fields["kind"] = DraftChoiceField(
            label="材料种类",
            choices=EvidenceKind.choices,
            widget=forms.RadioSelect,
            initial=EvidenceKind.MATERIAL,
            help_text="盖章报告表是打印、签字、盖章后的扫描件，不对外公开。",
        )
        self.fields["caption"] = forms.CharField(label="材料说明", max_length=200, required=False)
        self.fields["is_public"] = forms.BooleanField(
            label="这些材料可以公开",
            required=False,
            help_text="公布后任何人都能下载。含个人信息或内部内容的不要勾选。",
        )

    def _add_commitment_fields(self, required: RequiredCommitment) -> None:
        commitment = required.commitment
        self.fields[f"c{commitment.pk}"] = DraftChoiceField(
            label=commitment.text,
            choices=pace_choices(required.choices),
            widget=forms.RadioSelect,
            help_text=commitment_hint(required),
        )
        self._add_note_field(commitment, required.choices)

    def _add_note_field(self, commitment: Commitment, choices: list[Pace]) -> None:
        """The note is required with some choices: the mark follows the one that is selected."""
        requiring = [pace for pace in choices if pace in MUST_EXPLAIN]
        note = forms.CharField(
            label="说明", required=False, help_text=note_hint(requiring), **lines()
        )
        note.widget.attrs |= {
            "data-needed-by": f"c{commitment.pk}",
            "data-needed-for": " ".join(requiring),
        }
        self.fields[f"n{commitment.pk}"] = note
        if self[f"c{commitment.pk}"].value() in requiring:
            note.mark = REQUIRED_MARK

    def _add_remaining_fields(self) -> None:
        label = f"其余 {len(self.requirements.remaining)} 项：正常推进"
        self.fields["rest"] = forms.BooleanField(label=label, required=False)
        choices = [("", "随上面一并确认"), *pace_choices(BEFORE_DUE)]
        for commitment in self.requirements.remaining:
            self.fields[f"c{commitment.pk}"] = forms.ChoiceField(
                label=commitment.text, choices=choices, required=False
            )
            self._add_note_field(commitment, BEFORE_DUE)

    def _add_number_fields(self, number: RequiredNumber) -> None:
        indicator = number.indicator
        field_class = DraftNumberField if number.required else NumberField
        self.fields[f"r{indicator.pk}"] = field_class(
            label=f"{indicator.name}（{indicator.unit}）",
            required=number.required,
            min_value=None if number.may_be_negative else 0,
            error_messages={
                "invalid": f"{indicator.name}请填写数字，例如 4000 或 12.5。",
                "min_value": f"{indicator.name}不能小于 0。",
            },
            help_text=target_hint(number, self.requirements.period.year),
        )
        self.fields[f"t{indicator.pk}"] = forms.CharField(
            label="数据说明", max_length=200, required=False
        )

    def _add_overall_fields(self) -> None:
        suggested = self.requirements.suggested_pace
        rule = f"按逐条自评得出：{Pace(suggested).label}" if suggested else "按逐条自评得出"
        self.fields["pace"] = forms.ChoiceField(
            label="总体进展",
            choices=[("", rule), *pace_choices(Pace)],
            widget=forms.RadioSelect,
            required=False,
            help_text=f"{overall_rule()}另选其他的，请写明原因。",
        )
        self.fields["pace"].mark = ""
        missing = {item.about for item in self.requirements.own_missing_items()}
        for name in OVERALL_TEXTS:
            label = ProgressReport._meta.get_field(name).verbose_name
            self.fields[name] = forms.CharField(label=label, required=False, **lines(3))
            if name in WHEN_REQUIRED:
                self.fields[name].help_text = WHEN_REQUIRED[name]
                self.fields[name].mark = REQUIRED_MARK if name in missing else ""
        self.fields["help_needed"].help_text = "需要区领导或其他单位协调的事项，督查室会看到。"

    def answers(self, before: dict[int, Chip]) -> list[Answer]:
        """The fields of each required commitment.

        `before`: commitment id -> chip of what was last published.
        """
        return self._answers(
            (required.commitment for required in self.requirements.required_commitments), before
        )

    def remaining_answers(self, before: dict[int, Chip]) -> list[Answer]:
        """The fields of each remaining commitment.

        `before`: commitment id -> chip of what was last published.
        """
        return self._answers(self.requirements.remaining, before)

    def _answers(self, commitments, before) -> list[Answer]:
        return [
            Answer(c, self[f"c{c.pk}"], self[f"n{c.pk}"], before.get(c.pk)) for c in commitments
        ]

    def numbers(
        self, before: dict[int, Decimal]
    ) -> list[tuple[forms.BoundField, forms.BoundField, Decimal | None]]:
        """(value, note, last published value) of every indicator.

        `before`: indicator id -> last published value.
        """
        indicators = [number.indicator.pk for number in self.requirements.numbers]
        return [(self[f"r{pk}"], self[f"t{pk}"], before.get(pk)) for pk in indicators]

    def reasons(self) -> list[forms.BoundField]:
        """The reasons that are needed in certain cases only; for the lead unit."""
        return [self[name] for name in OVERALL_TEXTS[:3]] if self.leads else []

    @property
    def has_reason_input(self) -> bool:
        """Whether a reason was given, has an error or is missing, so that the fields open."""
        is_missing = any(
            item.about in OVERALL_TEXTS for item in self.requirements.own_missing_items()
        )
        return is_missing or any(bound.value() or bound.errors for bound in self.reasons())

    @property
    def has_remaining_input(self) -> bool:
        """Whether a remaining commitment has an answer of its own, or an error."""
        answers = self.remaining_answers({})
        return any(
            a.pace.value() or a.pace.errors or a.note.value() or a.note.errors for a in answers
        )

    def missing_item_links(self, today: date) -> list[tuple[str, str]]:
        """(id of the control or "", sentence) of everything missing that concerns the unit.

        For the lead unit what blocks the report on this day; for the others what does not belong
        to the lead alone.
        """
        if self.leads:
            items = [item for item in self.requirements.missing_items(today) if item.blocks]
        else:
            lead_only = ("narrative", "pace", *OVERALL_TEXTS)
            items = [
                item
                for item in self.requirements.own_missing_items()
                if item.about not in lead_only
            ]
        return [(self._control_id(item.about), item.sentence) for item in items]

    def no_longer_awaited(self, today: date) -> list[str]:
        """For the lead unit: sentences on what is missing and, on this day, no longer blocks."""
        if not self.leads:
            return []
        return [item.sentence for item in self.requirements.missing_items(today) if not item.blocks]

    @property
    def needs_signature(self) -> bool:
        """Whether the unit's next step is to send the report to be signed, not to submit it."""
        return self.leads and self.requirements.lead.department.signs_reports

    @property
    def has_new_input(self) -> bool:
        """Whether anything was typed or attached; what only describes a file does not count."""
        return bool(set(self.changed_data) - {"kind", "caption", "is_public"})

    def prefill(self, values: dict) -> None:
        """Fills empty fields with these values, which are saved only when the form is sent."""
        self.initial |= {
            name: value for name, value in values.items() if self.initial.get(name) in (None, "")
        }

    def _control_id(self, name: str) -> str:
        return control_id(self[name]) if name in self.fields else ""

    def add_missing_items(self, missing_items: list[MissingItem]) -> None:
        """Adds each missing item as an error of its field, or of the form where it has none."""
        for item in missing_items:
            self.add_error(item.about if item.about in self.fields else None, item.sentence)

    def rebase_on_stored(self) -> "ReportForm":
        """Takes the stored version as the one read, so that the next save overwrites it."""
        self.data = self.data.copy()
        self.data[self.add_prefix("version")] = str(self.initial["version"])
        return self

    def clean(self):
        cleaned = super().clean()
        for commitment in self.requirements.commitments:
            pace, note = cleaned.get(f"c{commitment.pk}"), cleaned.get(f"n{commitment.pk}")
            if note and not pace and f"c{commitment.pk}" in cleaned:
                self.unparsed[f"n{commitment.pk}"] = (note, "写了说明，请同时选择进展。")
        for number in self.requirements.numbers:
            self._set_aside_number(f"r{number.indicator.pk}", f"t{number.indicator.pk}")
        if cleaned.get("kind") == EvidenceKind.SIGNED_FORM and cleaned.get("is_public"):
            self.add_error("is_public", "盖章报告表不对外公开，请取消这个勾选。")
        if self.errors and cleaned.get("files"):
            self.add_error("files", "还有问题需要更正，这次没有保存，请重新选择文件。")
        return cleaned

    def _set_aside_number(self, value: str, note: str) -> None:
        """Moves text that is no number, and a note without its number, into `unparsed`."""
        cleaned = self.cleaned_data
        if value in self.errors:
            typed = str(self.data[self.add_prefix(value)]).replace("\x00", "")
            self.unparsed[value] = (typed, " ".join(self.errors.pop(value)))
            cleaned[value] = None
        if cleaned.get(note) and cleaned[value] is None:
            self.unparsed[note] = (cleaned[note], "写了数据说明，请同时填写数字。")

    def filing(self) -> Filing:
        """What `save_draft` is to save: only answers that were changed here.

        So a colleague's answers stay under the colleague's name.
        """
        cleaned, changed = self.cleaned_data, set(self.changed_data)
        findings = {
            c.pk: (cleaned[f"c{c.pk}"], cleaned[f"n{c.pk}"])
            for c in self.requirements.commitments
            if changed & {f"c{c.pk}", f"n{c.pk}"}
        }
        overall_texts = {name: cleaned[name] for name in OVERALL_TEXTS} if self.leads else {}
        return Filing(
            narrative=cleaned["narrative"],
            pace=(cleaned["pace"] or self._suggested_pace(findings)) if self.leads else "",
            findings=self._unconfirmed_remaining() | findings,
            remaining_on_course=cleaned.get("rest", False),
            unparsed={name: typed for name, (typed, _) in self.unparsed.items()},
            readings={
                n.indicator.pk: (cleaned[f"r{n.indicator.pk}"], cleaned[f"t{n.indicator.pk}"])
                for n in self.requirements.numbers
                if changed & {f"r{n.indicator.pk}", f"t{n.indicator.pk}"}
            },
            **overall_texts,
        )

    def _unconfirmed_remaining(self) -> dict[int, tuple[str, str]]:
        """Empty answers for remaining commitments that were confirmed before and are not now."""
        if self.cleaned_data.get("rest") or "rest" not in self.changed_data:
            return {}
        findings = self.requirements.findings
        return {
            c.pk: ("", "")
            for c in self.requirements.remaining
            if c.pk in findings and findings[c.pk].by_default
        }

    def _suggested_pace(self, findings: dict[int, tuple[str, str]]) -> str:
        """The overall progress the rule gives for the findings as they will be after saving."""
        ticked = self.requirements.remaining if self.cleaned_data.get("rest") else []
        by_default = {c.pk: Pace.ON_COURSE for c in ticked if f"n{c.pk}" not in self.unparsed}
        paces = by_default | {
            pk: finding.pace for pk, finding in self.requirements.findings.items()
        }
        for pk, (pace, _) in (self._unconfirmed_remaining() | findings).items():
            paces[pk] = pace or by_default.get(pk, "")
        return verdicts.overall(pace for pace in paces.values() if pace)


def stored_values(requirements: ReportRequirements, department: Department) -> dict:
    """The values of the form's fields as stored now."""
    report, contribution = requirements.report, requirements.contributions.get(department.pk)
    values = {"version": report.version if report else 0}
    values["narrative"] = contribution.narrative if contribution else ""
    own = contribution.unparsed if contribution else {}
    unparsed = {name: typed for name, typed in own.items() if name in requirements.unparsed}
    confirmed = [
        c.pk in requirements.findings for c in requirements.remaining if f"n{c.pk}" not in unparsed
    ]
    values |= unparsed | {"rest": bool(confirmed) and all(confirmed)}
    for pk, finding in requirements.findings.items():
        values |= {f"c{pk}": "" if finding.by_default else finding.pace, f"n{pk}": finding.note}
    for pk, reading in requirements.readings.items():
        values |= {f"r{pk}": reading.value, f"t{pk}": reading.note}
    if report:
        values |= {name: getattr(report, name) for name in OVERALL_TEXTS}
        # Empty means by the rule: it follows the findings until the lead unit overrides it.
        values["pace"] = report.pace if report.pace != requirements.suggested_pace else ""
    return values
