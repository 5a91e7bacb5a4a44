"""After the release: late filings, late assessments and corrections, each as the next revision."""

import json
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from departments.models import Role, User
from ledger.actions import Deed, append
from progress import verdicts
from progress.actions.locks import locked_period
from progress.actions.releases import publication_deed, save_lines
from progress.models import (
    ProgressReport,
    Publication,
    PublishedReading,
    ReasonClass,
    Reporting,
    ReportingPeriod,
    ReportStatus,
)
from progress.models.axes import CORRECTIONS
from progress.models.reports import MOVES
from progress.publishing import Line, line_of
from tasks.models import Task
from yantian_portal.lib.errors import Refused


@transaction.atomic
def publish_revision(*, report: ProgressReport, by: User, at: datetime) -> Publication:
    """Publishes what came after the release: a late filing, or an assessment of one already shown."""
    period = locked_period(report.period, ReportingPeriod.State.RELEASED)
    before = current_line(report.task, period)
    if before.withheld_basis:
        raise Refused("这一项依法暂不公开，不能补充公布。")
    line = line_of(report.task, period, at=at)
    late = not before.self_pace
    row = line.publication
    if not row.self_pace or (row.self_pace, row.assessment_pace) == (before.self_pace, before.assessment_pace):
        raise Refused("没有可以补充公布的内容：还没有新的报送或核查。")
    row.reason_class = _why_after(row) if late else ReasonClass.ASSESSED
    row.reason = "公布之后报送。" if late else "公布之后完成核查。"
    mark_released(report.task, period)
    return succeed(before, line, by=by, at=at)


def mark_released(task: Task, period: ReportingPeriod) -> None:
    found = ProgressReport.objects.filter(task=task, period=period, status__in=MOVES["release"])
    found.update(status=ReportStatus.RELEASED)


def _why_after(row: Publication) -> ReasonClass:
    """What comes after the release is not late by that alone: granted time, or a first filing that was punctual."""
    return ReasonClass.LATE if row.reporting == Reporting.LATE else ReasonClass.FILED


@dataclass(frozen=True)
class Correction:
    """What was wrong; what is left out stays as published. `readings` is indicator id -> right value."""

    narrative: str | None = None
    assessment_pace: str | None = None
    assessment_note: str | None = None
    readings: dict[int, Decimal] = field(default_factory=dict)


@transaction.atomic
def correct_publication(
    *, publication: Publication, correction: Correction, reason_class: str, reason: str, by: User, at: datetime
) -> Publication:
    """The published line stays; the next revision has the right values and says why. The report stays as filed."""
    if reason_class not in CORRECTIONS or not reason.strip():
        raise Refused("更正请选择原因，并写明哪里错了。")
    before = newest_line(publication, "更正")
    if not before.self_pace:
        raise Refused("这一版没有公布填报内容，没有可以更正的；请由单位补报后补充公布。")
    line = _corrected(before, correction)
    line.publication.reason_class, line.publication.reason = reason_class, reason.strip()
    return succeed(before, line, by=by, at=at)


def newest_line(publication: Publication, verb: str) -> Publication:
    """The line held for a deed upon it, with its period; refused where another revision has followed."""
    period = locked_period(publication.period, ReportingPeriod.State.RELEASED)
    before = current_line(publication.task, period)
    if before.pk != publication.pk:
        raise Refused(f"这一版已被更新，请在最新一版上{verb}。")
    return before


def current_line(task: Task, period: ReportingPeriod) -> Publication:
    found = Publication.objects.select_for_update().get(task=task, period=period, is_current=True)
    found.task, found.period = task, period
    return found


def succeed(before: Publication, line: Line, *, by: User, at: datetime, deed: Deed | None = None) -> Publication:
    """Makes the line the next revision; `deed` is what led to it, where that is a deed of its own."""
    row = line.publication
    row.release_id, row.revision, row.published_at = before.release_id, before.revision + 1, at
    line.seal()
    Publication.objects.filter(pk=before.pk).update(is_current=False)
    save_lines([line])
    append(filter(None, [deed, publication_deed(row)]), by=by.actor(Role.PUBLISHER), at=at)
    return row


def _corrected(before: Publication, correction: Correction) -> Line:
    row = _copy(before)
    row.task, row.period = before.task, before.period
    if correction.narrative is not None:
        row.narrative = correction.narrative
    if correction.assessment_note is not None:
        row.assessment_note = correction.assessment_note
    if correction.assessment_pace is not None:
        row.assessment_pace = correction.assessment_pace
        row.headline = verdicts.headline(self_pace=row.self_pace, assessment_pace=row.assessment_pace)
    readings = [_copied_reading(reading, correction) for reading in before.readings.select_related("indicator")]
    row.trajectory = verdicts.worst(reading.trajectory for reading in readings)
    findings = [_copy(finding) for finding in before.findings.select_related("commitment")]
    sealed = json.loads(before.content)
    narratives = sealed["narratives"]
    if correction.narrative is not None:
        # Corrected words stay the words of those who filed them.
        narratives = [{"unit": "、".join(part["unit"] for part in narratives), "text": row.narrative}]
    return Line(row, findings, readings, narratives, sealed["units"])


def _copied_reading(reading: PublishedReading, correction: Correction) -> PublishedReading:
    copy = _copy(reading)
    if reading.indicator_id in correction.readings:
        copy.value = correction.readings[reading.indicator_id]
        aim = verdicts.Aim(copy.target, copy.target_direction, copy.target_max) if copy.target is not None else None
        copy.trajectory = verdicts.trajectory(copy.value, aim)
    return copy


def _copy(row):
    """An unsaved twin of the row."""
    names = [f.attname for f in row._meta.concrete_fields if not f.primary_key]
    return type(row)(**{name: getattr(row, name) for name in names})
