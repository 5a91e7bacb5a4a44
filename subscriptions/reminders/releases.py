"""Reminders about what is published: that a release is near or ready, that a correction waits or
was returned, that a report can still be filed after the release, and a verdict be objected to.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from django.db.models import Prefetch, QuerySet

from common.time.days import local_day
from departments.models import User
from departments.roles import UNIT_ROLES, Role
from progress.actions.locks import period_subject
from progress.models import ReportingPeriod
from progress.requirements.report_item import ReportItem
from publishing.actions.objections import FILING
from publishing.choices import CorrectionState, ReleaseState
from publishing.models import Clearance, CorrectionRequest, Publication, Release
from subscriptions.models import Event
from subscriptions.recipients import Recipients, same_words
from subscriptions.reminders.reminder import ObjectionReminder, PeriodReminder, ReportReminder
from subscriptions.roles import SIGNERS_FIRST
from tasks.choices import PlanState
from tasks.models import Responsibility
from tasks.querysets import source_document_fields

PLEASE_PUBLISH = "请核对后发布"
NO_PUBLISHER = "还没有可以发布的发布员"


def release_reminders(
    running: list[ReportItem], day: date, recipients: Recipients
) -> list[PeriodReminder]:
    """The reminders about releases, corrections and late filing.

    `running`: the items of open and closed periods.
    """
    releases = list(_prepared_releases())
    return [
        *_release_warnings(running, releases, recipients),
        *_ready_releases(releases, recipients),
        *_correction_reminders(recipients),
        *_late_filing_reminders(day, recipients),
        *_objection_reminders(day, recipients),
    ]


def _prepared_releases() -> QuerySet[Release]:
    rows = Release.objects.filter(
        state=ReleaseState.PREPARED, period__plan__state=PlanState.PUBLISHED
    )
    withheld = Prefetch("clearances", Clearance.objects.withheld())
    return (
        rows.select_related("period__plan")
        .defer(*source_document_fields("period__plan"))
        .prefetch_related(withheld)
    )


def _release_warnings(
    running: list[ReportItem], releases: list[Release], recipients: Recipients
) -> list[ReportReminder]:
    """To the signers of units whose line would say that they have not reported.
    A withheld line says nothing of it.
    """
    withheld = _withheld_lines(releases)
    return [
        ReportReminder(
            event=Event.RELEASE_WARNING,
            subject=item.subject,
            period=item.period,
            notified=recipients.notified_for(item.awaited_units, *SIGNERS_FIRST),
            due_on=item.period.release_on,
            item=item,
        )
        for item in running
        if item.is_silent_at_release and (item.task.pk, item.period.pk) not in withheld
    ]


def _withheld_lines(releases: list[Release]) -> set[tuple[int, int]]:
    """(task id, period id) of the lines that the releases leave out."""
    return {
        (row.task_id, release.period_id) for release in releases for row in release.clearances.all()
    }


def _ready_releases(releases: list[Release], recipients: Recipients) -> list[PeriodReminder]:
    """One for each approved release, to those who may publish it."""
    return [
        PeriodReminder(
            event=Event.RELEASE_READY,
            subject=f"{period_subject(release.period)}@{release.pk}",
            period=release.period,
            notified=_publishers(
                recipients, barred=release.prepared_by_id if release.two_persons else None
            ),
        )
        for release in releases
        if release.approved_by
    ]


def _publishers(recipients: Recipients, *, barred: int | None) -> dict[int, str]:
    """The publishers but for the barred one, by id; without any other the supervisors."""
    publishers = [person for person in recipients.everywhere(Role.PUBLISHER) if person.pk != barred]
    return same_words(publishers, PLEASE_PUBLISH) or recipients.supervisors_with(NO_PUBLISHER)


def _correction_reminders(recipients: Recipients) -> list[PeriodReminder]:
    """Proposed ones to the publishers, returned ones to whoever proposed them,
    while the corrected line is the newest.
    """
    rows = list(CorrectionRequest.objects.filter(publication__is_current=True).with_related())
    proposed = [row for row in rows if row.state == CorrectionState.PROPOSED]
    return [
        *_returned_corrections(rows, proposed_for={row.publication_id for row in proposed}),
        *(
            _correction_reminder(
                Event.CORRECTION_PROPOSED, row, _publishers(recipients, barred=row.proposed_by_id)
            )
            for row in proposed
        ),
    ]


def _returned_corrections(
    rows: list[CorrectionRequest], *, proposed_for: set[int]
) -> Iterable[PeriodReminder]:
    """None where another correction of the same publication was proposed since."""
    for row in rows:
        if row.state == CorrectionState.RETURNED and row.publication_id not in proposed_for:
            proposer = {row.proposed_by_id: "请看退回理由"}
            yield _correction_reminder(Event.CORRECTION_RETURNED, row, proposer)


def _correction_reminder(
    event: Event, row: CorrectionRequest, notified: dict[int, str]
) -> PeriodReminder:
    line = row.publication
    texts = {
        person: f"{line.task.code} {line.task.title}：{words}" for person, words in notified.items()
    }
    return PeriodReminder(
        event=event,
        subject=f"{line.task.code}:{line.period.address}@{row.pk}",
        period=line.period,
        notified=texts,
    )


# A period and the day until which some of its reports were extended, None for the others.
PeriodAndExtension = tuple[ReportingPeriod, date | None]


def _late_filing_reminders(day: date, recipients: Recipients) -> list[PeriodReminder]:
    """Once a quarter after its release, and once more where an extension has passed since."""
    owed: dict[PeriodAndExtension, dict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
    for row in _silent_publications(day):
        for person in _filing_people(row, recipients):
            owed[row.period, row.extended_to][person.pk].append(row.task.code)
    return [
        _late_filing_reminder(period, extended_to, codes_by_person)
        for (period, extended_to), codes_by_person in owed.items()
    ]


def _late_filing_reminder(
    period: ReportingPeriod, extended_to: date | None, codes_by_person: dict[int, list[str]]
) -> PeriodReminder:
    return PeriodReminder(
        event=Event.FILE_LATE,
        subject=period_subject(period) + (f"@{extended_to:%Y%m%d}" if extended_to else ""),
        period=period,
        notified={
            person: f"{len(codes)} 项公布时没有报送：{'、'.join(codes)}"
            for person, codes in codes_by_person.items()
        },
    )


def _filing_people(publication: Publication, recipients: Recipients) -> set[User]:
    """Those who may file the report that was missing, each once."""
    return {
        user
        for responsibility in publication.task.responsibilities.all()
        for user in recipients.first_available(responsibility.department, *UNIT_ROLES)
    }


def _silent_publications(day: date) -> QuerySet[Publication]:
    rows = Publication.objects.never_filed(day).filter(period__plan__state=PlanState.PUBLISHED)
    return _with_units(rows)


def _with_units(rows: QuerySet[Publication]) -> QuerySet[Publication]:
    """With task, plan and the units responsible now, without long texts."""
    in_force = Responsibility.objects.in_force().select_related("department")
    rows = rows.select_related("task", "period__plan").order_by("period", "task__number")
    rows = rows.defer("content", "task__search_text", *source_document_fields("period__plan"))
    return rows.prefetch_related(Prefetch("task__responsibilities", in_force))


def _objection_reminders(day: date, recipients: Recipients) -> list[ObjectionReminder]:
    """Once when a verdict that differs is published, and once more before the time to object is
    over.
    """
    rows = Publication.objects.open_to_objection(day - FILING)
    rows = rows.filter(period__plan__state=PlanState.PUBLISHED)
    return [
        ObjectionReminder(
            event=Event.OBJECTION_DUE,
            subject=f"{row.task.code}:{row.period.address}@{row.pk}",
            period=row.period,
            notified=recipients.in_units(
                responsibility.department for responsibility in row.task.responsibilities.all()
            ),
            due_on=local_day(row.published_at) + FILING,
            publication=row,
        )
        for row in _with_units(rows)
    ]
