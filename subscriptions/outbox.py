"""The outbox: filled with the notices that are due, emptied by one mail to each person.

Sending changes nothing on record, so it leaves no ledger entry.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F

from common.time.days import local_day
from departments.models import User
from subscriptions.channels import Channel, Undelivered
from subscriptions.choices import NoticeState
from subscriptions.models import Event, Notice, Run
from subscriptions.reminders.reminder import Reminder
from subscriptions.reminders.schedule import NoticeKey, ReminderSchedule, build_reminders
from subscriptions.words import ReminderLine, digest


def fill(*, at: datetime) -> int:
    """Puts the notices that are due by `at` into the outbox; returns how many are new there."""
    due_notices = build_reminders(local_day(at)).due_notices()
    restored = _restore_settled(due_notices)
    before = Notice.objects.count()
    Notice.objects.bulk_create(
        (
            Notice(event=event, offset=offset, subject=subject, recipient_id=person, created_at=at)
            for event, offset, subject, person in dict.fromkeys(due_notices)
        ),
        # Existing notices stay as they are. Ignoring conflicts would, on SQLite, also drop a row
        # that breaks any other constraint.
        update_conflicts=True,
        unique_fields=["event", "offset", "subject", "recipient"],
        update_fields=["event"],
    )
    return restored + Notice.objects.count() - before


def _restore_settled(due_notices: list[NoticeKey]) -> int:
    """Restores notices that were taken out unsent and are due again,
    as when a role was given back.
    """
    due = set(due_notices)
    rows = Notice.objects.settled().filter(
        subject__in={subject for _, _, subject, _ in due_notices}
    )
    keys = rows.values_list("pk", "event", "offset", "subject", "recipient")
    restored = [pk for pk, *key in keys if tuple(key) in due]
    return rows.filter(pk__in=restored).update(state=NoticeState.WAITING)


@dataclass
class SendingResult:
    """What a run did: mails sent and the notices in them, notices no longer needed,
    people not reached.
    """

    settled: int = 0
    mails: int = 0
    notices: int = 0
    unreached: int = 0
    # Why the run ended early; empty when it did not.
    broken: str = ""


def send(
    *, channel: Channel | None, clock: Callable[[], datetime], at_once: bool = False
) -> SendingResult:
    """Sends one mail to each person with waiting notices who got none today.

    `channel`: None sends nothing, so that everything waits. `clock`: asked again at each mail,
    because a run can be slow. `at_once`: also to people who got a mail today.
    """
    at = clock()
    schedule = build_reminders(local_day(at))
    waiting = _waiting_lines(schedule, at)
    result = SendingResult(settled=_settle_others(waiting, at))
    if channel is None:
        return result
    for person, lines in waiting.items():
        claimed = _claim(person, lines, at=clock(), at_once=at_once)
        if not claimed:
            continue
        error = _deliver(channel, person, claimed.values(), schedule)
        _record_delivery(result, list(claimed), error, clock())
        if result.broken:
            break
    return result


def _waiting_lines(schedule: ReminderSchedule, at: datetime) -> dict[User, dict[int, ReminderLine]]:
    """Person -> notice id -> line of the mail, of all notices that are still due."""
    reminders = {(reminder.event, reminder.subject): reminder for reminder in schedule.reminders}
    lines: dict[User, dict[int, ReminderLine]] = defaultdict(dict)
    for notice in Notice.objects.free(at).select_related("recipient"):
        reminder = reminders.get((Event(notice.event), notice.subject))
        if reminder and (line := _line_of(notice, reminder, schedule)):
            lines[notice.recipient][notice.pk] = line
    return lines


def _line_of(notice: Notice, reminder: Reminder, schedule: ReminderSchedule) -> ReminderLine | None:
    """The line that the recipient of the notice reads; None where the notice is not due now or the
    person is not notified any more.
    """
    latest = schedule.latest_offset(reminder)
    if latest is None or notice.offset > latest:
        return None
    words = reminder.recipients_at(notice.offset).get(notice.recipient_id)
    return None if words is None else (reminder, words)


def _settle_others(waiting: dict[User, dict[int, ReminderLine]], at: datetime) -> int:
    """Settles notices that are done, postponed or somebody else's now; returns how many."""
    current = {pk for lines in waiting.values() for pk in lines}
    outdated = [
        pk for pk in Notice.objects.free(at).values_list("pk", flat=True) if pk not in current
    ]
    return Notice.objects.free(at).filter(pk__in=outdated).update(state=NoticeState.SETTLED)


@transaction.atomic
def _claim(
    person: User, lines: dict[int, ReminderLine], *, at: datetime, at_once: bool
) -> dict[int, ReminderLine]:
    """Claims the person's notices for this run and returns their lines;
    none where another run has some or a mail went out today.
    """
    User.objects.select_for_update(no_key=True).get(pk=person.pk)
    own = Notice.objects.filter(recipient=person)
    if own.being_sent(at).exists() or (
        not at_once and own.filter(sent_at__date=local_day(at)).exists()
    ):
        return {}
    claimed = list(own.free(at).filter(pk__in=lines).values_list("pk", flat=True))
    own.filter(pk__in=claimed).update(claimed_at=at)
    return {pk: lines[pk] for pk in claimed}


def _deliver(
    channel: Channel, person: User, lines: Iterable[ReminderLine], schedule: ReminderSchedule
) -> Exception | None:
    """Sends the mail; returns what went wrong, None where nothing did.
    Two offsets of one reminder make one line.
    """
    by_subject = {
        (reminder.event, reminder.subject): (reminder, words) for reminder, words in lines
    }
    subject, text = digest(person, by_subject.values(), schedule)
    try:
        channel.send(person, subject, text)
    # Whatever a site's own channel raises, the notice has to stay and the claim to end.
    except Exception as error:
        return error
    return None


def _record_delivery(
    result: SendingResult, claimed: list[int], error: Exception | None, at: datetime
) -> None:
    """Marks the notices as sent or failed, and counts them in the result."""
    rows = Notice.objects.filter(pk__in=claimed)
    if error is None:
        rows.update(state=NoticeState.SENT, sent_at=at, claimed_at=None, last_error="")
        result.mails, result.notices = result.mails + 1, result.notices + len(claimed)
        return
    why = (str(error) or type(error).__name__)[:200]
    rows.update(attempts=F("attempts") + 1, last_error=why, claimed_at=None)
    if isinstance(error, Undelivered):
        result.unreached += 1
    else:
        result.broken = why


def has_run(command: str, *, since: datetime) -> bool:
    """Whether a command has run at or after this moment."""
    return Run.objects.filter(command=command, ran_at__gte=since).exists()


def note_run(command: str, summary: str, *, at: datetime) -> None:
    """Keeps when a command ran and what it reported,
    for the page that shows whether the timers work.
    """
    Run.objects.update_or_create(command=command, defaults={"ran_at": at, "result": summary[:300]})
