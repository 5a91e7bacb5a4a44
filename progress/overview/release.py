"""What a release will say, line by line, before it says it; and what stands after."""

from dataclasses import dataclass
from datetime import datetime

from django.forms import BoundField

from progress.models import Publication, Release, ReportingPeriod, State
from progress.overview.standing import headline_chip
from progress.publishing import Line, lines_of
from tasks.models import Task
from yantian_portal.lib.chips import Chip


@dataclass(frozen=True)
class PreviewLine:
    """One task as it would be published; `withholding` is the field where a legal basis may be named."""

    task: Task
    line: Line
    chip: Chip
    withholding: BoundField


@dataclass(frozen=True)
class Preview:
    lines: list[PreviewLine]
    # Tasks nobody reported on, with the units that owe it: named, never blank.
    silent: list[tuple[Task, str]]
    unassessed: int


def preview(period: ReportingPeriod, release: Release | None, form, *, at: datetime) -> Preview:
    withheld = {row.task_id: row.legal_basis for row in release.withholdings.all()} if release else {}
    lines = lines_of(period, at=at, withheld=withheld)
    rows = [PreviewLine(line.publication.task, line, _chip(line), form.of(line.publication.task)) for line in lines]
    silent = [row for row in rows if row.line.publication.headline == State.NOT_REPORTED]
    return Preview(
        lines=rows,
        silent=[(row.task, _units(row.task)) for row in silent],
        unassessed=sum(row.line.publication.awaits_assessment for row in rows),
    )


def _chip(line: Line) -> Chip:
    return headline_chip(line.publication, quarter=False)


def _units(task: Task) -> str:
    """Staff read every owner, also one nobody confirmed yet."""
    return "、".join(row.department.short_name for row in task.answering) or "责任单位待确认"


def release_in_hand(period: ReportingPeriod) -> Release | None:
    """The one prepared or published; dropped ones are past."""
    rows = period.releases.exclude(state=Release.State.DROPPED).select_related("prepared_by", "published_by")
    return rows.prefetch_related("withholdings__task").first()


def current_lines(period: ReportingPeriod) -> list[tuple[Publication, Chip]]:
    rows = Publication.objects.current().filter(period=period).select_related("task", "period")
    return [(row, headline_chip(row, quarter=False)) for row in rows.defer("content").order_by("task__number")]
