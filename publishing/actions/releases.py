from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.db import transaction

from common.errors import Refused
from common.files.uploads import CheckedFile
from common.text.canonical import canonical, digest
from common.time.days import local_day
from departments.models import Role, User
from ledger.actions import LedgerEvent, append
from progress.actions.locks import locked, locked_period, period_subject
from progress.choices import FILED, PeriodState, ReportStatus
from progress.models import ExtensionRequest, ProgressReport, ReportingPeriod
from progress.transitions import MOVES
from publishing.choices import ClearanceDecision, ReasonClass, ReleaseState
from publishing.drafts import PublicationDraft, drafts_of
from publishing.models import Clearance, Publication, PublishedFinding, PublishedReading, Release
from publishing.roles import RELEASE_ROLES
from publishing.rules.citations import citation_refusal_reason
from tasks.models import Task


@dataclass(frozen=True)
class Withheld:
    """Why a line may not be published for now, and when that is looked at again."""

    legal_basis: str
    review_on: date


@transaction.atomic
def prepare_release(
    *, period: ReportingPeriod, withheld: dict[int, Withheld], rest_public: bool, by: User, at: datetime
) -> Release:
    """Puts a closed period up for publication, with a decision on every task of the plan. Nothing is public yet.

    `withheld` is by task id; `rest_public` is the one act by which all the others are cleared.
    """
    period = locked_period(period, PeriodState.CLOSED)
    if period.releases.filter(state=ReleaseState.PREPARED).exists():
        raise Refused(f"{period.label}已经有一份待发布的报审稿。")
    _check_there_is_something_to_withhold(period, withheld)
    release = Release.objects.create(
        period=period, prepared_by=by, prepared_at=at, two_persons=settings.TWO_PERSON_RELEASE
    )
    for one in withheld.values():
        check_withheld(one.legal_basis, one.review_on, at=at)
    rows = [_clearance(release, pk, withheld.get(pk)) for pk in period.plan.tasks.values_list("pk", flat=True)]
    cleared = sum(row.decision == ClearanceDecision.PUBLIC for row in rows)
    if cleared and not rest_public:
        raise Refused(f"还有 {cleared} 项没有作保密审查，请确认其余各项主动公开，或写明暂不公开的依据。")
    Clearance.objects.bulk_create(rows)
    facts = {"withheld": len(rows) - cleared, "public": cleared}
    action = LedgerEvent("prepare_release", "period", period_subject(period), facts, public=False)
    append([action], by=by.actor(*RELEASE_ROLES), at=at)
    return release


def check_withheld(legal_basis: str, review_on: date | None, *, at: datetime) -> None:
    if refusal := citation_refusal_reason(legal_basis):
        raise Refused(f"暂不公开的项目请写明法律依据。{refusal}")
    check_review_day(review_on, at=at)


def check_review_day(review_on: date | None, *, at: datetime) -> None:
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
    """A law may keep words back; that nobody reported is no secret."""
    filed = period.reports.filter(first_submitted_at__isnull=False).values("task")
    silent = Task.objects.filter(pk__in=list(tasks)).exclude(pk__in=filed).values_list("code", flat=True)
    if silent:
        raise Refused(f"{'、'.join(silent)} 没有报送，没有可以暂不公开的内容，公布时照实写明。")


@transaction.atomic
def approve_release(
    *, release: Release, approved_by: str, approved_on: date, scan: CheckedFile | None, by: User, at: datetime
) -> Release:
    """Records who signed the paper, as typed, and a scan of it if there is one; again after any change or slip."""
    release = _active(release)
    if not approved_by.strip():
        raise Refused("请写明批准人的姓名和职务。")
    if not local_day(release.prepared_at) <= approved_on <= local_day(at):
        raise Refused("批准日期应在准备报审稿当天或以后，不晚于今天。")
    release.approved_by, release.approved_on = approved_by.strip(), approved_on
    release.approved_state = _standing(release.period)
    if scan:
        release.approval.save(scan.name, scan.content, save=False)
        release.approval_name, release.approval_sha256 = scan.name, scan.sha256
    release.save()
    facts = {"day": approved_on, "sha256": release.approval_sha256}
    action = LedgerEvent("approve_release", "period", period_subject(release.period), facts, public=False)
    append([action], by=by.actor(*RELEASE_ROLES), at=at)
    return release


@transaction.atomic
def drop_release(*, release: Release, by: User, at: datetime) -> None:
    """Takes a prepared release back, to prepare it anew."""
    release = _active(release)
    release.state = ReleaseState.DROPPED
    release.save()
    action = LedgerEvent("drop_release", "period", period_subject(release.period), public=False)
    append([action], by=by.actor(*RELEASE_ROLES), at=at)


def _active(release: Release) -> Release:
    now = locked(release)
    if now.state != ReleaseState.PREPARED:
        raise Refused("这份报审稿已经处理过。")
    return now


def publish_release(*, release: Release, by: User, at: datetime) -> Release:
    """Freezes every task of the plan for the public; prepared before the lock, so that nobody waits for it."""
    if release.two_persons and release.prepared_by_id == by.pk:
        raise Refused("准备和发布须由两个人完成，请由另一位发布员发布。")
    _check_as_approved(release)
    lines = lines_of_release(release, at=at)
    for line in lines:
        _stamp(line, release=release, at=at)
    with transaction.atomic():
        return _publish(release, lines, by=by, at=at)


def lines_of_release(release: Release, *, at: datetime) -> list[PublicationDraft]:
    """What the release would publish now, task by task; the preview shows the same."""
    period = ReportingPeriod.objects.select_related("plan").get(pk=release.period_id)
    return drafts_of(period, at=at, withheld=withheld_by(release))


def withheld_by(release: Release | None) -> dict[int, str]:
    """Task id -> legal basis; empty as long as nothing was prepared."""
    return dict(release.clearances.withheld().values_list("task_id", "legal_basis")) if release else {}


def _stamp(line: PublicationDraft, *, release: Release, at: datetime) -> None:
    row = line.publication
    row.release, row.revision, row.reason_class, row.published_at = release, 1, ReasonClass.FIRST, at
    line.seal()


def _standing(period: ReportingPeriod) -> str:
    """A digest of what the lines rest on: first filings, reports as filed, days put off. No draft is among it."""
    once = period.reports.filter(first_submitted_at__isnull=False).order_by("pk")
    filed = once.filter(status__in=FILED).values_list("pk", "status", "submitted_at")
    granted = ExtensionRequest.objects.granted().filter(period=period).order_by("pk")
    rows = [once.values_list("pk", "first_submitted_at"), filed, granted.values_list("pk", "granted_until")]
    return digest(canonical([list(part) for part in rows]))


def _check_as_approved(release: Release) -> None:
    """Asked before the lines are built and again under the lock: what is published is what was approved."""
    if release.approved_by and _standing(release.period) != release.approved_state:
        raise Refused("登记批准之后，填报、核查或延期有变化，什么都没有发布。请核对现在的内容，重新登记批准后再发布。")


def _publish(release: Release, lines: list[PublicationDraft], *, by: User, at: datetime) -> Release:
    period = locked_period(release.period, PeriodState.CLOSED)
    release = _active(release)
    _check_reviewed(release, lines)
    reports = ProgressReport.objects.filter(period=period)
    # Held, so that none is verified or sent back between the question and the answer.
    list(reports.select_for_update().values_list("pk"))
    _check_as_approved(release)
    save_lines(lines)
    reports.filter(status__in=MOVES["release"]).update(status=ReportStatus.RELEASED)
    period.state, period.released_at = PeriodState.RELEASED, at
    period.save()
    release.state, release.published_by, release.published_at = ReleaseState.PUBLISHED, by, at
    release.sha256 = digest("\n".join(line.publication.sha256 for line in lines))
    release.save()
    facts = {"sha256": release.sha256, "tasks": len(lines), "demonstration": period.demonstration}
    events = [publication_event(line.publication) for line in lines]
    events.append(LedgerEvent("release", "period", period_subject(period), facts))
    append(events, by=by.actor(Role.PUBLISHER), at=at)
    return release


def _check_reviewed(release: Release, lines: list[PublicationDraft]) -> None:
    if not release.approved_by:
        raise Refused("保密审查和内容还没有批准：请先登记批准人，再发布。")
    undecided = {line.publication.task_id for line in lines} - set(release.clearances.values_list("task_id", flat=True))
    if undecided:
        raise Refused(f"有 {len(undecided)} 项没有作保密审查，请撤回报审稿，重新准备。")


def save_lines(lines: list[PublicationDraft]) -> None:
    Publication.objects.bulk_create(line.publication for line in lines)
    for line in lines:
        for child in [*line.findings, *line.readings]:
            child.publication = line.publication
    PublishedFinding.objects.bulk_create(finding for line in lines for finding in line.findings)
    PublishedReading.objects.bulk_create(reading for line in lines for reading in line.readings)


def publication_event(row: Publication) -> LedgerEvent:
    facts = {
        "period": period_subject(row.period),
        "revision": row.revision,
        "headline": row.headline,
        "reason_class": row.reason_class,
        "sha256": row.sha256,
        "demonstration": row.demonstration,
    }
    return LedgerEvent("publish" if row.revision == 1 else "revise", "task", row.task.code, facts)
