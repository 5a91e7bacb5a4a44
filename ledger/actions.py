"""Writes ledger entries: `append` is called last in the transaction of the action it records."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypedDict

from django.db import connection, transaction
from django.utils import timezone

from common.text.canonical import canonical, instant
from ledger.models import GENESIS, OPEN, SEALED, Entry, RecordCheck
from ledger.public_version import raise_version
from ledger.verification import Verification

# Any number that no other advisory lock of the database uses.
LOCK_KEY = 0x1ED6E2


@dataclass(frozen=True)
class Actor:
    """Who acted, as text that never changes: account id, unit and role on that day.

    The default is the portal itself.
    """

    id: str = ""
    unit: str = ""
    post: str = "系统"


class ActorAndTime(TypedDict):
    """The arguments `by` and `at` of an action that takes an actor."""

    by: Actor
    at: datetime


@dataclass(frozen=True)
class LedgerEvent:
    """One change of one subject, to be written to the ledger.

    `facts`: ids, choices, numbers and digests, never a citizen's text or anybody's name;
    `public`: whether the public ledger shows it. Of any other event strangers learn only that
    there is an entry, and its day. `affects_public`: whether a public page, file or answer of the
    API outside the pages of the record may differ afterwards; what is public always does.
    """

    verb: str
    subject_type: str
    subject_id: str
    facts: dict[str, Any] = field(default_factory=dict)
    public: bool = True
    # True unless said otherwise: a page made again for nothing costs less than an old one.
    affects_public: bool = True


def append(events: Iterable[LedgerEvent], *, by: Actor, at: datetime) -> list[Entry]:
    """Append the events to the hash chain, in their order, with one insert, and raise the public
    version if one of them calls for it.

    `by`: who acted; `at`: the moment it happened. The entry also holds the moment of writing.

    Raises TransactionManagementError outside a transaction: an entry must not outlive a change that
    is rolled back.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError(
            "append() belongs inside the transaction of the action"
        )
    _lock_chain()
    last = Entry.objects.order_by("-seq").first()
    now = timezone.now()
    recorded_at = max(now, last.recorded_at) if last else now
    entries: list[Entry] = []
    affects_public = False
    for event in events:
        last = _next_entry(event, last, by=by, at=at, recorded_at=recorded_at)
        entries.append(last)
        affects_public |= event.public or event.affects_public
    if affects_public:
        raise_version()
    return Entry.objects.bulk_create(entries)


def _lock_chain() -> None:
    # SQLite needs none: BEGIN IMMEDIATE already lets one writer in.
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK_KEY])


def _next_entry(
    event: LedgerEvent, last: Entry | None, *, by: Actor, at: datetime, recorded_at: datetime
) -> Entry:
    payload = {
        "actor": {"id": by.id, "unit": by.unit, "post": by.post},
        "facts": event.facts,
        "happened_at": instant(at),
        # Without the salt a short payload could be guessed from its digest in the public export.
        "salt": secrets.token_hex(16),
    }
    entry = Entry(
        seq=last.seq + 1 if last else 1,
        recorded_at=recorded_at,
        happened_at=at,
        verb=event.verb,
        subject_type=event.subject_type,
        subject_id=str(event.subject_id),
        actor_id=by.id,
        actor_unit=by.unit,
        actor_post=by.post,
        visibility=Entry.Visibility.PUBLIC if event.public else Entry.Visibility.INTERNAL,
        alg=OPEN if event.public else SEALED,
        payload=canonical(payload),
        previous_hash=last.hash if last else GENESIS,
    )
    entry.hash = entry.expected_hash()
    return entry


@transaction.atomic
def record_verification(result: Verification, *, at: datetime) -> None:
    """Append that the whole chain was verified, and keep the outcome for the public page.

    `result`: a verification without faults; `at`: its moment. Raises nothing of its own.
    """
    keep_check(result, at=at)
    append(
        [
            LedgerEvent(
                "verify_record", "record", "chain", {"count": result.count, "head": result.head}
            )
        ],
        by=Actor(),
        at=at,
    )


@transaction.atomic
def keep_check(result: Verification | None, *, at: datetime) -> RecordCheck:
    """Keep what a check of the record found; `last_verification` returns it.

    `result`: None where the check could not be made. It is no event of the ledger, which cannot
    vouch for itself where it does not hold; the pages of the record show it.
    """
    _lock_chain()
    raise_version()
    if result is None:
        return RecordCheck.objects.create(checked_at=at, outcome=RecordCheck.Outcome.UNCHECKED)
    outcome = RecordCheck.Outcome.HOLDS if result.sound else RecordCheck.Outcome.BROKEN
    return RecordCheck.objects.create(
        checked_at=at,
        outcome=outcome,
        entries=result.count,
        head=result.head,
        faults=result.fault_count,
    )
