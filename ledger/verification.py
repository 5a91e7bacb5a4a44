"""Verifies the whole hash chain of the ledger and lists its faults."""

import json
from dataclasses import dataclass

from django.db import connection

from common.text.canonical import instant
from ledger import triggers
from ledger.models import GENESIS, Entry, RecordCheck


@dataclass(frozen=True)
class Verification:
    """The result: number of entries, hash of the last one, and faults as Chinese sentences."""

    count: int
    head: str
    faults: list[str]

    @property
    def sound(self) -> bool:
        """Whether there are no faults."""
        return not self.faults


def verify() -> Verification:
    """Checks the triggers, and recomputes every hash in order; faults name the entry by number."""
    faults = [f"缺少防改触发器 {name}" for name in triggers.missing(connection)]
    previous, count = GENESIS, 0
    for entry in Entry.objects.order_by("seq").iterator(chunk_size=2000):
        count += 1
        faults += [f"第 {entry.seq} 条：{reason}" for reason in _faults_of(entry, count, previous)]
        previous = entry.hash
    return Verification(count=count, head=previous, faults=faults)


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
    try:
        payload = json.loads(entry.payload)
    except ValueError:
        return False
    actor = {"id": entry.actor_id, "unit": entry.actor_unit, "post": entry.actor_post}
    return payload.get("actor") == actor and payload.get("happened_at") == instant(
        entry.happened_at
    )


def last_verification() -> RecordCheck | None:
    """The newest check that was recorded, be its outcome good, bad or none; one query.

    None as long as no check was recorded. The row has `checked_at`, `outcome` (with `holds`,
    `is_broken` and the words of `get_outcome_display()`), `entries`: the number of the last entry
    read, `head`: the hash of that entry, and `faults`: how many things did not agree.
    """
    return RecordCheck.objects.first()
