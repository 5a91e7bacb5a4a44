"""The form of a report, built from the sheet it asks about."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django import forms

from common.ui.chips import Chip
from common.ui.form_fields import CheckedFiles, NumberField, PlainForm, WantedChoice, WantedNumber, WantedText
from common.ui.form_parts import control_id
from departments.models import Department
from progress.actions.reports import Filing
from progress.choices import BEFORE_DUE, MUST_EXPLAIN, EvidenceKind, Pace
from progress.forms.hints import hint, needs_words, overall_rule, printed
from progress.forms.parts import lines, words
from progress.models import ProgressReport
from progress.requirements.items import RequiredCommitment, RequiredNumber
from progress.requirements.report import MissingItem, ReportRequirements
from progress.rules import verdicts
from tasks.models import Commitment

WHOLE = ("pace_reason", "no_progress_reason", "contradiction_reason", "help_needed")
NEEDED = "必填"
WHEN_NEEDED = {
    "pace_reason": "总体进展与逐条自评得出的不同时，须写明。",
    "no_progress_reason": "总体进展为“本季无进展”时，须写明。",
    "contradiction_reason": "数字低于本季目标、自评却为已完成或正常推进时，须写明。",
}


@dataclass(frozen=True)
class Answer:
    """One promise on the form: its words, its note, and what was last published of it."""

    commitment: Commitment
    pace: forms.BoundField
    note: forms.BoundField
    before: Chip | None


class ReportForm(PlainForm):
    """One unit's part of a report; the whole is asked of the lead only. Its names are those of `MissingItem.about`."""

    def __init__(self, requirements: ReportRequirements, department: Department, data=None, files=None):
        self.requirements, self.department = requirements, department
        self.leads = requirements.lead is not None and requirements.lead.department_id == department.pk
        # Name -> (what was typed there and is no answer, why not): a draft keeps it, the sheet of a unit refuses it.
        self.unparsed: dict[str, tuple[str, str]] = {}
        super().__init__(data, files, initial=stored(requirements, department))
        # Not to be filled in again by a browser that remembers forms.
        self.fields["version"] = forms.IntegerField(widget=forms.HiddenInput(attrs={"autocomplete": "off"}))
        for question in requirements.questions:
            self._ask(question)
        if requirements.rest:
            self._ask_rest()
        for number in requirements.numbers:
            self._ask_number(number)
        self.fields["narrative"] = WantedText(label="进展情况、存在问题及下一步打算", **lines(8))
        if self.leads:
            self._ask_whole()
        self._ask_papers()

    def _ask_papers(self) -> None:
        self.fields["files"] = CheckedFiles(label="上传材料")
        self.fields["kind"] = WantedChoice(
            label="材料种类",
            choices=EvidenceKind.choices,
            widget=forms.RadioSelect,
            initial=EvidenceKind.MATERIAL,
            help_text="盖章报告表是打印、签字、盖章后的扫描件，不对外公开。",
        )
        self.fields["caption"] = forms.CharField(label="材料说明", max_length=200, required=False)
        self.fields["is_public"] = forms.BooleanField(
            label="这些材料可以公开", required=False, help_text="公布后任何人都能下载。含个人信息或内部内容的不要勾选。"
        )

    def _ask(self, question: RequiredCommitment) -> None:
        commitment = question.commitment
        self.fields[f"c{commitment.pk}"] = WantedChoice(
            label=commitment.text, choices=words(question.words), widget=forms.RadioSelect, help_text=hint(question)
        )
        self._ask_note(commitment, question.words)

    def _ask_note(self, commitment: Commitment, choices: list[Pace]) -> None:
        """Needed with some of the verdicts: the hint says with which, the mark follows the one that is chosen."""
        needing = [pace for pace in choices if pace in MUST_EXPLAIN]
        note = forms.CharField(label="说明", required=False, help_text=needs_words(needing), **lines())
        note.widget.attrs |= {"data-needed-by": f"c{commitment.pk}", "data-needed-for": " ".join(needing)}
        self.fields[f"n{commitment.pk}"] = note
        if self[f"c{commitment.pk}"].value() in needing:
            note.mark = NEEDED

    def _ask_rest(self) -> None:
        label = f"其余 {len(self.requirements.rest)} 项：正常推进"
        self.fields["rest"] = forms.BooleanField(label=label, required=False)
        choices = [("", "随上面一并确认"), *words(BEFORE_DUE)]
        for commitment in self.requirements.rest:
            self.fields[f"c{commitment.pk}"] = forms.ChoiceField(label=commitment.text, choices=choices, required=False)
            self._ask_note(commitment, BEFORE_DUE)

    def _ask_number(self, number: RequiredNumber) -> None:
        indicator = number.indicator
        kind = WantedNumber if number.required else NumberField
        self.fields[f"r{indicator.pk}"] = kind(
            label=f"{indicator.name}（{indicator.unit}）",
            required=number.required,
            min_value=None if number.may_be_negative else 0,
            error_messages={
                "invalid": f"{indicator.name}请填写数字，例如 4000 或 12.5。",
                "min_value": f"{indicator.name}不能小于 0。",
            },
            help_text=printed(number, self.requirements.period.year),
        )
        self.fields[f"t{indicator.pk}"] = forms.CharField(label="数据说明", max_length=200, required=False)

    def _ask_whole(self) -> None:
        suggested = self.requirements.suggested_pace
        rule = f"按逐条自评得出：{Pace(suggested).label}" if suggested else "按逐条自评得出"
        self.fields["pace"] = forms.ChoiceField(
            label="总体进展",
            choices=[("", rule), *words(Pace)],
            widget=forms.RadioSelect,
            required=False,
            help_text=f"{overall_rule()}另选其他的，请写明原因。",
        )
        self.fields["pace"].mark = ""
        wanted = {missing_item.about for missing_item in self.requirements.own_missing_items()}
        for name in WHOLE:
            label = ProgressReport._meta.get_field(name).verbose_name
            self.fields[name] = forms.CharField(label=label, required=False, **lines(3))
            if name in WHEN_NEEDED:
                self.fields[name].help_text = WHEN_NEEDED[name]
                self.fields[name].mark = NEEDED if name in wanted else ""
        self.fields["help_needed"].help_text = "需要区领导或其他单位协调的事项，督查室会看到。"

    def answers(self, before: dict[int, Chip]) -> list[Answer]:
        return self._answers((question.commitment for question in self.requirements.questions), before)

    def rest_answers(self, before: dict[int, Chip]) -> list[Answer]:
        return self._answers(self.requirements.rest, before)

    def _answers(self, commitments, before) -> list[Answer]:
        return [Answer(c, self[f"c{c.pk}"], self[f"n{c.pk}"], before.get(c.pk)) for c in commitments]

    def numbers(self, before: dict[int, Decimal]) -> list[tuple[forms.BoundField, forms.BoundField, Decimal | None]]:
        """(value, note, last published value) of every indicator."""
        asked = [number.indicator.pk for number in self.requirements.numbers]
        return [(self[f"r{pk}"], self[f"t{pk}"], before.get(pk)) for pk in asked]

    def reasons(self) -> list[forms.BoundField]:
        return [self[name] for name in WHOLE[:3]] if self.leads else []

    @property
    def reasons_matter(self) -> bool:
        return any(bound.value() or bound.errors for bound in self.reasons()) or self._lacks_reason()

    def _lacks_reason(self) -> bool:
        return any(missing_item.about in WHOLE for missing_item in self.requirements.own_missing_items())

    @property
    def rest_matters(self) -> bool:
        """Whether one of the rest has a word of its own, or should have."""
        answers = self.rest_answers({})
        return any(a.pace.value() or a.pace.errors or a.note.value() or a.note.errors for a in answers)

    def missing_item_links(self, today: date) -> list[tuple[str, str]]:
        """(id of the control or "", sentence) of everything this unit still has to give, or to wait for."""
        missing_items = (
            [missing_item for missing_item in self.requirements.missing_items(today) if missing_item.blocks]
            if self.leads
            else self.requirements.own_missing_items()
        )
        others = () if self.leads else ("narrative", "pace", *WHOLE)
        return [
            (self._control(missing_item.about), missing_item.sentence)
            for missing_item in missing_items
            if missing_item.about not in others
        ]

    def no_longer_awaited(self, today: date) -> list[str]:
        """The parts that are missing and that the lead need not wait for any more."""
        return (
            [
                missing_item.sentence
                for missing_item in self.requirements.missing_items(today)
                if not missing_item.blocks
            ]
            if self.leads
            else []
        )

    @property
    def signs(self) -> bool:
        return self.leads and self.requirements.lead.department.signs_reports

    @property
    def says_anything(self) -> bool:
        """Whether something was typed that is not there yet; what describes a paper is nothing without one."""
        return bool(set(self.changed_data) - {"kind", "caption", "is_public"})

    def offer(self, values: dict) -> None:
        """Puts earlier words into the empty fields. Nothing is stored by it, so that saving takes them as typed."""
        self.initial |= {name: value for name, value in values.items() if self.initial.get(name) in (None, "")}

    def _control(self, name: str) -> str:
        return control_id(self[name]) if name in self.fields else ""

    def lacks(self, missing_items: list[MissingItem]) -> None:
        """Says at its field what keeps the report from going out."""
        for missing_item in missing_items:
            self.add_error(missing_item.about if missing_item.about in self.fields else None, missing_item.sentence)

    def onto_present(self) -> "ReportForm":
        """What was typed, on top of what is stored now: the next save is made knowing it."""
        self.data = self.data.copy()
        self.data[self.add_prefix("version")] = str(self.initial["version"])
        return self

    def clean(self):
        said = super().clean()
        for commitment in self._asked():
            pace, note = said.get(f"c{commitment.pk}"), said.get(f"n{commitment.pk}")
            if note and not pace and f"c{commitment.pk}" in said:
                self.unparsed[f"n{commitment.pk}"] = (note, "写了说明，请同时选择进展。")
        for number in self.requirements.numbers:
            self._set_aside(f"r{number.indicator.pk}", f"t{number.indicator.pk}")
        if said.get("kind") == EvidenceKind.SIGNED_FORM and said.get("is_public"):
            self.add_error("is_public", "盖章报告表不对外公开，请取消这个勾选。")
        if self.errors and said.get("files"):
            self.add_error("files", "还有问题需要更正，这次没有保存，请重新选择文件。")
        return said

    def _set_aside(self, value: str, note: str) -> None:
        """What stands where a number belongs and is none; a note without its number."""
        said = self.cleaned_data
        if value in self.errors:
            typed = str(self.data[self.add_prefix(value)]).replace("\x00", "")
            self.unparsed[value] = (typed, " ".join(self.errors.pop(value)))
            said[value] = None
        if said.get(note) and said[value] is None:
            self.unparsed[note] = (said[note], "写了数据说明，请同时填写数字。")

    def _asked(self) -> list[Commitment]:
        return [*(question.commitment for question in self.requirements.questions), *self.requirements.rest]

    def filing(self) -> Filing:
        """Only answers that were changed here, so that a colleague's stay under the colleague's name."""
        said, changed = self.cleaned_data, set(self.changed_data)
        findings = {
            c.pk: (said[f"c{c.pk}"], said[f"n{c.pk}"]) for c in self._asked() if changed & {f"c{c.pk}", f"n{c.pk}"}
        }
        whole = {name: said[name] for name in WHOLE} if self.leads else {}
        return Filing(
            narrative=said["narrative"],
            pace=(said["pace"] or self._suggested(findings)) if self.leads else "",
            findings=self._taken_back() | findings,
            rest_on_course=said.get("rest", False),
            unparsed={name: typed for name, (typed, _) in self.unparsed.items()},
            readings={
                n.indicator.pk: (said[f"r{n.indicator.pk}"], said[f"t{n.indicator.pk}"])
                for n in self.requirements.numbers
                if changed & {f"r{n.indicator.pk}", f"t{n.indicator.pk}"}
            },
            **whole,
        )

    def _taken_back(self) -> dict[int, tuple[str, str]]:
        """The rest confirmed earlier and no longer."""
        if self.cleaned_data.get("rest") or "rest" not in self.changed_data:
            return {}
        findings = self.requirements.findings
        return {c.pk: ("", "") for c in self.requirements.rest if c.pk in findings and findings[c.pk].by_default}

    def _suggested(self, findings: dict[int, tuple[str, str]]) -> str:
        """What the rule gives for the findings as they will be after saving."""
        ticked = self.requirements.rest if self.cleaned_data.get("rest") else []
        by_default = {c.pk: Pace.ON_COURSE for c in ticked if f"n{c.pk}" not in self.unparsed}
        paces = by_default | {pk: finding.pace for pk, finding in self.requirements.findings.items()}
        for pk, (pace, _) in (self._taken_back() | findings).items():
            paces[pk] = pace or by_default.get(pk, "")
        return verdicts.overall(pace for pace in paces.values() if pace)


def stored(requirements: ReportRequirements, department: Department) -> dict:
    """The fields as they stand in the database now."""
    report, contribution = requirements.report, requirements.contributions.get(department.pk)
    values = {"version": report.version if report else 0}
    values["narrative"] = contribution.narrative if contribution else ""
    own = contribution.unparsed if contribution else {}
    unparsed = {name: typed for name, typed in own.items() if name in requirements.unparsed}
    confirmed = [c.pk in requirements.findings for c in requirements.rest if f"n{c.pk}" not in unparsed]
    values |= unparsed | {"rest": bool(confirmed) and all(confirmed)}
    for pk, finding in requirements.findings.items():
        values |= {f"c{pk}": "" if finding.by_default else finding.pace, f"n{pk}": finding.note}
    for pk, reading in requirements.readings.items():
        values |= {f"r{pk}": reading.value, f"t{pk}": reading.note}
    if report:
        values |= {name: getattr(report, name) for name in WHOLE}
        # Empty follows the rule, so that the word moves with the single ones until somebody overrides it.
        values["pace"] = report.pace if report.pace != requirements.suggested_pace else ""
    return values
