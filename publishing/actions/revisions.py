"""Actions that publish a further revision after the release, and the helpers they share.

Corrections and withholding have modules of their own and publish through `publish_next_revision`.
"""

from datetime import datetime

from django.db import transaction

from common.errors import Refused
from departments.models import User
from departments.roles import Role
from ledger.actions import LedgerEvent, append
from progress.actions.locks import locked_period
from progress.choices import PeriodState, Reporting, ReportStatus, State
from progress.models import ProgressReport, ReportingPeriod
from progress.transitions import MOVES
from publishing.actions.releases import publication_event, save_drafts
from publishing.choices import ReasonClass
from publishing.content import PublicationDraft
from publishing.drafts import draft_of
from publishing.models import Publication
from tasks.models import Task


@transaction.atomic
def publish_revision(*, report: ProgressReport, by: User, at: datetime) -> Publication:
    """Publishes what came after the release: a report filed since, or an assessment made since.

    `at` is the moment of publication.

    Raises Refused when the period is not released, when the task is withheld by law, and when
    nothing new was filed or assessed.
    """
    period = locked_period(report.period, PeriodState.RELEASED)
    before = lock_current_publication(report.task, period)
    if before.withheld_basis:
        raise Refused("这一项依法暂不公开，不能补充公布。")
    draft = draft_of(report.task, period, at=at)
    is_first_report = not before.self_pace
    row = draft.publication
    if not row.self_pace or (row.self_pace, row.assessment_pace) == (
        before.self_pace,
        before.assessment_pace,
    ):
        raise Refused("没有可以补充公布的内容：还没有新的报送或核查。")
    row.reason_class = _first_report_reason(row) if is_first_report else ReasonClass.ASSESSED
    row.reason = "公布之后报送。" if is_first_report else "公布之后完成核查。"
    mark_released(report.task, period)
    return publish_next_revision(before, draft, by=by, at=at)


@transaction.atomic
def publish_lapse(*, publication: Publication, by: User, at: datetime) -> Publication:
    """Publishes that an extension beyond the release has run out without a report.

    Without it the public page would go on showing the extension. `at` is the moment of
    publication.

    Raises Refused when the period is not released or another revision has followed, when the
    publication shows no extension, and when the extension still runs or the unit has filed.
    """
    before = lock_newest_publication(publication, "更新")
    draft = draft_of(before.task, before.period, at=at)
    if before.headline != State.EXTENDED or draft.publication.headline not in {
        State.NOT_REPORTED,
        State.RETURNED,
    }:
        raise Refused("批准的日子还没有过，或者单位已经报送，不用写明期满未报送。")
    draft.publication.reason_class, draft.publication.reason = (
        ReasonClass.LAPSED,
        "批准的日子已过，没有报送。",
    )
    return publish_next_revision(before, draft, by=by, at=at)


def mark_released(task: Task, period: ReportingPeriod) -> None:
    """Sets the task's report to released, if it stands where a release may follow."""
    reports = ProgressReport.objects.filter(task=task, period=period, status__in=MOVES["release"])
    reports.update(status=ReportStatus.RELEASED)


def _first_report_reason(row: Publication) -> ReasonClass:
    """Whether a report that is published after the release was late.

    It was not where the unit had an extension, or had first filed in time.
    """
    return ReasonClass.LATE if row.reporting == Reporting.LATE else ReasonClass.FILED


def lock_newest_publication(publication: Publication, verb: str) -> Publication:
    """Locks the period and the publication and returns it with its task and period.

    `verb` is the Chinese verb of the action, for the refusal. Raises Refused when the period is
    not released and when another revision has followed.
    """
    period = locked_period(publication.period, PeriodState.RELEASED)
    before = lock_current_publication(publication.task, period)
    if before.pk != publication.pk:
        raise Refused(f"这一版已被更新，请在最新一版上{verb}。")
    return before


def lock_current_publication(task: Task, period: ReportingPeriod) -> Publication:
    """Locks and returns the current revision. The caller has locked the period."""
    current = Publication.objects.select_for_update().get(task=task, period=period, is_current=True)
    current.task, current.period = task, period
    return current


def publish_next_revision(
    before: Publication,
    draft: PublicationDraft,
    *,
    by: User,
    at: datetime,
    action: LedgerEvent | None = None,
) -> Publication:
    """Publishes the draft as the revision that follows `before`.

    `action` is the ledger event of the action that led to it, such as a correction; a revision
    that simply follows the report has none. `at` is the moment of publication.
    """
    row = draft.publication
    row.release_id, row.revision, row.published_at = before.release_id, before.revision + 1, at
    draft.seal()
    Publication.objects.filter(pk=before.pk).update(is_current=False)
    save_drafts([draft])
    append(filter(None, [action, publication_event(row)]), by=by.actor(Role.PUBLISHER), at=at)
    return row
