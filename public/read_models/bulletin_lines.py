"""One line of a quarter's bulletin: what was published of a task, in whose words, how late, what became of it since."""

import json
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property

from django.db.models import Prefetch

from common.text.wording import number
from common.time.days import local_day
from common.ui.chips import Chip
from progress.choices import PUBLIC_TRAJECTORY, Reporting
from progress.models import ReportingPeriod
from progress.rules import verdicts
from publishing.models import Publication, PublishedReading
from publishing.read_models.public_status import (
    HEAVY,
    NO_PATH,
    NO_STATEMENT,
    dimension_chips,
    headline_chip,
    trajectory_chip,
)
from tasks.choices import ResponsibilityBasis, ResponsibilityKind, TargetDirection
from tasks.models import Task

# Appended to the name of a unit that is proposed, not confirmed.
UNCONFIRMED_LABEL = ResponsibilityBasis.PROPOSED.label
NOBODY_CONFIRMED = "责任单位：待确认"


@dataclass(frozen=True)
class NumberLine:
    """A published number beside what its quarter was to reach. Where nothing was printed, nothing is expected."""

    task: Task
    reading: PublishedReading
    chip: Chip

    @property
    def counted(self) -> str:
        return self.reading.indicator.get_mode_display()

    @property
    def plan(self) -> str:
        """不少于4000, of a range 10至12; empty without a printed or confirmed value."""
        row = self.reading
        if row.target is None:
            return ""
        upper = f"至{number(row.target_max)}" if row.target_max is not None else ""
        silent = row.target_direction in ("", TargetDirection.EXACTLY, TargetDirection.RANGE)
        return f"{'' if silent else row.get_target_direction_display()}{number(row.target)}{upper}"

    @property
    def gap(self) -> Decimal | None:
        return verdicts.deviation(self.reading.value, self.reading.target, self.reading.target_max)

    @property
    def gap_in_words(self) -> str:
        return f"{'+' if self.gap > 0 else ''}{number(self.gap)}" if self.gap is not None else ""

    @property
    def standing(self) -> str:
        return PUBLIC_TRAJECTORY[self.reading.trajectory] if self.reading.target is not None else NO_PATH


@dataclass(frozen=True)
class RevisionLine:
    """A revision that followed a published one: what the state was and is; of one taken down only the law."""

    row: Publication
    old: Chip
    new: Chip

    @property
    def why(self) -> str:
        if self.row.taken_down_at:
            return f"依法撤下，依据{self.row.taken_down_basis}"
        return self.row.why


@dataclass(frozen=True)
class BulletinLine:
    publication: Publication
    chip: Chip
    reporting: Chip
    revisions: list[RevisionLine] = field(default_factory=list)

    @property
    def task(self) -> Task:
        return self.publication.task

    @cached_property
    def sealed(self) -> dict:
        return json.loads(self.publication.content)

    @property
    def units(self) -> list[str]:
        """Who answers for it, by the names of the day; a unit that nobody confirmed carries its label."""
        asked = [unit for unit in self.sealed.get("units", []) if unit["kind"] != ResponsibilityKind.SUPPORTING.label]
        return [
            f"{unit['name']}（{UNCONFIRMED_LABEL}）" if unit["basis"] == UNCONFIRMED_LABEL else unit["name"]
            for unit in asked
        ]

    @property
    def self_word(self) -> str:
        return self.publication.get_self_pace_display() or "没有自评"

    @property
    def assessed_word(self) -> str:
        return self.publication.get_assessment_pace_display() or (
            "待核查" if self.publication.self_pace else "没有核定"
        )

    @property
    def why(self) -> list[tuple[str, str]]:
        """(who, words): the supervisor's if there are any, else the units' own; never ours."""
        row = self.publication
        if row.assessment_note:
            return [(row.assessor_unit, row.assessment_note)]
        said = [(part["unit"], part["text"]) for part in self.sealed.get("narratives", [])]
        return said or [("", NO_STATEMENT)]

    @property
    def due_on(self) -> date:
        return self.publication.extended_to or self.publication.period.due_on

    @property
    def days_late(self) -> int:
        """Calendar days between the day that held for it and its first filing; 0 for what is not late."""
        row = self.publication
        if row.reporting != Reporting.LATE or row.first_filed_at is None:
            return 0
        return (local_day(row.first_filed_at) - self.due_on).days

    @property
    def numbers(self) -> list[NumberLine]:
        demo = self.publication.demonstration
        rows = self.publication.readings.all()
        return [NumberLine(self.task, row, trajectory_chip(row.trajectory, demo=demo)) for row in rows]


def lines_by_period(periods: list[ReportingPeriod], day: date | None) -> dict[int, list[BulletinLine]]:
    """The lines of each period as they stand, or stood at the end of a day. Three queries."""
    readings = PublishedReading.objects.select_related("indicator").order_by("indicator__order")
    rows = Publication.objects.as_of(day).filter(period__in=periods).select_related("period", "task__section")
    rows = rows.defer("narrative", "task__search_text", "task__text").prefetch_related(Prefetch("readings", readings))
    since = _revisions(periods, day)
    found: dict[int, list[BulletinLine]] = {period.pk: [] for period in periods}
    for row in rows.order_by("task__number"):
        later = since[row.task_id, row.period_id]
        found[row.period_id].append(
            BulletinLine(row, headline_chip(row, quarter=False), dimension_chips(row)[0][1], later)
        )
    return found


def _revisions(periods: list[ReportingPeriod], day: date | None) -> dict[tuple[int, int], list[RevisionLine]]:
    """By (task, period), each with the state it replaced."""
    rows = Publication.objects.published_by(day).filter(period__in=periods).select_related("period", "task")
    found, before = defaultdict(list), {}
    for row in rows.defer(*HEAVY, "task__search_text", "task__text").order_by("revision"):
        key, chip = (row.task_id, row.period_id), headline_chip(row, quarter=False)
        if key in before:
            found[key].append(RevisionLine(row, before[key], chip))
        before[key] = chip
    return found
