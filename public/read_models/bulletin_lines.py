"""The lines of a bulletin: one published task each, with its numbers and later revisions."""

import json
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import Prefetch

from common.text.wording import number
from common.time.days import local_day
from common.ui.chips import Chip
from progress.choices import PUBLIC_TRAJECTORY, Reporting, Trajectory
from progress.models import ReportingPeriod
from progress.rules import verdicts
from publishing.models import Publication, PublishedReading, YearEnd
from publishing.read_models.commitment_status import NO_STATEMENT
from publishing.read_models.headlines import conclusions_by_year
from publishing.read_models.public_status import (
    HEAVY,
    NO_PATH,
    dimension_chips,
    headline_chip,
    in_passing,
    trajectory_chip,
)
from tasks.choices import ResponsibilityBasis, ResponsibilityKind
from tasks.models import Task

UNCONFIRMED_LABEL = ResponsibilityBasis.PROPOSED.label
NO_CONFIRMED_UNIT = "责任单位：待确认"


@dataclass(frozen=True)
class NumberLine:
    """A published number beside the target of its quarter, if there is one."""

    task: Task
    reading: PublishedReading
    chip: Chip

    @property
    def mode_label(self) -> str:
        """How the number is counted: per quarter, cumulative or at the end."""
        return self.reading.indicator.get_mode_display()

    @property
    def plan(self) -> str:
        """The target in words, such as 不少于4000 or 10至12; empty without one."""
        return self.reading.target_in_words

    @property
    def deviation(self) -> Decimal | None:
        return verdicts.deviation(self.reading.value, self.reading.target, self.reading.target_max)

    @property
    def deviation_label(self) -> str:
        return (
            f"{'+' if self.deviation > 0 else ''}{number(self.deviation)}"
            if self.deviation is not None
            else ""
        )

    @property
    def trajectory_label(self) -> str:
        """The trajectory in public words; a number without a target has none."""
        return (
            PUBLIC_TRAJECTORY[Trajectory(self.reading.trajectory)]
            if self.reading.target is not None
            else NO_PATH
        )


@dataclass(frozen=True)
class RevisionLine:
    """A revision after the first, with the state before and since.

    Of a revision that was taken down only the legal basis is given.
    """

    row: Publication
    old: Chip
    new: Chip

    @property
    def why(self) -> str:
        """Why the revision was made, or on what legal basis it was taken down."""
        if self.row.taken_down_at:
            return f"依法撤下，依据{self.row.taken_down_basis}"
        return self.row.why


@dataclass(frozen=True)
class BulletinLine:
    """What was published of one task in one quarter, and the year-end conclusion beside it."""

    publication: Publication
    chip: Chip
    reporting: Chip
    conclusion: YearEnd | None = None
    revisions: list[RevisionLine] = field(default_factory=list)

    @property
    def task(self) -> Task:
        return self.publication.task

    @cached_property
    def content(self) -> dict[str, Any]:
        """The published text whose digest the page prints."""
        return json.loads(self.publication.content)

    @property
    def units(self) -> list[str]:
        """The responsible units by their names at publication; an unconfirmed one is labelled."""
        units = self.content.get("units", [])
        responsible = [
            unit for unit in units if unit["kind"] != ResponsibilityKind.SUPPORTING.label
        ]
        return [
            f"{unit['name']}（{UNCONFIRMED_LABEL}）"
            if unit["basis"] == UNCONFIRMED_LABEL
            else unit["name"]
            for unit in responsible
        ]

    @property
    def year_end(self) -> str:
        """The year-end conclusion in words; empty without one."""
        return in_passing(self.conclusion)

    @property
    def self_word(self) -> str:
        return self.publication.get_self_pace_display() or "没有自评"

    @property
    def assessed_word(self) -> str:
        return self.publication.get_assessment_pace_display() or (
            "待核查" if self.publication.self_pace else "没有核定"
        )

    @property
    def assessed_phrase(self) -> str:
        """The supervisor's verdict in a sentence: 督查核定推进缓慢; without one 待核查."""
        pace = self.publication.get_assessment_pace_display()
        return f"督查核定{pace}" if pace else self.assessed_word

    @property
    def why(self) -> list[tuple[str, str]]:
        """(author, words): the supervisor's note if there is one, else the units' narratives."""
        row = self.publication
        if row.assessment_note:
            return [(row.assessor_unit, row.assessment_note)]
        narratives = [(part["unit"], part["text"]) for part in self.content.get("narratives", [])]
        return narratives or [("", NO_STATEMENT)]

    @property
    def due_on(self) -> date:
        """The day by which it was to be reported, an extension included."""
        return self.publication.extended_to or self.publication.period.due_on

    @property
    def days_late(self) -> int:
        """Calendar days from the due day, extended or not, to the first filing; 0 if not late."""
        row = self.publication
        if row.reporting != Reporting.LATE or row.first_filed_at is None:
            return 0
        return (local_day(row.first_filed_at) - self.due_on).days

    @property
    def numbers(self) -> list[NumberLine]:
        demo = self.publication.demonstration
        rows = self.publication.readings.all()
        return [
            NumberLine(self.task, row, trajectory_chip(row.trajectory, demo=demo)) for row in rows
        ]


def lines_by_period(
    periods: list[ReportingPeriod], day: date | None
) -> dict[int, list[BulletinLine]]:
    """The lines of each period, as of now or of the end of a past day. Four queries."""
    readings = PublishedReading.objects.select_related("indicator").order_by("indicator__order")
    rows = (
        Publication.objects.as_of(day)
        .filter(period__in=periods)
        .select_related("period", "task__section")
    )
    rows = rows.defer("narrative", "task__search_text", "task__text").prefetch_related(
        Prefetch("readings", readings)
    )
    by_period: dict[int, list[BulletinLine]] = {period.pk: [] for period in periods}
    lines = list(rows.order_by("task__number"))
    conclusions = conclusions_by_year({row.task_id for row in lines}, day)
    since = _revisions_by_line(periods, conclusions, day)
    for row in lines:
        conclusion = conclusions.get((row.task_id, row.period.year))
        chip = headline_chip(row, quarter=False, conclusion=conclusion)
        later = since[row.task_id, row.period_id]
        by_period[row.period_id].append(
            BulletinLine(row, chip, dimension_chips(row)[0][1], conclusion, later)
        )
    return by_period


def _revisions_by_line(
    periods: list[ReportingPeriod],
    conclusions: dict[tuple[int, int], YearEnd],
    day: date | None,
) -> dict[tuple[int, int], list[RevisionLine]]:
    """Revisions after the first by (task, period), each with the state it replaced.

    `conclusions`: the year-end conclusions by (task, year), which are told beside.
    """
    rows = (
        Publication.objects.published_by(day)
        .filter(period__in=periods)
        .select_related("period", "task")
    )
    revisions: dict[tuple[int, int], list[RevisionLine]] = defaultdict(list)
    before: dict[tuple[int, int], Chip] = {}
    for row in rows.defer(*HEAVY, "task__search_text", "task__text").order_by("revision"):
        key = (row.task_id, row.period_id)
        conclusion = conclusions.get((row.task_id, row.period.year))
        chip = headline_chip(row, quarter=False, conclusion=conclusion)
        if key in before:
            revisions[key].append(RevisionLine(row, before[key], chip))
        before[key] = chip
    return revisions
