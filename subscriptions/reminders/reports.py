"""What waits for whom, from the rows as they stand, and when it is time to say so. Writes nothing, sends nothing."""

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
from subscriptions.reminders.reminder import Reminder, moment
from subscriptions.reminders.slips import slip_reminders
from subscriptions.reminders.tickets import ticket_reminders
from subscriptions.roles import HEADS_FIRST
from tasks.choices import PlanState
from tasks.models import Responsibility
from tasks.querysets import source_document_fields
from tasks.recusal import recusing_units

# (event, offset, subject, recipient id), as the outbox keeps it once
Key = tuple[str, int, str, int]


@dataclass(frozen=True)
class ReminderSchedule:
    """All matters of one day, with the working days needed to judge them."""

    day: date
    reminders: list[Reminder]
    worked: dict[date, bool]

    def days_after(self, due_on: date) -> int:
        """Working days since the due day, negative before it."""
        return count_working_days(self.worked, due_on, self.day)

    def reached(self, reminder: Reminder) -> int | None:
        """The latest offset that has come, so that days missed are not made up one by one; None before the first."""
        if reminder.due_on is None:
            return 0
        passed = self.days_after(reminder.due_on)
        return max((offset for offset in reminder.offsets if offset <= passed), default=None)

    def due_notices(self) -> list[Key]:
        """Everything anybody is to be told by now, said before or not."""
        reached = [(reminder, self.reached(reminder)) for reminder in self.reminders]
        return [
            (reminder.event, offset, reminder.subject, person)
            for reminder, offset in reached
            if offset is not None
            for person in reminder.recipients_at(offset)
        ]


def build_reminders(day: date) -> ReminderSchedule:
    """A constant number of queries, and two more for each supervisor while something waits to be assessed."""
    periods, recipients = running_periods(), Recipients.today()
    items = items_of(periods, day)
    running = [item for item in items if item.period.state in RUNNING]
    releases = list(_prepared())
    reminders = [
        *_returned(items, recipients),
        *_warnings(running, releases, recipients),
        *_to_file(running, recipients),
        *_to_sign(items, recipients),
        *_reviews(running, recipients),
        *_ready(releases, recipients),
        *_opened(running, recipients),
        *_corrections(recipients),
        *_to_file_late(day, recipients),
        *slip_reminders(recipients),
        *coordination_reminders(recipients),
        *ticket_reminders(recipients),
    ]
    days = [day, *(reminder.due_on for reminder in reminders if reminder.due_on)]
    return ReminderSchedule(day, reminders, CalendarDay.objects.table(days))


def _returned(items: list[ReportItem], recipients: Recipients) -> list[Reminder]:
    """Each time anew: the moment it came back is part of the subject."""
    return [
        Reminder(
            Event.REPORT_RETURNED,
            f"{item.subject}@{moment(item.report.returned_at)}",
            item.period,
            recipients.told(item.units, *UNIT_ROLES),
            item=item,
        )
        for item in items
        if item.status == ReportStatus.RETURNED
    ]


def _to_file(running: list[ReportItem], recipients: Recipients) -> list[Reminder]:
    """Never handed in, and still taken; what came back has an event of its own. Another day is another matter."""
    return [
        Reminder(
            Event.REPORT_DUE,
            item.subject if item.due_on == item.period.due_on else f"{item.subject}@{item.due_on:%Y%m%d}",
            item.period,
            _owing(item, recipients),
            heads=recipients.told(item.units, *HEADS_FIRST),
            due_on=item.due_on,
            item=item,
        )
        for item in running
        if item.unfiled and not item.returned and item.takes
    ]


def _owing(item: ReportItem, recipients: Recipients) -> dict[int, str]:
    """Once it lies with the signers, the reporters have done their part."""
    if item.signing and item.requirements.lead:
        return _signers(item, recipients)
    return recipients.told(item.units, *UNIT_ROLES)


def _signers(item: ReportItem, recipients: Recipients) -> dict[int, str]:
    """Those of the lead unit who did not write it; without any the supervisors."""
    unit = item.requirements.lead.department
    free = [person for person in recipients.of(unit, Role.SIGNER) if not authored_by(item.report, unit.pk, person)]
    if free:
        return dict.fromkeys((person.pk for person in free), unit.short_name)
    supervisors = recipients.everywhere(Role.SUPERVISOR)
    return dict.fromkeys((person.pk for person in supervisors), f"{unit.short_name}（该单位没有可以审签的人）")


def _to_sign(items: list[ReportItem], recipients: Recipients) -> list[Reminder]:
    """Each time it is sent to them."""
    return [
        Reminder(
            Event.REPORT_TO_SIGN,
            f"{item.subject}@{moment(item.report.sent_at)}",
            item.period,
            _signers(item, recipients),
            item=item,
        )
        for item in items
        if item.signing and item.takes and item.requirements.lead
    ]


def _warnings(running: list[ReportItem], releases: list[Release], recipients: Recipients) -> list[Reminder]:
    """To the heads of units whose line would say that they have not reported. A withheld line says nothing of it."""
    withheld = {(row.task_id, release.period_id) for release in releases for row in release.clearances.all()}
    return [
        Reminder(
            Event.RELEASE_WARNING,
            item.subject,
            item.period,
            recipients.told(item.units, *HEADS_FIRST),
            due_on=item.period.release_on,
            item=item,
        )
        for item in running
        if item.silent_at_release and (item.task.pk, item.period.pk) not in withheld
    ]


def _reviews(running: list[ReportItem], recipients: Recipients) -> list[Reminder]:
    """One a period, to every supervisor who may assess something of it."""
    waiting = defaultdict(list)
    for item in running:
        if item.status == ReportStatus.SUBMITTED:
            waiting[item.period].append(item)
    judges = recipients.everywhere(Role.SUPERVISOR) if waiting else []
    barred = {judge.pk: recusing_units(judge) for judge in judges}
    return [
        Reminder(
            Event.REVIEW_DUE, period_subject(period), period, _to_assess(items, barred), due_on=period.review_due_on
        )
        for period, items in waiting.items()
    ]


def _to_assess(items: list[ReportItem], barred: dict[int, set[int]]) -> dict[int, str]:
    answering = [{row.department_id for row in item.requirements.responsibilities} for item in items]
    counts = Counter(judge for judge, units in barred.items() for asked in answering if not asked & units)
    return {judge: f"{count} 份待核查" for judge, count in counts.items()}


def _prepared() -> Iterable[Release]:
    rows = Release.objects.filter(state=ReleaseState.PREPARED, period__plan__state=PlanState.PUBLISHED)
    withheld = Prefetch("clearances", Clearance.objects.withheld())
    return rows.select_related("period__plan").defer(*source_document_fields("period__plan")).prefetch_related(withheld)


def _ready(releases: list[Release], recipients: Recipients) -> list[Reminder]:
    """Once it is approved, to those who may publish it; without any to the supervisors."""
    publishers, supervisors = recipients.everywhere(Role.PUBLISHER), recipients.everywhere(Role.SUPERVISOR)
    found = []
    for release in (release for release in releases if release.approved_by):
        barred = release.prepared_by_id if release.two_persons else None
        told = {person.pk: "请核对后发布" for person in publishers if person.pk != barred}
        told = told or dict.fromkeys((person.pk for person in supervisors), "还没有可以发布的发布员")
        subject = f"{period_subject(release.period)}@{release.pk}"
        found.append(Reminder(Event.RELEASE_READY, subject, release.period, told))
    return found


def _opened(running: list[ReportItem], recipients: Recipients) -> list[Reminder]:
    """Once a period, to everybody who has something to file in it."""
    units = defaultdict(dict)
    for item in running:
        if item.unfiled and item.period.state == PeriodState.OPEN:
            units[item.period] |= dict.fromkeys(item.units)
    return [
        Reminder(Event.PERIOD_OPENED, period_subject(period), period, recipients.told(owed, *UNIT_ROLES))
        for period, owed in units.items()
    ]


def _corrections(recipients: Recipients) -> list[Reminder]:
    """Proposed ones to the publishers, those sent back to whoever proposed them; only while the line is the newest."""
    rows = CorrectionRequest.objects.filter(publication__is_current=True).with_related()
    waiting = [row for row in rows if row.state == CorrectionState.PROPOSED]
    lines = {row.publication_id for row in waiting}
    returned = [row for row in rows if row.state == CorrectionState.RETURNED and row.publication_id not in lines]
    publishers, supervisors = recipients.everywhere(Role.PUBLISHER), recipients.everywhere(Role.SUPERVISOR)
    reminders = [_correction(Event.CORRECTION_RETURNED, row, {row.proposed_by_id: "请看退回理由"}) for row in returned]
    for row in waiting:
        told = dict.fromkeys((person.pk for person in publishers if person.pk != row.proposed_by_id), "请核对后发布")
        nobody = dict.fromkeys((person.pk for person in supervisors), "还没有可以发布的发布员")
        reminders.append(_correction(Event.CORRECTION_PROPOSED, row, told or nobody))
    return reminders


def _correction(event: Event, row: CorrectionRequest, told: dict[int, str]) -> Reminder:
    line = row.publication
    subject = f"{line.task.code}:{line.period.address}@{row.pk}"
    named = {person: f"{line.task.code} {line.task.title}：{words}" for person, words in told.items()}
    return Reminder(event, subject, line.period, named)


def _to_file_late(day: date, recipients: Recipients) -> list[Reminder]:
    """Once a quarter after its release; and once more where a day that was granted has passed since."""
    owed = defaultdict(lambda: defaultdict(list))
    for row in _silent(day):
        for person in {
            user.pk for held in row.task.answering for user in recipients.first(held.department, *UNIT_ROLES)
        }:
            owed[row.period, row.extended_to][person].append(row.task.code)
    return [
        Reminder(
            Event.FILE_LATE,
            period_subject(period) + (f"@{granted:%Y%m%d}" if granted else ""),
            period,
            {person: f"{len(codes)} 项公布时没有报送：{'、'.join(codes)}" for person, codes in told.items()},
        )
        for (period, granted), told in owed.items()
    ]


def _silent(day: date) -> Iterable[Publication]:
    rows = Publication.objects.never_filed(day).filter(period__plan__state=PlanState.PUBLISHED)
    answering = Responsibility.objects.in_force().select_related("department")
    rows = rows.select_related("task", "period__plan").order_by("period", "task__number")
    rows = rows.defer("content", "task__search_text", *source_document_fields("period__plan"))
    return rows.prefetch_related(Prefetch("task__responsibilities", answering, to_attr="answering"))
