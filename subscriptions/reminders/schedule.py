"""All reminders of a day, and which of them have to be sent by then.
Writes nothing and sends nothing.
"""

from dataclasses import dataclass
from datetime import date

from departments.models import CalendarDay
from departments.rules.working_days import count_working_days
from subscriptions.items import RUNNING, items_of, running_periods
from subscriptions.recipients import Recipients
from subscriptions.reminders.coordination import coordination_reminders
from subscriptions.reminders.releases import release_reminders
from subscriptions.reminders.reminder import Reminder
from subscriptions.reminders.reports import report_reminders
from subscriptions.reminders.slips import slip_reminders
from subscriptions.reminders.tickets import ticket_reminders

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
    reminders: list[Reminder] = [
        *report_reminders(items, running, recipients),
        *release_reminders(running, day, recipients),
        *slip_reminders(day, recipients),
        *coordination_reminders(recipients),
        *ticket_reminders(recipients),
    ]
    days = [day, *(reminder.due_on for reminder in reminders if reminder.due_on)]
    return ReminderSchedule(day, reminders, CalendarDay.objects.table(days))
