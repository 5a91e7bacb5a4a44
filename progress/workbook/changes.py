"""What an uploaded workbook would change, by report and by cell, for people to check."""

from dataclasses import dataclass
from datetime import date

from django.db.models import TextChoices

from common.ui.chips import Chip, Tone
from progress.forms.report import ReportForm


class Kind(TextChoices):
    """What an uploaded cell would do to what is stored."""

    WRONG = "wrong", "有错"
    NEW = "new", "新填"
    CHANGED = "changed", "修改"
    SAME = "same", "不变"


TONES = {
    Kind.WRONG: Tone.LATE,
    Kind.NEW: Tone.COURSE,
    Kind.CHANGED: Tone.COURSE,
    Kind.SAME: Tone.QUIET,
}


@dataclass(frozen=True)
class CellChange:
    """One cell compared with what is stored.

    `location`: its sheet, row and column, in words. `after`: what will be kept; `typed`: what
    stands in the cell, where that is something else. `problem`: a sentence if it is wrong;
    `question`: one if it may be meant otherwise.
    """

    kind: Kind
    location: str
    label: str = ""
    before: str = ""
    after: str = ""
    typed: str = ""
    problem: str = ""
    question: str = ""

    @property
    def chip(self) -> Chip:
        return Chip(str(self.kind.label), TONES[self.kind])


@dataclass(frozen=True)
class WorkbookPart:
    """One report of the workbook: its form filled in, and the cells that concern it."""

    form: ReportForm
    changes: list[CellChange]

    @property
    def has_errors(self) -> bool:
        return any(change.kind == Kind.WRONG for change in self.changes)

    @property
    def can_be_saved(self) -> bool:
        """Whether it changes anything and has no errors."""
        return not self.has_errors and any(
            change.kind in {Kind.NEW, Kind.CHANGED} for change in self.changes
        )

    def is_ready(self, today: date) -> bool:
        """Whether it can be submitted on this day as stored: complete, and unchanged here."""
        if self.has_errors or self.can_be_saved:
            return False
        return self.form.leads and not self.form.requirements.missing(today)

    @property
    def unchanged(self) -> list[CellChange]:
        return [change for change in self.changes if change.kind == Kind.SAME]

    @property
    def changed(self) -> list[CellChange]:
        return [change for change in self.changes if change.kind != Kind.SAME]


@dataclass(frozen=True)
class WorkbookReading:
    """What a workbook would change, report by report.

    `unmatched`: rows that belong to no report of the unit, and sheets that cannot be read.
    `remarks`: sentences on changes to locked cells, which are ignored.
    """

    parts: list[WorkbookPart]
    unmatched: list[CellChange]
    remarks: list[str]

    def count(self, kind: Kind) -> int:
        """How many cells of the workbook are of this kind."""
        changes = [*self.unmatched, *(change for part in self.parts for change in part.changes)]
        return sum(change.kind == kind for change in changes)

    @property
    def unmatched_by_problem(self) -> dict[str, list[str]]:
        """Problem -> locations, so that a sheet full of another unit's rows makes one sentence."""
        locations: dict[str, list[str]] = {}
        for change in self.unmatched:
            locations.setdefault(change.problem, []).append(change.location)
        return locations

    @property
    def parts_in_order(self) -> list[WorkbookPart]:
        """Those with errors first, those without changes last."""
        return sorted(self.parts, key=lambda part: (not part.has_errors, not part.can_be_saved))
