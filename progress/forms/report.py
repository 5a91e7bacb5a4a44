"""The form of one unit's part of a report, built from what the report requires."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from common.ui.chips import Chip
from common.ui.form_fields import LONGEST_NUMBER, PlainForm
from common.ui.form_parts import control_id
from departments.models import Department
from progress.actions.reports import Filing
from progress.choices import Pace
from progress.forms.questions import NumberQuestion, question_about
from progress.forms.report_fields import (
    OVERALL_TEXTS,
    REASONS,
    REQUIRED_MARK,
    NoteField,
    report_fields,
)
from progress.forms.stored_values import stored_values
from progress.requirements.report import MissingItem, ReportRequirements
from progress.rules import verdicts
from tasks.models import Commitment


@dataclass(frozen=True)
class Answer:
    """The fields of one commitment: self-assessment and note, and what was last published of it."""

    commitment: Commitment
    pace: forms.BoundField
    note: forms.BoundField
    before: Chip | None


class ReportForm(PlainForm):
    """One unit's part of a report; the overall fields are there for the lead unit only.

    Its fields are those of `report_fields`.
    """

    def __init__(
        self,
        requirements: ReportRequirements,
        department: Department,
        data: Mapping[str, object] | None = None,
        files: MultiValueDict[str, UploadedFile] | None = None,
    ) -> None:
        self.requirements, self.department = requirements, department
        self.leads = requirements.is_led_by(department)
        # Name -> (text typed there that is no answer, the reason). A draft keeps such text; an
        # uploaded workbook is refused for it.
        self.unparsed: dict[str, tuple[str, str]] = {}
        super().__init__(data, files, initial=stored_values(requirements, department))
        self.fields |= report_fields(requirements, leads=self.leads)
        self._mark_needed_notes()

    def _mark_needed_notes(self) -> None:
        for commitment in self.requirements.commitments:
            note = self.fields[f"n{commitment.pk}"]
            pace = self[f"c{commitment.pk}"].value()
            if isinstance(note, NoteField) and pace in note.needed_for:
                note.mark = REQUIRED_MARK

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

    def _answers(self, commitments: Iterable[Commitment], before: dict[int, Chip]) -> list[Answer]:
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

    def questions(self) -> list[NumberQuestion]:
        """On the numbers as they were sent, else as they are stored."""
        answers = self.cleaned_data if hasattr(self, "cleaned_data") else self.initial
        year = self.requirements.period.year
        asked = (
            question_about(row, value, year)
            for row in self.requirements.numbers
            if isinstance(value := answers.get(f"r{row.indicator.pk}"), Decimal)
        )
        return list(filter(None, asked))

    def reasons(self) -> list[forms.BoundField]:
        """The reasons that are needed in certain cases only; for the lead unit."""
        return [self[name] for name in REASONS] if self.leads else []

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
        items = self._blocking_items(today) if self.leads else self._items_of_all_units()
        return [(self._control_id(item.about), item.sentence) for item in items]

    def _blocking_items(self, today: date) -> list[MissingItem]:
        return [item for item in self.requirements.missing_items(today) if item.blocks]

    def _items_of_all_units(self) -> list[MissingItem]:
        lead_only = ("narrative", "pace", *OVERALL_TEXTS)
        items = self.requirements.own_missing_items()
        return [item for item in items if item.about not in lead_only]

    def no_longer_awaited(self, today: date) -> list[str]:
        """For the lead unit: sentences on what is missing and, on this day, no longer blocks."""
        if not self.leads:
            return []
        return [item.sentence for item in self.requirements.missing_items(today) if not item.blocks]

    @property
    def needs_signature(self) -> bool:
        """Whether the unit's next step is to send the report to be signed, not to submit it."""
        return self.leads and self.requirements.lead_unit.signs_reports

    @property
    def has_new_input(self) -> bool:
        """Whether anything was typed or attached; what only describes a file does not count."""
        about_files = {"kind", "caption", "is_public", "files"}
        return bool(set(self.changed_data) - about_files or self.cleaned_data.get("files"))

    def prefill(self, values: dict[str, object]) -> None:
        """Fills empty fields with these values, which are saved only when the form is sent."""
        empty = {name for name in values if self.initial.get(name) in (None, "")}
        self.initial.update({name: values[name] for name in empty})

    def _control_id(self, name: str) -> str:
        return control_id(self[name]) if name in self.fields else ""

    def add_missing_items(self, missing_items: list[MissingItem]) -> None:
        """Adds each missing item as an error of its field, or of the form where it has none."""
        for item in missing_items:
            self.add_error(item.about if item.about in self.fields else None, item.sentence)

    def rebase_on_stored(self) -> "ReportForm":
        """Takes the stored version as the one read, so that the next save overwrites it."""
        assert isinstance(self.data, QueryDict), "only what a page sent can be behind"
        data = self.data.copy()
        data[self.add_prefix("version")] = str(self.initial["version"])
        self.data = data
        return self

    def clean(self) -> dict[str, Any]:
        super().clean()
        cleaned = self.cleaned_data
        for commitment in self.requirements.commitments:
            self._set_aside_note(f"c{commitment.pk}", f"n{commitment.pk}")
        for number in self.requirements.numbers:
            self._set_aside_number(f"r{number.indicator.pk}", f"t{number.indicator.pk}")
        if self.errors and cleaned.get("files"):
            self.add_error("files", "还有问题需要更正，这次没有保存，请重新选择文件。")
        return cleaned

    def _set_aside_note(self, pace: str, note: str) -> None:
        """Moves a note without its self-assessment into `unparsed`."""
        cleaned = self.cleaned_data
        if cleaned.get(note) and cleaned.get(pace) == "":
            self.unparsed[note] = (cleaned[note], "写了说明，请同时选择进展。")

    def _set_aside_number(self, value: str, note: str) -> None:
        """Moves text that is no number, and a note without its number, into `unparsed`."""
        cleaned = self.cleaned_data
        typed = str(self.data.get(self.add_prefix(value), ""))
        if value in self.errors and len(typed) <= LONGEST_NUMBER:
            self.unparsed[value] = (typed, " ".join(map(str, self.errors.pop(value))))
            cleaned[value] = None
        if cleaned.get(note) and cleaned.get(value) is None:
            self.unparsed[note] = (cleaned[note], "写了数据说明，请同时填写数字。")

    def filing(self) -> Filing:
        """What `save_draft` is to save: only answers that were changed here.

        So a colleague's answers stay under the colleague's name.
        """
        cleaned = self.cleaned_data
        filing = Filing(
            narrative=cleaned["narrative"],
            findings=self._unconfirmed_remaining() | self._changed_findings(),
            remaining_on_course=cleaned.get("rest", False),
            unparsed={name: typed for name, (typed, _) in self.unparsed.items()},
            readings=self._changed_readings(),
        )
        if not self.leads:
            return filing
        return replace(
            filing,
            pace=cleaned["pace"] or self._suggested_pace(filing.findings),
            **{name: cleaned[name] for name in OVERALL_TEXTS},
        )

    def _changed_findings(self) -> dict[int, tuple[str, str]]:
        cleaned = self.cleaned_data
        ids = self._changed_ids("cn", [row.pk for row in self.requirements.commitments])
        return {pk: (cleaned[f"c{pk}"], cleaned[f"n{pk}"]) for pk in ids}

    def _changed_readings(self) -> dict[int, tuple[Decimal | None, str]]:
        cleaned = self.cleaned_data
        ids = self._changed_ids("rt", [row.indicator.pk for row in self.requirements.numbers])
        return {pk: (cleaned[f"r{pk}"], cleaned[f"t{pk}"]) for pk in ids}

    def _changed_ids(self, kinds: str, ids: list[int]) -> list[int]:
        """Those of the ids of which a field was changed; `kinds`: the letters before the id."""
        changed = set(self.changed_data)
        return [pk for pk in ids if changed & {f"{kind}{pk}" for kind in kinds}]

    def _unconfirmed_remaining(self) -> dict[int, tuple[str, str]]:
        """Empty answers for remaining commitments that were confirmed before and are not now."""
        if self.cleaned_data.get("rest") or "rest" not in self.changed_data:
            return {}
        findings = self.requirements.findings.items()
        by_default = {pk for pk, finding in findings if finding.by_default}
        remaining = {commitment.pk for commitment in self.requirements.remaining}
        return dict.fromkeys(by_default & remaining, ("", ""))

    def _confirmed_remaining(self) -> dict[int, str]:
        """Commitment id -> on course, for remaining commitments that are confirmed all at once."""
        if not self.cleaned_data.get("rest"):
            return {}
        ids = (commitment.pk for commitment in self.requirements.remaining)
        return {pk: Pace.ON_COURSE for pk in ids if f"n{pk}" not in self.unparsed}

    def _suggested_pace(self, findings: dict[int, tuple[str, str]]) -> str:
        """The overall progress the rule gives for the findings as they will be after saving."""
        by_default = self._confirmed_remaining()
        stored = self.requirements.findings.items()
        paces = by_default | {pk: finding.pace for pk, finding in stored}
        for pk, (pace, _) in findings.items():
            paces[pk] = pace or by_default.get(pk, "")
        return verdicts.overall(filter(None, paces.values()))
