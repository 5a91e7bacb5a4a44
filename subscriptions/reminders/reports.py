"""All reminders of a day, and those about reports, releases and corrections.
Writes nothing and sends nothing.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch

from departments.models import CalendarDay, Role
from departments.roles import UNIT_ROLES
from departments.rules.working_days import count_working_days
from progress.actions.locks import period_subject
from progress.actions.signing import authored_by
from progress.choices import PeriodState, ReportStatus
from publishing.choices import CorrectionState, ReleaseState
from publishing.models import Clearance, CorrectionRequest, Publication, Release
from subscriptions.items import RUNNING, ReportItem, items_of, running_periods
from subscriptions.models import Event
from subscriptions.recipients import Recipients
from subscriptions.reminders.coordination import coordination_reminders
from subscriptions.reminders.reminder import Reminder, timestamp
from subscriptions.reminders.slips import slip_reminders
from subscriptions.reminders.tickets import ticket_reminders
from subscriptions.roles import SIGNERS_FIRST
from tasks.choices import PlanState
from tasks.models import Responsibility
from tasks.querysets import source_document_fields
from tasks.recusal import recusing_units

# (event, offset, subject, recipient id), as the outbox keeps it once
NoticeKey = tuple[str, int, str, int]


@dataclass(frozen=True)
class ReminderSchedule:
    """All reminders of one day, with the workdays of the calendar needed to judge them."""

    day: date
    reminders: list[Reminder]
    workdays: dict[date, bool]

    def days_after(self, due_on: date) -> int:
        """Working days since the due day, negative before it."""
        return count_working_days(self.workdays, due_on, self.day)

    def latest_offset(self, reminder: Reminder) -> int | None:
        """The latest offset that has come, None before the first.
        Days missed are not made up one by one.
        """
        if reminder.due_on is None:
            return 0
        passed = self.days_after(reminder.due_on)
        return max((offset for offset in reminder.offsets if offset <= passed), default=None)

    def due_notices(self) -> list[NoticeKey]:
        """Every notice that is due by now, sent before or not."""
        offsets = [(reminder, self.latest_offset(reminder)) for reminder in self.reminders]
        return [
            (reminder.event, offset, reminder.subject, person)
            for reminder, offset in offsets
            if offset is not None
            for person in reminder.recipients_at(offset)
        ]


def build_reminders(day: date) -> ReminderSchedule:
    """All reminders of the day.

    A constant number of queries, and two more for each supervisor while something waits to be
    assessed.
    """
    periods, recipients = running_periods(), Recipients.today()
    items = items_of(periods, day)
    running = [item for item in items if item.period.state in RUNNING]
    releases = list(_prepared_releases())
    reminders = [
        *_return_reminders(items, recipients),
        *_release_warnings(running, releases, recipients),
        *_filing_reminders(running, recipients),
        *_signing_reminders(items, recipients),
        *_review_reminders(running, recipients),
        *_ready_releases(releases, recipients),
        *_opening_reminders(running, recipients),
        *_correction_reminders(recipients),
        *_late_filing_reminders(day, recipients),
        *slip_reminders(recipients),
        *coordination_reminders(recipients),
        *ticket_reminders(recipients),
    ]
    days = [day, *(reminder.due_on for reminder in reminders if reminder.due_on)]
    return ReminderSchedule(day, reminders, CalendarDay.objects.table(days))


def _return_reminders(items: list[ReportItem], recipients: Recipients) -> list[Reminder]:
    """One for each return: the moment it came back is part of the subject."""
    return [
        Reminder(
            Event.REPORT_RETURNED,
            f"{item.subject}@{timestamp(item.report.returned_at)}",
            item.period,
            recipients.notified_for(item.units, *UNIT_ROLES),
            item=item,
        )
        for item in items
        if item.status == ReportStatus.RETURNED
    ]


def _filing_reminders(running: list[ReportItem], recipients: Recipients) -> list[Reminder]:
    """For reports never filed that are still accepted; a returned one has an event of its own.
    Another due day makes another reminder.
    """
    return [
        Reminder(
            Event.REPORT_DUE,
            item.subject
            if item.due_on == item.period.due_on
            else f"{item.subject}@{item.due_on:%Y%m%d}",
            item.period,
            _filing_people(item, recipients),
            notified_late=recipients.notified_for(item.units, *SIGNERS_FIRST),
            due_on=item.due_on,
            item=item,
        )
        for item in running
        if item.is_unfiled and not item.is_returned and item.is_accepting
    ]


def _filing_people(item: ReportItem, recipients: Recipients) -> dict[int, str]:
    """The reporters, or the signers once the report lies with them."""
    if item.is_signing and item.requirements.lead:
        return _signing_people(item, recipients)
    return recipients.notified_for(item.units, *UNIT_ROLES)


def _signing_people(item: ReportItem, recipients: Recipients) -> dict[int, str]:
    """Signers of the lead unit who did not write the report; without any the supervisors."""
    unit = item.requirements.lead.department
    signers = [
        person
        for person in recipients.in_unit(unit, Role.SIGNER)
        if not authored_by(item.report, unit.pk, person)
    ]
    if signers:
        return dict.fromkeys((person.pk for person in signers), unit.short_name)
    supervisors = recipients.everywhere(Role.SUPERVISOR)
    return dict.fromkeys(
        (person.pk for person in supervisors), f"{unit.short_name}（该单位没有可以审签的人）"
    )


def _signing_reminders(items: list[ReportItem], recipients: Recipients) -> list[Reminder]:
    """One for each time a report is sent to the signers."""
    return [
        Reminder(
            Event.REPORT_TO_SIGN,
            f"{item.subject}@{timestamp(item.report.sent_at)}",
            item.period,
            _signing_people(item, recipients),
            item=item,
        )
        for item in items
        if item.is_signing and item.is_accepting and item.requirements.lead
    ]


def _release_warnings(
    running: list[ReportItem], releases: list[Release], recipients: Recipients
) -> list[Reminder]:
    """To the signers of units whose line would say that they have not reported.
    A withheld line says nothing of it.
    """
    withheld = {
        (row.task_id, release.period_id) for release in releases for row in release.clearances.all()
    }
    return [
        Reminder(
            Event.RELEASE_WARNING,
            item.subject,
            item.period,
            recipients.notified_for(item.units, *SIGNERS_FIRST),
            due_on=item.period.release_on,
            item=item,
        )
        for item in running
        if item.is_silent_at_release and (item.task.pk, item.period.pk) not in withheld
    ]


def _review_reminders(running: list[ReportItem], recipients: Recipients) -> list[Reminder]:
    """One for each period, to every supervisor who may assess something in it."""
    waiting = defaultdict(list)
    for item in running:
        if item.status == ReportStatus.SUBMITTED:
            waiting[item.period].append(item)
    judges = recipients.everywhere(Role.SUPERVISOR) if waiting else []
    barred = {judge.pk: recusing_units(judge) for judge in judges}
    return [
        Reminder(
            Event.REVIEW_DUE,
            period_subject(period),
            period,
            _assessors(items, barred),
            due_on=period.review_due_on,
        )
        for period, items in waiting.items()
    ]


def _assessors(items: list[ReportItem], barred: dict[int, set[int]]) -> dict[int, str]:
    answering = [
        {row.department_id for row in item.requirements.responsibilities} for item in items
    ]
    counts = Counter(
        judge
        for judge, units in barred.items()
        for responsible in answering
        if not responsible & units
    )
    return {judge: f"{count} 份待核查" for judge, count in counts.items()}


def _prepared_releases() -> Iterable[Release]:
    rows = Release.objects.filter(
        state=ReleaseState.PREPARED, period__plan__state=PlanState.PUBLISHED
    )
    withheld = Prefetch("clearances", Clearance.objects.withheld())
    return (
        rows.select_related("period__plan")
        .defer(*source_document_fields("period__plan"))
        .prefetch_related(withheld)
    )


def _ready_releases(releases: list[Release], recipients: Recipients) -> list[Reminder]:
    """For approved releases, to those who may publish them; without any to the supervisors."""
    publishers, supervisors = (
        recipients.everywhere(Role.PUBLISHER),
        recipients.everywhere(Role.SUPERVISOR),
    )
    reminders = []
    for release in (release for release in releases if release.approved_by):
        barred = release.prepared_by_id if release.two_persons else None
        notified = {person.pk: "请核对后发布" for person in publishers if person.pk != barred}
        notified = notified or dict.fromkeys(
            (person.pk for person in supervisors), "还没有可以发布的发布员"
        )
        subject = f"{period_subject(release.period)}@{release.pk}"
        reminders.append(Reminder(Event.RELEASE_READY, subject, release.period, notified))
    return reminders


def _opening_reminders(running: list[ReportItem], recipients: Recipients) -> list[Reminder]:
    """One for each period, to everybody who has something to file in it."""
    units = defaultdict(dict)
    for item in running:
        if item.is_unfiled and item.period.state == PeriodState.OPEN:
            units[item.period] |= dict.fromkeys(item.units)
    return [
        Reminder(
            Event.PERIOD_OPENED,
            period_subject(period),
            period,
            recipients.notified_for(owed, *UNIT_ROLES),
        )
        for period, owed in units.items()
    ]


def _correction_reminders(recipients: Recipients) -> list[Reminder]:
    """Proposed ones to the publishers, returned ones to whoever proposed them,
    while the corrected line is the newest.
    """
    rows = CorrectionRequest.objects.filter(publication__is_current=True).with_related()
    waiting = [row for row in rows if row.state == CorrectionState.PROPOSED]
    lines = {row.publication_id for row in waiting}
    returned = [
        row
        for row in rows
        if row.state == CorrectionState.RETURNED and row.publication_id not in lines
    ]
    publishers, supervisors = (
        recipients.everywhere(Role.PUBLISHER),
        recipients.everywhere(Role.SUPERVISOR),
    )
    reminders = [
        _correction_reminder(Event.CORRECTION_RETURNED, row, {row.proposed_by_id: "请看退回理由"})
        for row in returned
    ]
    for row in waiting:
        notified = dict.fromkeys(
            (person.pk for person in publishers if person.pk != row.proposed_by_id), "请核对后发布"
        )
        instead = dict.fromkeys((person.pk for person in supervisors), "还没有可以发布的发布员")
        reminders.append(_correction_reminder(Event.CORRECTION_PROPOSED, row, notified or instead))
    return reminders


def _correction_reminder(
    event: Event, row: CorrectionRequest, notified: dict[int, str]
) -> Reminder:
    line = row.publication
    subject = f"{line.task.code}:{line.period.address}@{row.pk}"
    texts = {
        person: f"{line.task.code} {line.task.title}：{words}" for person, words in notified.items()
    }
    return Reminder(event, subject, line.period, texts)


def _late_filing_reminders(day: date, recipients: Recipients) -> list[Reminder]:
    """Once a quarter after its release, and once more where an extension has passed since."""
    owed = defaultdict(lambda: defaultdict(list))
    for row in _silent_publications(day):
        for person in {
            user.pk
            for responsibility in row.task.answering
            for user in recipients.first_available(responsibility.department, *UNIT_ROLES)
        }:
            owed[row.period, row.extended_to][person].append(row.task.code)
    return [
        Reminder(
            Event.FILE_LATE,
            period_subject(period) + (f"@{granted:%Y%m%d}" if granted else ""),
            period,
            {
                person: f"{len(codes)} 项公布时没有报送：{'、'.join(codes)}"
                for person, codes in codes_by_person.items()
            },
        )
        for (period, granted), codes_by_person in owed.items()
    ]


def _silent_publications(day: date) -> Iterable[Publication]:
    rows = Publication.objects.never_filed(day).filter(period__plan__state=PlanState.PUBLISHED)
    answering = Responsibility.objects.in_force().select_related("department")
    rows = rows.select_related("task", "period__plan").order_by("period", "task__number")
    rows = rows.defer("content", "task__search_text", *source_document_fields("period__plan"))
    return rows.prefetch_related(Prefetch("task__responsibilities", answering, to_attr="answering"))
