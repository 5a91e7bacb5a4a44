"""Reminders about reports: to file, to sign and to assess them, and that one was returned."""

from collections import Counter, defaultdict

from departments.models import Department
from departments.roles import UNIT_ROLES, Role
from progress.actions.locks import period_subject
from progress.actions.signing import authored_by
from progress.choices import PeriodState, ReportStatus
from progress.models import ReportingPeriod
from progress.requirements.report_item import ReportItem
from subscriptions.items import by_period
from subscriptions.models import Event
from subscriptions.recipients import Recipients, same_words
from subscriptions.reminders.reminder import PeriodReminder, ReportReminder, timestamp
from subscriptions.roles import SIGNERS_FIRST
from tasks.recusal import recusing_units


def report_reminders(
    items: list[ReportItem], running: list[ReportItem], recipients: Recipients
) -> list[PeriodReminder]:
    """The reminders about all reports. `running`: the items of open and closed periods."""
    return [
        *_return_reminders(items, recipients),
        *_nudge_reminders(running, recipients),
        *_filing_reminders(running, recipients),
        *_signing_reminders(items, recipients),
        *_verdict_reminders(running, recipients),
        *_review_reminders(running, recipients),
        *_opening_reminders(running, recipients),
        *_early_closing_reminders(running, recipients),
    ]


def _return_reminders(items: list[ReportItem], recipients: Recipients) -> list[ReportReminder]:
    """One for each return: the moment it came back is part of the subject."""
    return [
        ReportReminder(
            event=Event.REPORT_RETURNED,
            subject=f"{item.subject}@{timestamp(returned_at)}",
            period=item.period,
            notified=recipients.notified_for(item.awaited_units, *UNIT_ROLES),
            item=item,
        )
        for item in items
        if (returned_at := item.returned_at)
    ]


def _nudge_reminders(running: list[ReportItem], recipients: Recipients) -> list[ReportReminder]:
    """One for each time the lead asked a partner for its part, until that is there."""
    return [
        ReportReminder(
            event=Event.PART_NUDGED,
            subject=f"{item.subject}@{row.department_id}-{timestamp(nudge.nudged_at)}",
            period=item.period,
            notified=recipients.notified_for([row.department], *UNIT_ROLES),
            item=item,
        )
        for item in running
        if item.is_unfiled and item.is_accepting
        for row in item.requirements.silent
        if (nudge := item.requirements.nudges.get(row.department_id))
    ]


def _filing_reminders(running: list[ReportItem], recipients: Recipients) -> list[ReportReminder]:
    """For reports never filed that are still accepted; a returned one has an event of its own.
    Another due day makes another reminder.
    """
    return [
        ReportReminder(
            event=Event.REPORT_DUE,
            subject=item.subject
            if item.due_on == item.period.due_on
            else f"{item.subject}@{item.due_on:%Y%m%d}",
            period=item.period,
            notified=_filing_people(item, recipients),
            notified_late=recipients.notified_for(item.awaited_units, *SIGNERS_FIRST),
            due_on=item.due_on,
            item=item,
        )
        for item in running
        if item.awaits_first_filing
    ]


def _filing_people(item: ReportItem, recipients: Recipients) -> dict[int, str]:
    """The reporters, or the signers once the report lies with them."""
    if item.is_signing and item.requirements.lead:
        return _signing_people(item, item.requirements.lead.department, recipients)
    return recipients.notified_for(item.awaited_units, *UNIT_ROLES)


def _signing_people(item: ReportItem, lead: Department, recipients: Recipients) -> dict[int, str]:
    """Signers of the lead unit who did not write the report; without any the supervisors."""
    report = item.report
    signers = [
        person
        for person in recipients.in_unit(lead, Role.SIGNER)
        if report is None or not authored_by(report, lead.pk, person)
    ]
    return same_words(signers, lead.short_name) or recipients.supervisors_with(
        f"{lead.short_name}（该单位没有可以审签的人）"
    )


def _signing_reminders(items: list[ReportItem], recipients: Recipients) -> list[ReportReminder]:
    """One for each time a report is sent to the signers."""
    return [
        ReportReminder(
            event=Event.REPORT_TO_SIGN,
            subject=f"{item.subject}@{timestamp(sent_at)}",
            period=item.period,
            notified=_signing_people(item, lead.department, recipients),
            item=item,
        )
        for item in items
        if (sent_at := item.sent_to_sign_at)
        and item.is_accepting
        and (lead := item.requirements.lead)
    ]


def _verdict_reminders(running: list[ReportItem], recipients: Recipients) -> list[ReportReminder]:
    """One for each verdict, to all units of the task, until it is published."""
    return [
        ReportReminder(
            event=Event.VERDICT_DIFFERS if verdict.differs_from(report) else Event.REPORT_VERIFIED,
            subject=f"{item.subject}@{verdict.pk}",
            period=item.period,
            notified=recipients.in_units(
                row.department for row in item.requirements.responsibilities
            ),
            item=item,
        )
        for item in running
        if (report := item.report)
        and item.status == ReportStatus.VERIFIED
        and (verdict := item.requirements.verdict)
    ]


def _review_reminders(running: list[ReportItem], recipients: Recipients) -> list[PeriodReminder]:
    """One for each period, to every supervisor who may assess something in it."""
    waiting = by_period(item for item in running if item.status == ReportStatus.SUBMITTED)
    barred = _recusing_units(recipients) if waiting else {}
    return [
        PeriodReminder(
            event=Event.REVIEW_DUE,
            subject=period_subject(period),
            period=period,
            notified=_assessors(items, barred),
            due_on=period.review_due_on,
        )
        for period, items in waiting.items()
    ]


def _recusing_units(recipients: Recipients) -> dict[int, set[int]]:
    """Supervisor id -> ids of the units whose tasks that person must not assess."""
    return {judge.pk: recusing_units(judge) for judge in recipients.everywhere(Role.SUPERVISOR)}


def _assessors(items: list[ReportItem], barred: dict[int, set[int]]) -> dict[int, str]:
    """Supervisor id -> how many of the items that person may assess."""
    counts = Counter(
        judge
        for judge, units in barred.items()
        for item in items
        if not item.requirements.units & units
    )
    return {judge: f"{count} 份待核查" for judge, count in counts.items()}


def _opening_reminders(running: list[ReportItem], recipients: Recipients) -> list[PeriodReminder]:
    """One for each period, to everybody who has something to file in it."""
    # Each unit once, in the order of the items.
    units: dict[ReportingPeriod, dict[Department, None]] = defaultdict(dict)
    for item in running:
        if item.is_unfiled and item.period.state == PeriodState.OPEN:
            units[item.period] |= dict.fromkeys(item.awaited_units)
    return _to_units(Event.PERIOD_OPENED, units, recipients)


def _early_closing_reminders(
    running: list[ReportItem], recipients: Recipients
) -> list[PeriodReminder]:
    """One for each period that was closed early, to every unit that reports in it, filed or not."""
    units: dict[ReportingPeriod, dict[Department, None]] = defaultdict(dict)
    for item in running:
        if item.period.state == PeriodState.CLOSED and item.period.is_closed_early:
            rows = item.requirements.responsibilities
            units[item.period] |= dict.fromkeys(row.department for row in rows)
    return _to_units(Event.CLOSED_EARLY, units, recipients)


def _to_units(
    event: Event, units: dict[ReportingPeriod, dict[Department, None]], recipients: Recipients
) -> list[PeriodReminder]:
    """One for each period, to its units; the units are keys, each once and in order."""
    return [
        PeriodReminder(
            event=event,
            subject=period_subject(period),
            period=period,
            notified=recipients.notified_for(concerned, *UNIT_ROLES),
        )
        for period, concerned in units.items()
    ]
