"""Verifies the hash chain of the ledger and its safeguards, and lists what does not agree."""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain
from typing import Any

from django.db import connection, transaction

from common.text.canonical import instant
from ledger import safeguards
from ledger.models import GENESIS, Entry, RecordCheck

# So many faults are kept to be read; the others are only counted.
MOST_FAULTS = 200


@dataclass
class Verification:
    """The result: number of entries, hash of the last one, and faults as Chinese sentences.

    `fault_count` counts them all, `faults` keeps the first ones.
    """

    count: int = 0
    head: str = GENESIS
    faults: list[str] = field(default_factory=list)
    fault_count: int = 0

    @property
    def sound(self) -> bool:
        """Whether there are no faults."""
        return not self.fault_count

    def add(self, faults: Iterable[str]) -> None:
        """Takes faults in as they are found, so that the memory needed does not grow with them."""
        for fault in faults:
            self.fault_count += 1
            if len(self.faults) < MOST_FAULTS:
                self.faults.append(fault)


def verify(*others: Iterable[str]) -> Verification:
    """Tries the safeguards, and recomputes every hash in order; faults name the entry by number.

    `others`: further faults, which are looked for as they are asked for, all at the same moment
    as the chain. Raises OperationalError where the database did not let it be tried.
    """
    result = Verification()
    result.add(safeguards.faults(connection))
    with one_moment():
        result.add(_chain_faults(result))
        result.add(chain.from_iterable(others))
    return result


@contextmanager
def one_moment() -> Iterator[None]:
    """Everything read in it is of one moment, whatever others write meanwhile. They do not wait."""
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            yield
    else:
        # Not atomic(), which begins as a writer and would let nobody else write.
        with connection.cursor() as cursor:
            cursor.execute("BEGIN")
            try:
                yield
            finally:
                cursor.execute("ROLLBACK")


def _chain_faults(result: Verification) -> Iterator[str]:
    """Counts the entries and keeps the last hash in the result."""
    expected = 1
    for entry in Entry.objects.order_by("seq").iterator(chunk_size=2000):
        for reason in _faults_of(entry, expected, result.head):
            yield f"第 {entry.seq} 条：{reason}"
        result.count, result.head, expected = result.count + 1, entry.hash, entry.seq + 1


def _faults_of(entry: Entry, expected_seq: int, previous: str) -> list[str]:
    checks = [
        (entry.seq == expected_seq, f"序号不连续（应为第 {expected_seq} 条）"),
        (entry.previous_hash == previous, "与上一条接不上"),
        (entry.hash == entry.expected_hash(), "内容与校验值不符"),
        (_columns_match(entry), "列出的经手信息与内容不符"),
    ]
    return [reason for holds, reason in checks if not holds]


def _columns_match(entry: Entry) -> bool:
    """Whether actor and time in the columns, which queries use, are those of the hashed payload."""
    payload = _payload_of(entry)
    actor = {"id": entry.actor_id, "unit": entry.actor_unit, "post": entry.actor_post}
    return payload.get("actor") == actor and payload.get("happened_at") == instant(
        entry.happened_at
    )


@dataclass(frozen=True)
class Told:
    """What an entry says of a row: its number, the moment it happened, and its facts."""

    seq: int
    at: datetime
    facts: dict[str, Any]


def told_by(entry: Entry) -> Told:
    """What the entry says; no facts where its payload was changed into something else."""
    facts = _payload_of(entry).get("facts")
    return Told(entry.seq, entry.happened_at, facts if isinstance(facts, dict) else {})


def _payload_of(entry: Entry) -> dict[str, Any]:
    try:
        payload = json.loads(entry.payload)
    except ValueError:
        return {}
    return payload if isinstance(payload, dict) else {}


def last_verification() -> RecordCheck | None:
    """The newest check that was recorded, be its outcome good, bad or none; one query.

    None as long as no check was recorded. The row has `checked_at`, `outcome` (with `holds`,
    `is_broken` and the words of `get_outcome_display()`), `entries`: the number of the last entry
    read, `head`: the hash of that entry, and `faults`: how many things did not agree.
    """
    return RecordCheck.objects.first()
