from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from departments.models import Role, User
from ledger.actions import Deed, append
from progress.actions.locks import locked, locked_period, period_subject
from progress.models import (
    ProgressReport,
    Publication,
    PublishedFinding,
    PublishedReading,
    ReasonClass,
    Release,
    ReportingPeriod,
    ReportStatus,
    Withholding,
)
from progress.models.reports import MOVES
from progress.publishing import Line, lines_of
from yantian_portal.lib.canonical import digest
from yantian_portal.lib.errors import Refused


@transaction.atomic
def prepare_release(*, period: ReportingPeriod, withheld: dict[int, str], by: User, at: datetime) -> Release:
    """Puts a closed period up for publication; `withheld` is task id -> legal basis. Nothing is public yet."""
    period = locked_period(period, ReportingPeriod.State.CLOSED)
    if period.releases.filter(state=Release.State.PREPARED).exists():
        raise Refused(f"{period.label}已经有一份待发布的报审稿。")
    release = Release.objects.create(
        period=period, prepared_by=by, prepared_at=at, two_persons=settings.TWO_PERSON_RELEASE
    )
    if any(not basis.strip() for basis in withheld.values()):
        raise Refused("暂不公开的项目请写明法律依据。")
    Withholding.objects.bulk_create(
        Withholding(release=release, task_id=pk, legal_basis=basis.strip()) for pk, basis in withheld.items()
    )
    facts = {"withheld": len(withheld)}
    deed = Deed("prepare_release", "period", period_subject(period), facts, public=False)
    append([deed], by=by.actor(Role.SUPERVISOR, Role.PUBLISHER), at=at)
    return release


@transaction.atomic
def drop_release(*, release: Release, by: User, at: datetime) -> None:
    """Takes a prepared release back, to prepare it anew."""
    release = locked(release)
    if release.state != Release.State.PREPARED:
        raise Refused("这份报审稿已经处理过。")
    release.state = Release.State.DROPPED
    release.save()
    deed = Deed("drop_release", "period", period_subject(release.period), public=False)
    append([deed], by=by.actor(Role.SUPERVISOR, Role.PUBLISHER), at=at)


def publish_release(*, release: Release, by: User, at: datetime) -> Release:
    """Freezes every task of the plan for the public; prepared before the lock, so that nobody waits for it."""
    if release.two_persons and release.prepared_by_id == by.pk:
        raise Refused("准备和发布须由两个人完成,请由另一位发布员发布。")
    seen = _versions(ProgressReport.objects.filter(period=release.period))
    lines = lines_of_release(release, at=at)
    for line in lines:
        _stamp(line, release=release, at=at)
    with transaction.atomic():
        return _publish(release, lines, seen, by=by, at=at)


def lines_of_release(release: Release, *, at: datetime) -> list[Line]:
    """What the release would publish now, task by task; the preview shows the same."""
    withheld = {row.task_id: row.legal_basis for row in release.withholdings.all()}
    period = ReportingPeriod.objects.select_related("plan").get(pk=release.period_id)
    return lines_of(period, at=at, withheld=withheld)


def _stamp(line: Line, *, release: Release, at: datetime) -> None:
    row = line.publication
    row.release, row.revision, row.reason_class, row.published_at = release, 1, ReasonClass.FIRST, at
    line.seal()


def _versions(reports: QuerySet[ProgressReport]) -> dict[int, tuple[int, str]]:
    return {pk: (version, status) for pk, version, status in reports.values_list("pk", "version", "status")}


def _publish(release: Release, lines: list[Line], seen: dict, *, by: User, at: datetime) -> Release:
    period = locked_period(release.period, ReportingPeriod.State.CLOSED)
    release = locked(release)
    if release.state != Release.State.PREPARED:
        raise Refused("这份报审稿已经处理过。")
    reports = ProgressReport.objects.filter(period=period)
    if _versions(reports.select_for_update()) != seen:
        raise Refused("准备期间有填报发生了变化,什么都没有发布。请再核对一次后发布。")
    save_lines(lines)
    reports.filter(status__in=MOVES["release"]).update(status=ReportStatus.RELEASED)
    period.state, period.released_at = ReportingPeriod.State.RELEASED, at
    period.save()
    release.state, release.published_by, release.published_at = Release.State.PUBLISHED, by, at
    release.sha256 = digest("\n".join(line.publication.sha256 for line in lines))
    release.save()
    facts = {"sha256": release.sha256, "tasks": len(lines), "demonstration": period.demonstration}
    deeds = [publication_deed(line.publication) for line in lines]
    deeds.append(Deed("release", "period", period_subject(period), facts))
    append(deeds, by=by.actor(Role.PUBLISHER), at=at)
    return release


def save_lines(lines: list[Line]) -> None:
    Publication.objects.bulk_create(line.publication for line in lines)
    for line in lines:
        for child in [*line.findings, *line.readings]:
            child.publication = line.publication
    PublishedFinding.objects.bulk_create(finding for line in lines for finding in line.findings)
    PublishedReading.objects.bulk_create(reading for line in lines for reading in line.readings)


def publication_deed(row: Publication) -> Deed:
    facts = {
        "period": period_subject(row.period),
        "revision": row.revision,
        "headline": row.headline,
        "reason_class": row.reason_class,
        "sha256": row.sha256,
        "demonstration": row.demonstration,
    }
    return Deed("publish" if row.revision == 1 else "revise", "task", row.task.code, facts)
