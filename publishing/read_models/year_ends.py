"""年终结论: the staff's sheet of a year, and 上年度完成情况 as the public reads it."""

from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from django.db.models import Prefetch, QuerySet

from common.text.wording import QUARTERS, number
from common.time.days import day_end
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
    note = f"{row.year}年" if year else ""
    return Chip(str(row.get_verdict_display()), OUTCOME_TONES[row.verdict], note, demo=row.demonstration)


@dataclass(frozen=True)
class ClosingLine:
    """A task with what its quarters said, for the person who decides; nothing here suggests a verdict."""

    task: Task
    quarters: list[tuple[str, Chip]]
    numbers: list[str]
    row: YearEnd | None
    chip: Chip | None


def closing_lines(plan: Plan, year: int) -> list[ClosingLine]:
    """Every task of the plan: four queries."""
    shown = (
        Publication.objects.current()
        .filter(period__kind=PeriodKind.QUARTER, period__year=year)
        .select_related("period")
    )
    numbers = Prefetch("readings", PublishedReading.objects.select_related("indicator"))
    shown = shown.defer(*HEAVY).order_by("period__index").prefetch_related(numbers)
    tasks = plan.tasks.defer("search_text").order_by("number")
    rows = {row.task_id: row for row in year_ends_of(plan, year).select_related("prepared_by")}
    return [_line(task, rows.get(task.pk)) for task in tasks.prefetch_related(Prefetch("publications", shown))]


def _line(task: Task, row: YearEnd | None) -> ClosingLine:
    published = list(task.publications.all())
    return ClosingLine(
        task=task,
        quarters=[(QUARTERS[each.period.index], headline_chip(each, quarter=False)) for each in published],
        numbers=[_said(each, reading) for each in published for reading in each.readings.all()],
        row=row,
        chip=outcome_chip(row) if row else None,
    )


def _said(row: Publication, reading: PublishedReading) -> str:
    against = f" / {number(reading.target)}" if reading.target is not None else ""
    when = QUARTERS[row.period.index]
    return f"{when} {reading.indicator.name} {number(reading.value)}{against} {reading.indicator.unit}"


def recused_from(plan: Plan, user: User) -> set[int]:
    """Ids of the plan's tasks whose last word is another person's to say."""
    return set(plan.tasks.answered_for_by(recusing_units(user)).values_list("pk", flat=True))


@dataclass(frozen=True)
class YearEndPage:
    """The verdicts of a plan's year as published; `sha256` is the digest of the download."""

    plan: Plan
    year: int
    rows: list[YearEnd]
    sha256: str

    @property
    def segments(self) -> list[Segment]:
        counted = [(word, sum(row.verdict == word for row in self.rows)) for word in Outcome]
        return [Segment(str(word.label), count, OUTCOME_TONES[word]) for word, count in counted if count]

    @property
    def parts(self) -> list[tuple[Section, list[tuple[YearEnd, Chip]]]]:
        by_section = groupby(self.rows, key=lambda row: row.task.section)
        return [(section, [(row, outcome_chip(row)) for row in rows]) for section, rows in by_section]

    @property
    def published_at(self) -> datetime:
        return self.rows[0].published_at

    @property
    def demonstration(self) -> bool:
        return any(row.demonstration for row in self.rows)


def year_end_page(plan: Plan, year: int) -> YearEndPage | None:
    """None until it was published. One query."""
    rows = list(year_ends_of(plan, year).filter(published_at__isnull=False))
    return YearEndPage(plan, year, rows, year_end_digest(plan, year, rows)) if rows else None


def published_by(rows: QuerySet[YearEnd], day: date | None) -> QuerySet[YearEnd]:
    return rows.filter(published_at__lt=day_end(day)) if day else rows.filter(published_at__isnull=False)


def closed_years(plan: Plan, day: date | None = None) -> list[int]:
    """Years of the plan with published verdicts, newest first; now, or as of a day."""
    rows = published_by(YearEnd.objects.filter(task__plan=plan), day)
    return sorted(set(rows.values_list("year", flat=True)), reverse=True)


def year_ends_of_task(task: Task, day: date | None = None) -> list[tuple[YearEnd, Chip]]:
    """Its published last words, oldest year first; now, or as of a day."""
    rows = published_by(task.year_ends.all(), day).order_by("year")
    return [(row, outcome_chip(row, year=True)) for row in rows]
