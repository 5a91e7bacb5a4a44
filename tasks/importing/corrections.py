"""What a supervisor sets right by hand before a file becomes a plan, and how it changes the draft.

The words of the document stay as they are: only what was concluded from them can be wrong.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from departments.models import Department
from tasks.choices import ResponsibilityKind
from tasks.importing.draft import PlanDraft, ResponsibilityDraft, SectionDraft, TaskDraft

# What a printed name can be beside a registered unit.
COLLECTIVE, NEW = "collective", "new"
COLLECTIVE_SIGNS = ("各", "有关", "相关", "其他", "等")


@dataclass(frozen=True)
class Corrections:
    """The facts about the document as they are to be stored.

    `units`: printed name -> short name of a registered unit, COLLECTIVE or NEW.
    """

    title: str
    slug: str
    starts_on: date
    ends_on: date
    short_title: str = ""
    document_number: str = ""
    tracked_from: date | None = None
    units: Mapping[str, str] = field(default_factory=dict)

    def as_json(self) -> dict:
        days = ("starts_on", "ends_on", "tracked_from")
        return {
            **{name: getattr(self, name) for name in TEXTS},
            **{name: day.isoformat() if (day := getattr(self, name)) else "" for name in days},
            "units": dict(self.units),
        }

    @classmethod
    def from_json(cls, stored: Mapping) -> "Corrections":
        tracked = stored["tracked_from"]
        return cls(
            **{name: stored[name] for name in TEXTS},
            starts_on=date.fromisoformat(stored["starts_on"]),
            ends_on=date.fromisoformat(stored["ends_on"]),
            tracked_from=date.fromisoformat(tracked) if tracked else None,
            units=stored["units"],
        )


TEXTS = ("title", "slug", "short_title", "document_number")


def printed_units(draft: PlanDraft) -> dict[str, int]:
    """Each unit that the document prints, with the line that names it first."""
    lines: dict[str, int] = {}
    for task in draft.tasks:
        for unit in task.responsibilities:
            lines.setdefault(unit.name, unit.line)
    return lines


def preset_unit(name: str, registered: Iterable[Department]) -> str:
    """What a printed name most probably is: a unit, a collective such as 各街道办事处, or new."""
    names = {unit.full_name: unit.short_name for unit in registered}
    if same := name if name in names.values() else names.get(name):
        return same
    return COLLECTIVE if is_collective(name) else unit_alike(name, names)


def is_collective(name: str) -> bool:
    return any(sign in name for sign in COLLECTIVE_SIGNS)


def unit_alike(name: str, names: Mapping[str, str]) -> str:
    """The one unit whose full name ends in these words, else a new one."""
    alike = [short for full, short in names.items() if full.endswith(name)]
    return alike[0] if len(alike) == 1 else NEW


def only_alike(name: str, names: Mapping[str, str]) -> str:
    """The short name of the one unit whose full name ends like this; NEW for none or several."""
    alike = [short for full, short in names.items() if full.endswith(name)]
    return alike[0] if len(alike) == 1 else NEW


def corrected(draft: PlanDraft, corrections: Corrections) -> PlanDraft:
    """The draft with the facts and the units as they are to be stored.

    Collectives stay in the wording alone; new units are added when the plan is published.
    """
    by, year = year_shift(draft, corrections), corrections.starts_on.year
    sections = tuple(
        replace(section, tasks=tuple(corrected_tasks(section, corrections, by)))
        for section in draft.sections
    )
    return replace(
        draft,
        title=corrections.title,
        document_number=corrections.document_number,
        year=year,
        sections=sections,
    )


def year_shift(draft: PlanDraft, corrections: Corrections) -> int:
    """By how many years the document was dated wrongly; 0 where it runs over its own year."""
    first, last = corrections.starts_on.year, corrections.ends_on.year
    return 0 if first <= draft.year <= last else first - draft.year


def corrected_tasks(
    section: SectionDraft, corrections: Corrections, years: int
) -> Iterator[TaskDraft]:
    for task in section.tasks:
        yield replace(
            task,
            responsibilities=tuple(matched_units(task, corrections.units)),
            milestones=tuple(replace(one, year=one.year + years) for one in task.milestones),
            commitments=tuple(replace(one, year=one.year + years) for one in task.commitments),
        )


def matched_units(task: TaskDraft, units: Mapping[str, str]) -> Iterator[ResponsibilityDraft]:
    """The registered units of a task, each once."""
    seen = set()
    for unit in units_as_stored(task):
        name = units.get(unit.name, unit.name)
        if name not in (COLLECTIVE, NEW) and name not in seen:
            seen.add(name)
            yield replace(unit, name=name)


def units_as_stored(task: TaskDraft) -> list[ResponsibilityDraft]:
    """The units of a task; of several printed leads none is the one who files, as it is stored."""
    units = task.responsibilities
    if sum(unit.kind == ResponsibilityKind.LEAD for unit in units) < 2:
        return list(units)
    listed = ResponsibilityKind.LISTED.value
    return [
        replace(unit, kind=listed) if unit.kind == ResponsibilityKind.LEAD else unit
        for unit in units
    ]


def new_units(draft: PlanDraft, corrections: Corrections) -> dict[str, list]:
    """Printed name of each new unit -> (task's number, place among its units, kind)."""
    found: dict[str, list] = {}
    for task in draft.tasks:
        for order, unit in enumerate(units_as_stored(task), 1):
            if corrections.units.get(unit.name) == NEW:
                found.setdefault(unit.name, []).append([task.number, order, unit.kind])
    return found
