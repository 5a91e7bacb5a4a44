"""After the release: late filings and late assessments, each as the next revision; a correction is one too."""

from datetime import datetime

from django.db import transaction

from common.errors import Refused
from departments.models import Role, User
from ledger.actions import LedgerEvent, append
from progress.actions.locks import locked_period
from progress.choices import PeriodState, Reporting, ReportStatus, State
from progress.models import ProgressReport, ReportingPeriod
from progress.transitions import MOVES
from publishing.actions.releases import publication_event, save_lines
from publishing.choices import ReasonClass
from publishing.drafts import PublicationDraft, draft_of
from publishing.models import Publication
from tasks.models import Task


@transaction.atomic
def publish_revision(*, report: ProgressReport, by: User, at: datetime) -> Publication:
    """Publishes what came after the release: a late filing, or an assessment of one already shown."""
    period = locked_period(report.period, PeriodState.RELEASED)
    before = current_line(report.task, period)
    if before.withheld_basis:
        raise Refused("这一项依法暂不公开，不能补充公布。")
    line = draft_of(report.task, period, at=at)
    late = not before.self_pace
    row = line.publication
    if not row.self_pace or (row.self_pace, row.assessment_pace) == (before.self_pace, before.assessment_pace):
        raise Refused("没有可以补充公布的内容：还没有新的报送或核查。")
    row.reason_class = _why_after(row) if late else ReasonClass.ASSESSED
    row.reason = "公布之后报送。" if late else "公布之后完成核查。"
    mark_released(report.task, period)
    return succeed(before, line, by=by, at=at)


@transaction.atomic
def publish_lapse(*, publication: Publication, by: User, at: datetime) -> Publication:
    """Says that the day granted beyond the release has passed in silence, so that no unit hides behind a plea."""
    before = newest_line(publication, "更新")
    line = draft_of(before.task, before.period, at=at)
    if before.headline != State.EXTENDED or line.publication.headline not in {State.NOT_REPORTED, State.RETURNED}:
        raise Refused("批准的日子还没有过，或者单位已经报送，不用写明期满未报送。")
    line.publication.reason_class, line.publication.reason = ReasonClass.LAPSED, "批准的日子已过，没有报送。"
    return succeed(before, line, by=by, at=at)


def mark_released(task: Task, period: ReportingPeriod) -> None:
    found = ProgressReport.objects.filter(task=task, period=period, status__in=MOVES["release"])
    found.update(status=ReportStatus.RELEASED)


def _why_after(row: Publication) -> ReasonClass:
    """What comes after the release is not late by that alone: granted time, or a first filing that was punctual."""
    return ReasonClass.LATE if row.reporting == Reporting.LATE else ReasonClass.FILED


def newest_line(publication: Publication, verb: str) -> Publication:
    """The line held for a deed upon it, with its period; refused where another revision has followed."""
    period = locked_period(publication.period, PeriodState.RELEASED)
    before = current_line(publication.task, period)
    if before.pk != publication.pk:
        raise Refused(f"这一版已被更新，请在最新一版上{verb}。")
    return before


def current_line(task: Task, period: ReportingPeriod) -> Publication:
    found = Publication.objects.select_for_update().get(task=task, period=period, is_current=True)
    found.task, found.period = task, period
    return found


def succeed(
    before: Publication, line: PublicationDraft, *, by: User, at: datetime, action: LedgerEvent | None = None
) -> Publication:
    """Makes the line the next revision; `deed` is what led to it, where that is a deed of its own."""
    row = line.publication
    row.release_id, row.revision, row.published_at = before.release_id, before.revision + 1, at
    line.seal()
    Publication.objects.filter(pk=before.pk).update(is_current=False)
    save_lines([line])
    append(filter(None, [action, publication_event(row)]), by=by.actor(Role.PUBLISHER), at=at)
    return row
