"""One publication as the public reads it, and all revisions of a task."""

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.db.models import Prefetch, QuerySet

from common.text.canonical import instant
from common.text.wording import number
from common.ui.chips import Chip
from progress.choices import Pace
from progress.models import Evidence
from public.read_models.data_dates import DataDate, data_date_from
from publishing.drafts import PublicationDraft
from publishing.models import Objection, Publication, PublishedFinding, PublishedReading
from publishing.querysets.evidence import published_evidence
from publishing.read_models.public_status import (
    HEAVY,
    assessed_chip,
    dimension_chips,
    finding_chip,
    headline_chip,
    self_chip,
    trajectory_chip,
)
from publishing.read_models.requests import objections_about
from tasks.choices import PlanState
from tasks.models import Task

# A release publishes every task, changed or not; so many are looked at for each line wanted.
LOOK_BACK = 10


@dataclass(frozen=True)
class FindingLine:
    row: PublishedFinding
    chip: Chip

    @property
    def differs(self) -> bool:
        return bool(self.row.assessment_pace) and self.row.assessment_pace != self.row.self_pace


@dataclass(frozen=True)
class ReadingLine:
    row: PublishedReading
    chip: Chip


@dataclass(frozen=True)
class QuarterPart:
    """What was published of one task for one quarter."""

    publication: Publication
    chip: Chip
    self_chip: Chip
    assessed_chip: Chip
    axes: list[tuple[str, Chip]]
    narratives: list[dict[str, str]]
    findings: list[FindingLine]
    readings: list[ReadingLine]
    evidence: list[Evidence]


def in_full(publications: QuerySet[Publication]) -> QuerySet[Publication]:
    """With everything `part_of` reads: three queries however many there are."""
    findings = PublishedFinding.objects.select_related("commitment").order_by("commitment__order")
    readings = PublishedReading.objects.select_related("indicator").order_by("indicator__order")
    return publications.select_related("period").prefetch_related(
        Prefetch("findings", findings), Prefetch("readings", readings)
    )


def part_of(publication: Publication, evidence: list[Evidence]) -> QuarterPart:
    narratives = json.loads(publication.content).get("narratives", [])
    return _part(publication, narratives, publication.findings.all(), publication.readings.all(), evidence)


def part_of_line(line: PublicationDraft) -> QuarterPart:
    """What a line will look like once it is published."""
    return _part(line.publication, line.narratives, line.findings, line.readings, [])


def _part(publication: Publication, narratives, findings, readings, evidence: list[Evidence]) -> QuarterPart:
    demo = publication.demonstration
    return QuarterPart(
        publication=publication,
        chip=headline_chip(publication, quarter=False),
        self_chip=self_chip(publication),
        assessed_chip=assessed_chip(publication),
        axes=dimension_chips(publication),
        narratives=narratives,
        findings=[FindingLine(row, finding_chip(publication, row)) for row in findings],
        readings=[ReadingLine(row, trajectory_chip(row.trajectory, demo=demo)) for row in readings],
        evidence=evidence,
    )


def public_evidence(task: Task) -> dict[int, list[Evidence]]:
    """Files marked public, by report."""
    found = defaultdict(list)
    rows = published_evidence().filter(contribution__report__task=task).select_related("contribution")
    for row in rows.order_by("pk"):
        found[row.contribution.report_id].append(row)
    return found


@dataclass(frozen=True)
class RevisionDifference:
    """What two revisions say differently: single words side by side, `prose` as one text with the changes marked."""

    label: str
    before: str
    after: str
    prose: bool = False


@dataclass(frozen=True)
class PublicationPage:
    task: Task
    part: QuarterPart
    current: Publication
    revisions: list[Publication]
    differences: list[RevisionDifference]
    dates: DataDate
    # Only their days and outcome are for the public; their words are not.
    objections: list[Objection]

    @property
    def superseded(self) -> bool:
        return self.current.pk != self.part.publication.pk


def publication_page(task: Task, year: int, quarter: int, revision: int) -> PublicationPage | None:
    """A superseded revision keeps its page. None where that revision was never published."""
    rows = list(in_full(task.publications.of_quarter(year, quarter)).order_by("revision"))
    found = next((row for row in rows if row.revision == revision), None)
    if found is None:
        return None
    current = next(row for row in rows if row.is_current)
    evidence = public_evidence(task).get(found.report_id, []) if found.is_current else []
    changed = differences(rows[rows.index(found) - 1], found) if found is not rows[0] else []
    dates = data_date_from([task.plan], found.data_date)
    objections = objections_about(task, found.period)
    return PublicationPage(task, part_of(found, evidence), current, rows, changed, dates, objections)


def differences(before: Publication, after: Publication) -> list[RevisionDifference]:
    """Everything that both revisions say, differently. Of one that was taken down nothing is repeated."""
    if before.taken_down_at:
        return []
    old = {(said.label, said.prose): said.after for said in _said(before)}
    return [
        replace(said, before=old[said.label, said.prose])
        for said in _said(after)
        if old.get((said.label, said.prose), said.after) != said.after
    ]


def _said(row: Publication) -> Iterable[RevisionDifference]:
    """All a revision says, each as what comes after."""
    yield RevisionDifference("公开状态", "", row.get_headline_display())
    yield RevisionDifference("单位自评", "", row.get_self_pace_display() or "没有")
    yield RevisionDifference("督查核定", "", row.get_assessment_pace_display() or "没有")
    yield RevisionDifference("报送", "", row.get_reporting_display())
    for reading in row.readings.all():
        yield RevisionDifference(reading.indicator.name, "", f"{number(reading.value)} {reading.indicator.unit}")
    for finding in row.findings.all():
        yield RevisionDifference(finding.commitment.text, "", Pace(finding.pace).label)
    if row.self_pace:
        yield from _prose(row)


def _prose(row: Publication) -> Iterable[RevisionDifference]:
    yield RevisionDifference("进展情况", "", row.narrative, prose=True)
    if row.assessment_pace:
        yield RevisionDifference("核查意见", "", row.assessment_note, prose=True)
    for finding in row.findings.all():
        yield RevisionDifference(f"单位说明：{finding.commitment.text}", "", finding.note, prose=True)
        if finding.assessment_pace:
            yield RevisionDifference(f"核查意见：{finding.commitment.text}", "", finding.assessment_note, prose=True)


def tombstone_of(row: Publication) -> dict[str, str | int]:
    """All a program may learn of a revision that was taken down."""
    return {
        "taken_down": True,
        "revision": row.revision,
        "legal_basis": row.taken_down_basis,
        "taken_down_at": instant(row.taken_down_at),
        "sha256": row.sha256,
        "demonstration": row.demonstration,
    }


@dataclass(frozen=True)
class Vanishing:
    """What nobody will read any more once a line has been taken down."""

    revisions: list[Publication]
    papers: list[Evidence]


def vanishing(publication: Publication) -> Vanishing:
    """Every revision that is not a tombstone yet, and the evidence that is public with them. Two queries."""
    rows = Publication.objects.readable().filter(task=publication.task, period=publication.period)
    rows = rows.select_related("task", "period").defer(*HEAVY, "task__search_text").order_by("revision")
    papers = published_evidence().filter(contribution__report=publication.report_id).order_by("pk")
    return Vanishing(list(rows), list(papers))


def revisions_of(task: Task) -> list[tuple[Publication, Chip]]:
    """Every publication of a task, newest first."""
    rows = task.publications.select_related("period").defer("content", "narrative")
    rows = rows.order_by("-period__year", "-period__index", "-revision")
    return [(row, headline_chip(row, quarter=False)) for row in rows]


@dataclass(frozen=True)
class PublicationChange:
    """One line of what changed: the state before and after; `old` is None for a first publication."""

    publication: Publication
    old: Chip | None
    new: Chip


def newest_changes(limit: int = 10) -> list[PublicationChange]:
    """The newest publications that changed a state, with the state each replaced: two queries."""
    rows = Publication.objects.readable().exclude(task__plan__state=PlanState.DRAFT)
    newest = list(_light(rows).order_by("-published_at", "task__number")[: limit * LOOK_BACK])
    before = _light(Publication.objects.filter(task__in={row.task_id for row in newest}))
    history = sorted(before, key=_place)
    changes = [PublicationChange(row, _old_chip(row, history), headline_chip(row, quarter=False)) for row in newest]
    return [change for change in changes if change.old is None or change.old.label != change.new.label][:limit]


def _light(rows: QuerySet[Publication]) -> QuerySet[Publication]:
    return rows.select_related("period", "task").defer(*HEAVY, "task__search_text", "task__text")


def _place(row: Publication) -> tuple[int, int, int]:
    return row.period.year, row.period.index, row.revision


def _old_chip(row: Publication, history: Iterable[Publication]) -> Chip | None:
    earlier = [other for other in history if other.task_id == row.task_id and _place(other) < _place(row)]
    return headline_chip(earlier[-1], quarter=False) if earlier else None
