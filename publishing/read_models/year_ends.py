"""Year-end verdicts (年终结论): the table in which they are prepared, and their public page."""

from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from django.db.models import Prefetch

from common.not_null import not_null
from common.text.wording import QUARTERS, number
from common.ui.chips import Chip, Segment
from departments.models import User
from progress.choices import PeriodKind
from publishing.actions.year_ends import year_end_digest, year_ends_of
from publishing.choices import OUTCOME_TONES, Outcome
from publishing.models import Publication, PublishedReading, YearEnd
from publishing.read_models.public_status import HEAVY, headline_chip
from tasks.models import Plan, Section, Task
from tasks.recusal import recusing_units


def outcome_chip(row: YearEnd, *, year: bool = False) -> Chip:
    """The chip of a verdict, with its year if `year` is set."""
    note = f"{row.year}年" if year else ""
    return Chip(
        str(row.get_verdict_display()), OUTCOME_TONES[row.verdict], note, demo=row.demonstration
    )


@dataclass(frozen=True)
class ClosingLine:
    """A task with the publications of the year, for the person who decides on its verdict.

    It states facts and suggests no verdict.
    """

    task: Task
    quarters: list[tuple[str, Chip]]
    numbers: list[str]
    row: YearEnd | None
    chip: Chip | None


def closing_lines(plan: Plan, year: int) -> list[ClosingLine]:
    """A line for each task of the plan, in its order. Four queries."""
    publications = (
        Publication.objects.current()
        .filter(period__kind=PeriodKind.QUARTER, period__year=year)
        .select_related("period")
    )
    readings = Prefetch("readings", PublishedReading.objects.select_related("indicator"))
    publications = publications.defer(*HEAVY).order_by("period__index").prefetch_related(readings)
    tasks = (
        plan.tasks.defer("search_text")
        .order_by("number")
        .prefetch_related(Prefetch("publications", publications))
    )
    rows = {row.task_id: row for row in year_ends_of(plan, year).select_related("prepared_by")}
    return [_closing_line(task, rows.get(task.pk)) for task in tasks]


def _closing_line(task: Task, row: YearEnd | None) -> ClosingLine:
    publications = list(task.publications.all())
    return ClosingLine(
        task=task,
        quarters=[
            (QUARTERS[publication.period.index], headline_chip(publication, quarter=False))
            for publication in publications
        ],
        numbers=[
            _reading_text(publication, reading)
            for publication in publications
            for reading in publication.readings.all()
        ],
        row=row,
        chip=outcome_chip(row) if row else None,
    )


def _reading_text(row: Publication, reading: PublishedReading) -> str:
    target = f" / {number(reading.target)}" if reading.target is not None else ""
    quarter = QUARTERS[row.period.index]
    return (
        f"{quarter} {reading.indicator.name} {number(reading.value)}{target}"
        f" {reading.indicator.unit}"
    )


def recused_from(plan: Plan, user: User) -> set[int]:
    """Ids of the plan's tasks on which the person may not decide, because of their own units."""
    return set(plan.tasks.answered_for_by(recusing_units(user)).values_list("pk", flat=True))


@dataclass(frozen=True)
class YearEndPage:
    """The public page of a plan's year-end verdicts; `sha256` is the digest of the download."""

    plan: Plan
    year: int
    rows: list[YearEnd]
    sha256: str

    @property
    def segments(self) -> list[Segment]:
        """The verdicts counted, as parts of a bar; outcomes that do not occur are left out."""
        counts = [
            (outcome, sum(row.verdict == outcome for row in self.rows)) for outcome in Outcome
        ]
        return [
            Segment(str(outcome.label), count, OUTCOME_TONES[outcome])
            for outcome, count in counts
            if count
        ]

    @property
    def parts(self) -> list[tuple[Section, list[tuple[YearEnd, Chip]]]]:
        """The verdicts by section of the plan, each with its chip."""
        by_section = groupby(self.rows, key=lambda row: row.task.section)
        return [
            (section, [(row, outcome_chip(row)) for row in rows]) for section, rows in by_section
        ]

    @property
    def published_at(self) -> datetime:
        return not_null(self.rows[0].published_at)  # the page shows only what is published

    @property
    def demonstration(self) -> bool:
        return any(row.demonstration for row in self.rows)


def year_end_page(plan: Plan, year: int) -> YearEndPage | None:
    """The public page of the year; None as long as its verdicts are not published. One query."""
    rows = list(year_ends_of(plan, year).filter(published_at__isnull=False))
    return YearEndPage(plan, year, rows, year_end_digest(plan, year, rows)) if rows else None


def closed_years(plan: Plan, day: date | None = None) -> list[int]:
    """Years of the plan with published verdicts, newest first; now, or by the end of `day`."""
    rows = YearEnd.objects.published_by(day).filter(task__plan=plan)
    return sorted(set(rows.values_list("year", flat=True)), reverse=True)


def year_ends_of_task(task: Task, day: date | None = None) -> list[YearEnd]:
    """The task's published verdicts, oldest year first; now, or by the end of `day`."""
    return list(YearEnd.objects.published_by(day).filter(task=task).order_by("year"))
