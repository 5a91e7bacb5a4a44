"""Actions on releases: prepare, approve, drop and publish the publications of a whole period."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain

from django.conf import settings
from django.db import transaction

from common.errors import Refused
from common.files.uploads import CheckedFile
from common.text.canonical import canonical, digest
from common.time.days import local_day
from departments.models import User
from departments.roles import RELEASE_ROLES, Role
from ledger.actions import LedgerEvent, append
from progress.actions.locks import locked, locked_period, period_subject
from progress.choices import FILED, PeriodState, ReportStatus
from progress.models import ExtensionRequest, ProgressReport, ReportingPeriod
from progress.transitions import MOVES
from publishing.choices import ClearanceDecision, ReasonClass, ReleaseState
from publishing.content import PublicationDraft
from publishing.drafts import drafts_of
from publishing.models import Clearance, Publication, PublishedFinding, PublishedReading, Release
from publishing.rules.citations import citation_refusal_reason
from tasks.models import Task


@dataclass(frozen=True)
class Withheld:
    """By which law a task's content is kept back, and the day on which that is reviewed."""

    legal_basis: str
    review_on: date


@transaction.atomic
def prepare_release(
    *,
    period: ReportingPeriod,
    withheld: dict[int, Withheld],
    rest_public: bool,
    by: User,
    at: datetime,
) -> Release:
    """Prepares a closed period for publication, with a decision on each task; no page changes yet.

    `withheld` maps the ids of the tasks that are kept back to their law and review day;
    `rest_public` confirms that all others may be published. `at` is the moment of preparation.

    Raises Refused when the period is not closed or has a prepared release already, for a withheld
    task without a report, a law or a later review day, and when tasks are left without a decision.
    """
    period = locked_period(period, PeriodState.CLOSED)
    _check_none_is_prepared(period)
    _check_there_is_something_to_withhold(period, withheld)
    release = Release.objects.create(
        period=period, prepared_by=by, prepared_at=at, two_persons=settings.TWO_PERSON_RELEASE
    )
    for withholding in withheld.values():
        check_withheld(withholding.legal_basis, withholding.review_on, at=at)
    rows = [
        _clearance(release, pk, withheld.get(pk))
        for pk in period.plan.tasks.values_list("pk", flat=True)
    ]
    cleared = sum(row.decision == ClearanceDecision.PUBLIC for row in rows)
    if cleared and not rest_public:
        raise Refused(
            f"还有 {cleared} 项没有作保密审查，请确认其余各项主动公开，或写明暂不公开的依据。"
        )
    Clearance.objects.bulk_create(rows)
    facts = {"withheld": len(rows) - cleared, "public": cleared}
    action = LedgerEvent("prepare_release", "period", period_subject(period), facts, public=False)
    append([action], by=by.actor(*RELEASE_ROLES), at=at)
    return release


def _check_none_is_prepared(period: ReportingPeriod) -> None:
    if period.releases.filter(state=ReleaseState.PREPARED).exists():
        raise Refused(f"{period.label}已经有一份待发布的报审稿。")


def check_withheld(legal_basis: str, review_on: date | None, *, at: datetime) -> None:
    """Raises Refused without a law named by title and article, and without a later review day."""
    if refusal := citation_refusal_reason(legal_basis):
        raise Refused(f"暂不公开的项目请写明法律依据。{refusal}")
    check_review_day(review_on, at=at)


def check_review_day(review_on: date | None, *, at: datetime) -> None:
    """Raises Refused unless the review day lies after the day of `at`."""
    if review_on is None or review_on <= local_day(at):
        raise Refused("暂不公开的项目请写明再审查日期，应在今天以后。")


def _clearance(release: Release, task_id: int, withheld: Withheld | None) -> Clearance:
    if withheld is None:
        return Clearance(release=release, task_id=task_id, decision=ClearanceDecision.PUBLIC)
    return Clearance(
        release=release,
        task_id=task_id,
        decision=ClearanceDecision.WITHHELD,
        legal_basis=withheld.legal_basis.strip(),
        review_on=withheld.review_on,
    )


def _check_there_is_something_to_withhold(period: ReportingPeriod, tasks: Iterable[int]) -> None:
    """Refused for tasks without a report: a law keeps content back, not that there is none."""
    filed = period.reports.handed_in().values("task")
    unreported = (
        Task.objects.filter(pk__in=list(tasks)).exclude(pk__in=filed).values_list("code", flat=True)
    )
    if unreported:
        raise Refused(f"{'、'.join(unreported)} 没有报送，没有可以暂不公开的内容，公布时照实写明。")


@transaction.atomic
def approve_release(
    *,
    release: Release,
    approved_by: str,
    approved_on: date,
    scan: CheckedFile | None,
    by: User,
    at: datetime,
) -> Release:
    """Records who approved the release, with a scan of the signed paper if there is one.

    `approved_by` is the name and post as typed, `approved_on` the day of signing, `at` the moment
    of recording. It can be recorded again, and has to be after any change of the content.

    Raises Refused when the release is not prepared, without a name, and for a day before the
    release was prepared or after the day of `at`.
    """
    release = _locked_prepared(release)
    if not approved_by.strip():
        raise Refused("请写明批准人的姓名和职务。")
    if not local_day(release.prepared_at) <= approved_on <= local_day(at):
        raise Refused("批准日期应在准备报审稿当天或以后，不晚于今天。")
    release.approved_by, release.approved_on = approved_by.strip(), approved_on
    release.approved_state = _content_digest(release.period)
    if scan:
        release.approval.save(scan.name, scan.content, save=False)
        release.approval_name, release.approval_sha256 = scan.name, scan.sha256
    release.save()
    facts = {"day": approved_on, "sha256": release.approval_sha256}
    action = LedgerEvent(
        "approve_release", "period", period_subject(release.period), facts, public=False
    )
    append([action], by=by.actor(*RELEASE_ROLES), at=at)
    return release


@transaction.atomic
def drop_release(*, release: Release, by: User, at: datetime) -> None:
    """Drops a prepared release, so that another one can be prepared. `at` is the moment it happens.

    Raises Refused when the release was published or dropped already.
    """
    release = _locked_prepared(release)
    release.state = ReleaseState.DROPPED
    release.save()
    action = LedgerEvent("drop_release", "period", period_subject(release.period), public=False)
    append([action], by=by.actor(*RELEASE_ROLES), at=at)


def _locked_prepared(release: Release) -> Release:
    """The locked release; Refused when it was published or dropped already."""
    current = locked(release)
    _check_prepared(current)
    return current


def _check_prepared(release: Release) -> None:
    if release.state != ReleaseState.PREPARED:
        raise Refused("这份报审稿已经处理过。")


def publish_release(*, release: Release, by: User, at: datetime) -> Release:
    """Publishes the first revision of every task of the plan and releases the period.

    The drafts are built before the period is locked, so that nobody waits for that. `at` is the
    moment of publication.

    Raises Refused for the person who prepared it where two persons are required, when the release
    is not prepared or not approved, when the content has changed since the approval, when the
    period is not closed, and when a task has no decision.
    """
    if release.two_persons and release.prepared_by_id == by.pk:
        raise Refused("准备和发布须由两个人完成，请由另一位发布员发布。")
    _check_as_approved(release)
    drafts = drafts_of_release(release, at=at)
    for draft in drafts:
        _seal_first_revision(draft, release=release, at=at)
    with transaction.atomic():
        return _publish(release, drafts, by=by, at=at)


def drafts_of_release(release: Release, *, at: datetime) -> list[PublicationDraft]:
    """The drafts that the release would publish at the moment `at`, in the order of the plan."""
    period = ReportingPeriod.objects.select_related("plan").get(pk=release.period_id)
    return drafts_of(period, at=at, withheld=withheld_by(release))


def withheld_by(release: Release | None) -> dict[int, str]:
    """Maps the id of each withheld task to its legal basis; empty without a release."""
    return (
        dict(release.clearances.withheld().values_list("task_id", "legal_basis")) if release else {}
    )


def _seal_first_revision(draft: PublicationDraft, *, release: Release, at: datetime) -> None:
    row = draft.publication
    row.release, row.revision, row.reason_class, row.published_at = (
        release,
        1,
        ReasonClass.FIRST,
        at,
    )
    draft.seal()


def _content_digest(period: ReportingPeriod) -> str:
    """A digest of the facts that the drafts depend on: reports that were filed and extensions.

    Reports that nobody has submitted yet are left out, since they are not published.
    """
    submitted = period.reports.filter(first_submitted_at__isnull=False).order_by("pk")
    filed = submitted.filter(status__in=FILED).values_list("pk", "status", "submitted_at")
    granted = ExtensionRequest.objects.granted().filter(period=period).order_by("pk")
    facts = [
        submitted.values_list("pk", "first_submitted_at"),
        filed,
        granted.values_list("pk", "granted_until"),
    ]
    return digest(canonical([list(rows) for rows in facts]))


def _check_as_approved(release: Release) -> None:
    """Refused when the content has changed since its approval.

    It runs before the drafts are built and again under the lock, so that exactly what was
    approved is published.
    """
    if release.approved_by and _content_digest(release.period) != release.approved_state:
        # Its own publication changes the reports too, and is no reason to approve it anew.
        _check_prepared(Release.objects.get(pk=release.pk))
        raise Refused(
            "登记批准之后，填报、核查或延期有变化，什么都没有发布。请核对现在的内容，重新登记批准后再发布。"
        )


def _publish(
    release: Release, drafts: list[PublicationDraft], *, by: User, at: datetime
) -> Release:
    period = locked_period(release.period, PeriodState.CLOSED)
    release = _locked_prepared(release)
    _check_reviewed(release, drafts)
    reports = ProgressReport.objects.filter(period=period)
    # Locked, so that no report is verified or sent back between the check and the publication.
    list(reports.select_for_update().values_list("pk"))
    _check_as_approved(release)
    save_drafts(drafts)
    reports.filter(status__in=MOVES["release"]).update(status=ReportStatus.RELEASED)
    period.state, period.released_at = PeriodState.RELEASED, at
    period.save()
    release.state, release.published_by, release.published_at = ReleaseState.PUBLISHED, by, at
    release.sha256 = digest("\n".join(draft.publication.sha256 for draft in drafts))
    release.save()
    facts = {"sha256": release.sha256, "tasks": len(drafts), "demonstration": period.demonstration}
    events = [publication_event(draft.publication) for draft in drafts]
    events.append(LedgerEvent("release", "period", period_subject(period), facts))
    append(events, by=by.actor(Role.PUBLISHER), at=at)
    return release


def _check_reviewed(release: Release, drafts: list[PublicationDraft]) -> None:
    """Refused when the release is not approved, or a task of it has no clearance."""
    if not release.approved_by:
        raise Refused("保密审查和内容还没有批准：请先登记批准人，再发布。")
    decided = set(release.clearances.values_list("task_id", flat=True))
    undecided = {draft.publication.task_id for draft in drafts} - decided
    if undecided:
        raise Refused(f"有 {len(undecided)} 项没有作保密审查，请撤回报审稿，重新准备。")


def save_drafts(drafts: list[PublicationDraft]) -> None:
    """Writes the publications with their findings and readings; the drafts are sealed already."""
    Publication.objects.bulk_create(draft.publication for draft in drafts)
    for draft in drafts:
        draft.attach_rows()
    findings = chain.from_iterable(draft.findings for draft in drafts)
    readings = chain.from_iterable(draft.readings for draft in drafts)
    PublishedFinding.objects.bulk_create(findings)
    PublishedReading.objects.bulk_create(readings)


def publication_event(row: Publication) -> LedgerEvent:
    """The public ledger event of one revision, with the digest of its content."""
    facts = {
        "period": period_subject(row.period),
        "revision": row.revision,
        "headline": row.headline,
        "reason_class": row.reason_class,
        "sha256": row.sha256,
        "demonstration": row.demonstration,
    }
    return LedgerEvent("publish" if row.revision == 1 else "revise", "task", row.task.code, facts)
