"""逐项逐季度: every task of a document in every quarter of its years, section by section."""

from dataclasses import dataclass

from django.urls import reverse

from common.text.wording import QUARTERS, cn_quarter
from common.time.quarters import Quarter
from common.ui.chips import Segment, Tone
from progress.models import ReportingPeriod
from public.read_models.plan_snapshot import PlanSnapshot, TaskResult
from publishing.read_models.public_status import (
    count_states,
    headline_chip,
    headline_voice,
    publication_url,
    segments,
)
from tasks.models import Plan, Section, Task


@dataclass(frozen=True)
class MatrixCell:
    """One task in one quarter: a tone and one word; `note` marks a word of the unit's own."""

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
    """The head of one quarter; its address is empty until the quarter is released."""

    label: str
    url: str
    demonstration: bool


def matrix_heads(snapshot: PlanSnapshot) -> list[MatrixHead]:
    """The quarters of the plan as columns, oldest first."""
    return [
        _head(_label(snapshot.plan, quarter), snapshot, snapshot.periods.get(quarter))
        for quarter in snapshot.quarters
    ]


def _head(label: str, snapshot: PlanSnapshot, period: ReportingPeriod | None) -> MatrixHead:
    if period is None or period.released_at is None:
        return MatrixHead(label, "", demonstration=False)
    address = f"{reverse('public:dashboard')}?plan={snapshot.plan.slug}&quarter={period.address}"
    return MatrixHead(label, address, period.demonstration)


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
    states = [result.state for result in results if result.task.section_id == section.pk]
    rows = [
        (task, _cells(snapshot, task)) for task in snapshot.tasks if task.section_id == section.pk
    ]
    return MatrixPart(section, rows, segments(count_states(states)))


def _cells(snapshot: PlanSnapshot, task: Task) -> list[MatrixCell]:
    return [_cell(snapshot, task, quarter) for quarter in snapshot.quarters]


def _cell(snapshot: PlanSnapshot, task: Task, quarter: Quarter) -> MatrixCell:
    publication = snapshot.publication(task, quarter)
    label = _label(snapshot.plan, quarter)
    if publication is None:
        return MatrixCell(label, snapshot.unpublished(*quarter), Tone.QUIET)
    chip = headline_chip(publication, quarter=False)
    note = "自评" if publication.awaits_assessment and headline_voice(publication) else ""
    return MatrixCell(label, chip.label, chip.tone, note, publication_url(publication))
