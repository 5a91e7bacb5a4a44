"""The page of one publication, the revisions of a task, and the newest public changes."""

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.db.models import Prefetch, QuerySet

from common.not_null import not_null
from common.text.canonical import instant
from common.text.wording import number
from common.ui.chips import Chip
from progress.choices import Pace
from progress.models import Evidence
from public.read_models.data_dates import DataDate, data_date_from
from publishing.content import PublicationDraft
from publishing.models import (
    Objection,
    Publication,
    PublishedFinding,
    PublishedReading,
    YearEnd,
)
from publishing.querysets.evidence import published_evidence
from publishing.read_models.commitment_status import finding_chip
from publishing.read_models.headlines import conclusions_by_year
from publishing.read_models.public_status import (
    HEAVY,
    assessed_chip,
    dimension_chips,
    headline_chip,
    self_chip,
    trajectory_chip,
)
from publishing.read_models.requests import objections_about
from tasks.choices import PUBLIC_STATES
from tasks.models import Task

# A release publishes every task, changed or not: so many publications are read for each change.
READ_PER_CHANGE = 10


@dataclass(frozen=True)
class FindingLine:
    """The finding on one commitment, with its chip."""

    row: PublishedFinding
    chip: Chip

    @property
    def differs(self) -> bool:
        """Whether the supervisor assessed the commitment differently from the unit."""
        return bool(self.row.assessment_pace) and self.row.assessment_pace != self.row.self_pace


@dataclass(frozen=True)
class ReadingLine:
    """One published number, with the chip of its trajectory."""

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


def with_rows(publications: QuerySet[Publication]) -> QuerySet[Publication]:
    """The publications with the rows that `quarter_part` reads. Three queries."""
    findings = PublishedFinding.objects.select_related("commitment").order_by("commitment__order")
    readings = PublishedReading.objects.select_related("indicator").order_by("indicator__order")
    return publications.select_related("period").prefetch_related(
        Prefetch("findings", findings), Prefetch("readings", readings)
    )


def quarter_part(
    publication: Publication, evidence: list[Evidence], conclusion: YearEnd | None = None
) -> QuarterPart:
    """A publication fetched by `with_rows`, with its public evidence.

    `conclusion`: the published one on its year, which its chip tells too.
    """
    narratives = json.loads(publication.content).get("narratives", [])
    part = _part(
        publication, narratives, publication.findings.all(), publication.readings.all(), evidence
    )
    return replace(part, chip=headline_chip(publication, quarter=False, conclusion=conclusion))


def draft_part(draft: PublicationDraft) -> QuarterPart:
    """A draft as it will look once it is published."""
    return _part(draft.publication, draft.narratives, draft.findings, draft.readings, [])


def _part(
    publication: Publication,
    narratives: list[dict[str, str]],
    findings: Iterable[PublishedFinding],
    readings: Iterable[PublishedReading],
    evidence: list[Evidence],
) -> QuarterPart:
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
    """The public evidence of a task by the id of its report."""
    by_report = defaultdict(list)
    rows = (
        published_evidence().filter(contribution__report__task=task).select_related("contribution")
    )
    for row in rows.order_by("pk"):
        by_report[row.contribution.report_id].append(row)
    return by_report


def evidence_for(publication: Publication, by_report: dict[int, list[Evidence]]) -> list[Evidence]:
    """That of the report behind a publication; none where nothing was reported."""
    return by_report.get(publication.report_id, []) if publication.report_id else []


@dataclass(frozen=True)
class RevisionDifference:
    """One thing that two revisions say differently.

    Short values are shown side by side; `prose` is shown as one text with the changes marked.
    """

    label: str
    before: str
    after: str
    prose: bool = False


@dataclass(frozen=True)
class PublicationPage:
    """One revision with all others of its quarter, and the difference from the one before."""

    task: Task
    part: QuarterPart
    current: Publication
    revisions: list[Publication]
    differences: list[RevisionDifference]
    dates: DataDate
    # Only the days and the outcome of an objection are public, not its text.
    objections: list[Objection]

    @property
    def superseded(self) -> bool:
        """Whether a later revision has taken the place of this one."""
        return self.current.pk != self.part.publication.pk


def publication_page(task: Task, year: int, quarter: int, revision: int) -> PublicationPage | None:
    """The page of one revision, current or superseded; None where it was never published."""
    rows = list(with_rows(task.publications.of_quarter(year, quarter)).order_by("revision"))
    publication = next((row for row in rows if row.revision == revision), None)
    if publication is None:
        return None
    evidence = evidence_for(publication, public_evidence(task)) if publication.is_current else []
    conclusion = conclusions_by_year([task.pk]).get((task.pk, year))
    return PublicationPage(
        task=task,
        part=quarter_part(publication, evidence, conclusion),
        current=next(row for row in rows if row.is_current),
        revisions=rows,
        differences=_differences_from_earlier(publication, rows),
        dates=data_date_from([task.plan], publication.data_date),
        objections=objections_about(task, publication.period),
    )


def _differences_from_earlier(
    publication: Publication, rows: list[Publication]
) -> list[RevisionDifference]:
    """Those from the revision before; none of the first."""
    position = rows.index(publication)
    return differences(rows[position - 1], publication) if position else []


def differences(before: Publication, after: Publication) -> list[RevisionDifference]:
    """What the later revision says differently from the earlier one.

    Nothing is repeated of a revision that was taken down.
    """
    if before.taken_down_at:
        return []
    old = {(item.label, item.prose): item.after for item in _statements(before)}
    return [
        replace(item, before=old[item.label, item.prose])
        for item in _statements(after)
        if old.get((item.label, item.prose), item.after) != item.after
    ]


def _statements(row: Publication) -> Iterable[RevisionDifference]:
    """Everything a revision says, as differences without an earlier value."""
    yield RevisionDifference("公开状态", "", row.get_headline_display())
    yield RevisionDifference("单位自评", "", row.get_self_pace_display() or "没有")
    yield RevisionDifference("督查核定", "", row.get_assessment_pace_display() or "没有")
    yield RevisionDifference("报送", "", row.get_reporting_display())
    for reading in row.readings.all():
        yield RevisionDifference(
            reading.indicator.name, "", f"{number(reading.value)} {reading.indicator.unit}"
        )
    for finding in row.findings.all():
        yield RevisionDifference(finding.commitment.text, "", Pace(finding.pace).label)
    if row.self_pace:
        yield from _texts(row)


def _texts(row: Publication) -> Iterable[RevisionDifference]:
    yield RevisionDifference("进展情况", "", row.narrative, prose=True)
    if row.assessment_pace:
        yield RevisionDifference("核查意见", "", row.assessment_note, prose=True)
    for finding in row.findings.all():
        yield RevisionDifference(
            f"单位说明：{finding.commitment.text}", "", finding.note, prose=True
        )
        if finding.assessment_pace:
            yield RevisionDifference(
                f"核查意见：{finding.commitment.text}", "", finding.assessment_note, prose=True
            )


def tombstone_of(row: Publication) -> dict[str, str | int]:
    """The JSON of a revision that was taken down: the legal basis and the digest, no content."""
    return {
        "taken_down": True,
        "revision": row.revision,
        "legal_basis": row.taken_down_basis,
        "taken_down_at": instant(not_null(row.taken_down_at)),
        "sha256": row.sha256,
        "demonstration": row.demonstration,
    }


@dataclass(frozen=True)
class TakeDownPreview:
    """What will no longer be readable once a publication is taken down."""

    revisions: list[Publication]
    evidence: list[Evidence]


def take_down_preview(publication: Publication) -> TakeDownPreview:
    """Every readable revision of the same task and quarter, and the evidence. Two queries."""
    rows = Publication.objects.readable().filter(task=publication.task, period=publication.period)
    rows = (
        rows.select_related("task", "period")
        .defer(*HEAVY, "task__search_text")
        .order_by("revision")
    )
    evidence = (
        published_evidence().filter(contribution__report=publication.report_id).order_by("pk")
    )
    return TakeDownPreview(list(rows), list(evidence))


def revisions_of(task: Task) -> list[tuple[Publication, Chip]]:
    """Every publication of a task, newest first, each with the year-end conclusion beside it."""
    conclusions = conclusions_by_year([task.pk])
    rows = task.publications.select_related("period").defer("content", "narrative")
    rows = rows.order_by("-period__year", "-period__index", "-revision")
    return [(row, _chip_of_revision(row, conclusions)) for row in rows]


def _chip_of_revision(row: Publication, conclusions: dict[tuple[int, int], YearEnd]) -> Chip:
    conclusion = conclusions.get((row.task_id, row.period.year))
    return headline_chip(row, quarter=False, conclusion=conclusion)


@dataclass(frozen=True)
class PublicationChange:
    """A changed state, before and after, each with its quarter: that of `old` may be an earlier one
    or, after a correction, the same. `old` is None for a first publication.
    """

    publication: Publication
    old: Chip | None
    new: Chip

    @property
    def is_new(self) -> bool:
        return self.old is None or self.old.label != self.new.label


def newest_changes(limit: int = 10) -> list[PublicationChange]:
    """The newest publications that changed a state, with the state each replaced.

    Three queries.
    """
    rows = Publication.objects.readable().filter(task__plan__state__in=PUBLIC_STATES)
    newest = list(
        _without_texts(rows).order_by("-published_at", "task__number")[: limit * READ_PER_CHANGE]
    )
    candidates = _without_texts(
        Publication.objects.filter(task__in={row.task_id for row in newest})
    )
    history = sorted(candidates, key=_sort_key)
    conclusions = conclusions_by_year({row.task_id for row in newest})
    changes = [
        PublicationChange(row, _chip_before(row, history), _chip_after(row, conclusions))
        for row in newest
    ]
    return [change for change in changes if change.is_new][:limit]


def _without_texts(rows: QuerySet[Publication]) -> QuerySet[Publication]:
    return rows.select_related("period", "task").defer(*HEAVY, "task__search_text", "task__text")


def _sort_key(row: Publication) -> tuple[int, int, int]:
    return row.period.year, row.period.index, row.revision


def _chip_before(row: Publication, history: Iterable[Publication]) -> Chip | None:
    earlier = [
        other
        for other in history
        if other.task_id == row.task_id and _sort_key(other) < _sort_key(row)
    ]
    return headline_chip(earlier[-1]) if earlier else None


def _chip_after(row: Publication, conclusions: dict[tuple[int, int], YearEnd]) -> Chip:
    return headline_chip(row, conclusion=conclusions.get((row.task_id, row.period.year)))
