"""The only way into the record: `append` inside the transaction of the deed it records, as its last statement."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from common.text.canonical import canonical, instant
from ledger.models import GENESIS, Entry
from ledger.verification import Verification

LOCK_KEY = 0x1ED6E2


@dataclass(frozen=True)
class Actor:
    """Who did it, frozen: account id, unit and post on that day; the default is the portal itself."""

    id: str = ""
    unit: str = ""
    post: str = "系统"


@dataclass(frozen=True)
class LedgerEvent:
    """One subject changed. `facts` holds ids, enums, numbers and digests, never a citizen's text or a name."""

    verb: str
    subject_type: str
    subject_id: str
    facts: dict[str, Any] = field(default_factory=dict)
    public: bool = True


def append(events: Iterable[LedgerEvent], *, by: Actor, at: datetime) -> list[Entry]:
    """Chains the deeds to the record in one insert. `at` is when they happened; the record keeps its own time."""
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("append() belongs inside the transaction of the deed")
    _lock()
    last = Entry.objects.order_by("-seq").first()
    now = timezone.now()
    recorded_at = max(now, last.recorded_at) if last else now
    entries: list[Entry] = []
    for event in events:
        last = _entry(event, last, by=by, at=at, recorded_at=recorded_at)
        entries.append(last)
    return Entry.objects.bulk_create(entries)


def _lock() -> None:
    # SQLite needs none: BEGIN IMMEDIATE already lets one writer in.
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK_KEY])


def _entry(event: LedgerEvent, last: Entry | None, *, by: Actor, at: datetime, recorded_at: datetime) -> Entry:
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
        payload=canonical(payload),
        previous_hash=last.hash if last else GENESIS,
    )
    entry.hash = entry.expected_hash()
    return entry


@transaction.atomic
def record_verification(result: Verification, *, at: datetime) -> None:
    """That the whole chain was found sound becomes part of it; the public page shows the newest."""
    append(
        [LedgerEvent("verify_record", "record", "chain", {"count": result.count, "head": result.head})],
        by=Actor(),
        at=at,
    )
