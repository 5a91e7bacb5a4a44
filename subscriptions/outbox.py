"""The outbox: filled with what is to be said by now, emptied by one mail a person.

Sending is no deed: nothing of it enters the record.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F

from common.time.days import local_day
from departments.models import User
from subscriptions.channels import Channel, Undelivered
from subscriptions.choices import NoticeState
from subscriptions.models import Notice, Run
from subscriptions.reminders.reports import Key, ReminderSchedule, build_reminders
from subscriptions.words import Message, digest


def fill(*, at: datetime) -> int:
    """Puts in whatever is to be said by now and was not put in before; how many notices that were."""
    due_notices = build_reminders(local_day(at)).due_notices()
    again = _put_in_again(due_notices)
    before = Notice.objects.count()
    Notice.objects.bulk_create(
        (
            Notice(event=event, offset=offset, subject=subject, recipient_id=person, created_at=at)
            for event, offset, subject, person in dict.fromkeys(due_notices)
        ),
        # What is there stays as it is. Ignoring conflicts would on SQLite drop a row that breaks any other rule too.
        update_conflicts=True,
        unique_fields=["event", "offset", "subject", "recipient"],
        update_fields=["event"],
    )
    return again + Notice.objects.count() - before


def _put_in_again(due_notices: list[Key]) -> int:
    """What was taken out unsaid and holds once more, as when a post was given back."""
    wanted = set(due_notices)
    rows = Notice.objects.settled().filter(subject__in={subject for _, _, subject, _ in due_notices})
    found = rows.values_list("pk", "event", "offset", "subject", "recipient")
    again = [pk for pk, *key in found if tuple(key) in wanted]
    return rows.filter(pk__in=again).update(state=NoticeState.WAITING)


@dataclass
class Sent:
    """What a run did: mails and the notices in them, notices no longer needed, people it could not reach."""

    settled: int = 0
    mails: int = 0
    notices: int = 0
    unreached: int = 0
    # Why the run ended early; empty when it did not.
    broken: str = ""


def send(*, channel: Channel | None, clock: Callable[[], datetime], at_once: bool = False) -> Sent:
    """One mail to each person who is to be told something and got none today; `at_once`: also who did.

    Without a channel nothing is sent and everything waits. A slow run asks for the time again at each mail.
    """
    at = clock()
    now = build_reminders(local_day(at))
    waiting = _waiting(now, at)
    result = Sent(settled=_settle_others(waiting, at))
    for person, said in waiting.items() if channel else ():
        claimed = _claim(person, said, at=clock(), at_once=at_once)
        if not claimed:
            continue
        error = _tried(channel, person, [said[pk] for pk in claimed], now)
        _keep(result, claimed, error, clock())
        if result.broken:
            break
    return result


def _waiting(now: ReminderSchedule, at: datetime) -> dict[User, dict[int, Message]]:
    """Person -> notice id -> what to say, of all that still holds."""
    reminders = {(reminder.event, reminder.subject): reminder for reminder in now.reminders}
    found = defaultdict(dict)
    for notice in Notice.objects.free(at).select_related("recipient"):
        reminder = reminders.get((notice.event, notice.subject))
        reached = now.reached(reminder) if reminder else None
        told = reminder.recipients_at(notice.offset) if reached is not None and notice.offset <= reached else {}
        if notice.recipient_id in told:
            found[notice.recipient][notice.pk] = (reminder, told[notice.recipient_id])
    return found


def _settle_others(waiting: dict[User, dict[int, Message]], at: datetime) -> int:
    """Takes out what was done, put off or handed to somebody else before it was sent."""
    still = {pk for said in waiting.values() for pk in said}
    gone = [pk for pk in Notice.objects.free(at).values_list("pk", flat=True) if pk not in still]
    return Notice.objects.free(at).filter(pk__in=gone).update(state=NoticeState.SETTLED)


@transaction.atomic
def _claim(person: User, said: dict[int, Message], *, at: datetime, at_once: bool) -> list[int]:
    """Ids of the notices that are this run's from now on; none if another run has some, or a mail went out today."""
    User.objects.select_for_update(no_key=True).get(pk=person.pk)
    own = Notice.objects.filter(recipient=person)
    if own.being_sent(at).exists() or (not at_once and own.filter(sent_at__date=local_day(at)).exists()):
        return []
    claimed = list(own.free(at).filter(pk__in=said).values_list("pk", flat=True))
    own.filter(pk__in=claimed).update(claimed_at=at)
    return claimed


def _tried(channel: Channel, person: User, said: list[Message], now: ReminderSchedule) -> Exception | None:
    """What went wrong; None when it was handed over. Two offsets of one matter make one line."""
    lines = {(reminder.event, reminder.subject): (reminder, words) for reminder, words in said}
    subject, text = digest(person, lines.values(), now)
    try:
        channel.send(person, subject, text)
    # Whatever a site's own channel raises, the notice must stay and the claim must end.
    except Exception as error:
        return error
    return None


def _keep(result: Sent, claimed: list[int], error: Exception | None, at: datetime) -> None:
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


def note_run(command: str, said: str, *, at: datetime) -> None:
    """Keeps when a command ran and what it said, for the page that shows whether the timers live."""
    Run.objects.update_or_create(command=command, defaults={"ran_at": at, "said": said[:300]})
