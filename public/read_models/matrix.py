"""逐项逐季度: every task of a document in every quarter of its years, section by section."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse

from common.text.wording import QUARTERS, cn_quarter
from common.time.quarters import Quarter
from common.ui.chips import Segment, Tone
from progress.models import ReportingPeriod
from public.read_models.plan_snapshot import PlanSnapshot, TaskResult
from publishing.read_models.headlines import words_of, year_end_word
from publishing.read_models.public_status import (
    count_states,
    headline_chip,
    headline_voice,
    publication_url,
    segments,
)
from publishing.read_models.year_ends import outcome_chip
from tasks.models import Plan, Section, Task


@dataclass(frozen=True)
class MatrixCell:
    """One task in one column: a tone and one word; `note` marks a word of the unit's own."""

    label: str
    word: str
    tone: Tone
    note: str = ""
    url: str = ""


@dataclass(frozen=True)
class MatrixPart:
    """One section of the matrix.

    `segments` count its states in the chosen quarter; there are none where nothing was released.
    """

    section: Section
    rows: list[tuple[Task, list[MatrixCell]]]
    segments: list[Segment]


@dataclass(frozen=True)
class MatrixHead:
    """The head of a column; that of a quarter has no address until the quarter is released."""

    label: str
    url: str
    demonstration: bool


def matrix_heads(snapshot: PlanSnapshot) -> list[MatrixHead]:
    """The quarters of the plan as columns, oldest first, each year with its conclusion at its end.

    Without published conclusions on a year its column is left out.
    """
    return [
        _head(_label(snapshot.plan, column), snapshot, snapshot.periods.get(column))
        if isinstance(column, Quarter)
        else _year_end_head(snapshot, column)
        for column in matrix_columns(snapshot)
    ]


def matrix_columns(snapshot: PlanSnapshot) -> Iterator[Quarter | int]:
    """The quarters of the plan, and after each year with published conclusions that year."""
    for quarter in snapshot.quarters:
        yield quarter
        if quarter.number == 4 and quarter.year in snapshot.concluded_years:
            yield quarter.year


def _head(label: str, snapshot: PlanSnapshot, period: ReportingPeriod | None) -> MatrixHead:
    if period is None or period.released_at is None:
        return MatrixHead(label, "", demonstration=False)
    address = f"{reverse('public:dashboard')}?plan={snapshot.plan.slug}&quarter={period.address}"
    return MatrixHead(label, address, period.demonstration)


def _year_end_head(snapshot: PlanSnapshot, year: int) -> MatrixHead:
    is_sample = any(
        row.demonstration for (_, of_year), row in snapshot.conclusions.items() if of_year == year
    )
    label = year_end_word(year, snapshot.plan)
    return MatrixHead(label, _year_end_address(snapshot, year), is_sample)


def _year_end_address(snapshot: PlanSnapshot, year: int) -> str:
    return reverse("public:year-end", args=[snapshot.plan.slug, year])


def _label(plan: Plan, quarter: Quarter) -> str:
    return (
        cn_quarter(*quarter)
        if plan.starts_on.year != plan.ends_on.year
        else QUARTERS[quarter.number]
    )


def matrix(snapshot: PlanSnapshot, results: list[TaskResult]) -> list[MatrixPart]:
    """Section by section, in the order of the document."""
    sections = {task.section for task in snapshot.tasks}
    return [
        _part(section, snapshot, results)
        for section in sorted(sections, key=lambda section: section.number)
    ]


def _part(section: Section, snapshot: PlanSnapshot, results: list[TaskResult]) -> MatrixPart:
    own = [result.headline for result in results if result.task.section_id == section.pk]
    counts = count_states(headline.state for headline in own)
    rows = [
        (task, _cells(snapshot, task)) for task in snapshot.tasks if task.section_id == section.pk
    ]
    return MatrixPart(section, rows, segments(counts, words=words_of(own)))


def _cells(snapshot: PlanSnapshot, task: Task) -> list[MatrixCell]:
    return [
        _cell(snapshot, task, column)
        if isinstance(column, Quarter)
        else _year_end_cell(snapshot, task, column)
        for column in matrix_columns(snapshot)
    ]


def _year_end_cell(snapshot: PlanSnapshot, task: Task, year: int) -> MatrixCell:
    label, row = year_end_word(year, snapshot.plan), snapshot.conclusions.get((task.pk, year))
    if row is None:
        return MatrixCell(label, "没有结论", Tone.QUIET)
    chip = outcome_chip(row)
    return MatrixCell(label, chip.label, chip.tone, url=_year_end_address(snapshot, year))


def _cell(snapshot: PlanSnapshot, task: Task, quarter: Quarter) -> MatrixCell:
    publication = snapshot.publication(task, quarter)
    label = _label(snapshot.plan, quarter)
    if publication is None:
        return MatrixCell(label, snapshot.unpublished(*quarter), Tone.QUIET)
    chip = headline_chip(publication, quarter=False)
    note = "自评" if publication.awaits_assessment and headline_voice(publication) else ""
    return MatrixCell(label, chip.label, chip.tone, note, publication_url(publication))
