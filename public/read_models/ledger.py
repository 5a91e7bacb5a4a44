"""Entries of the public record in words, for a stranger and for an auditor, and their export."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from common.text.canonical import canonical, china_day, instant
from common.text.wording import QUARTERS, cn_quarter, stamp
from ledger.models import GENESIS, SEALED, Entry
from public.ledger_words import FACTS, SUBJECTS, VALUES, VERBS

# The facts that fit on one line of a list, in the order in which they stand there.
GIST = [
    "period",
    "headline",
    "reason_class",
    "indicator",
    "value",
    "verdict",
    "change",
    "due_on",
    "kind",
    "basis",
]
GIST += ["outcome", "voice"]
# In place of the verb of an entry that is not to be read.
INTERNAL = "内部记录"
PERIOD = re.compile(r"[-\w]+:(\d{4})-(\d+)")


@dataclass(frozen=True)
class EntryLine:
    """One ledger entry with its facts in words.

    Of an internal entry a stranger gets neither verb, subject, moment, facts nor actor: only that
    there is one, and its day, are public.
    """

    entry: Entry
    verb: str
    subject: str
    facts: list[tuple[str, str]]
    payload: str

    @property
    def gist(self) -> list[str]:
        """The few facts that make a line in a list."""
        facts = dict(self.facts)
        return [facts[FACTS[name]] for name in GIST if FACTS[name] in facts]

    @property
    def details(self) -> str:
        """All facts in one sentence; the mark of the demonstration stands elsewhere."""
        return "；".join(
            f"{name}：{value}" for name, value in self.facts if name != FACTS["demonstration"]
        )

    @property
    def is_public(self) -> bool:
        return self.entry.visibility == Entry.Visibility.PUBLIC

    @property
    def day(self) -> date:
        """The day of writing, which is also told of an internal entry."""
        return date.fromisoformat(china_day(self.entry.recorded_at))

    @property
    def written(self) -> str:
        """When it was written, as far as that is told: to the minute, or only the day."""
        return stamp(self.entry.recorded_at) if self.is_public else self.day.isoformat()

    @property
    def has_task_history(self) -> bool:
        """Whether the subject is a task, which has a page of past publications and changes."""
        return self.is_public and self.entry.verb in {"publish", "revise", "change_target"}

    @property
    def actor(self) -> str:
        return f"{self.entry.actor_unit}{self.entry.actor_post}" if self.payload else ""

    @property
    def demonstration(self) -> bool:
        return bool(self.payload) and bool(json.loads(self.payload)["facts"].get("demonstration"))


def entry_line(entry: Entry, *, internal: bool = False) -> EntryLine:
    """One entry in words.

    `internal` shows an internal entry whole: only for those who may read the internal record.
    """
    if not internal and entry.visibility != Entry.Visibility.PUBLIC:
        return EntryLine(entry=entry, verb=INTERNAL, subject="", facts=[], payload="")
    facts = json.loads(entry.payload)["facts"]
    return EntryLine(
        entry=entry,
        verb=VERBS.get(entry.verb, entry.verb),
        subject=f"{SUBJECTS.get(entry.subject_type, entry.subject_type)} {entry.subject_id}",
        facts=[
            (FACTS.get(name, name), fact_in_words(value, name))
            for name, value in sorted(facts.items())
        ],
        payload=entry.payload,
    )


def fact_in_words(value: Any, name: str = "") -> str:
    """The value of the fact `name` in words; a pair reads as a change from one to the other.

    The record does not say of which kind a period is: numbers up to four are read as quarters.
    """
    if isinstance(value, list) and len(value) == 2:
        return f"{fact_in_words(value[0], name)} → {fact_in_words(value[1], name)}"
    if name == "period" and (period := PERIOD.fullmatch(value)):
        return _period_in_words(int(period[1]), int(period[2]))
    return _value_in_words(value, VALUES.get(name, {}))


def _period_in_words(year: int, index: int) -> str:
    return cn_quarter(year, index) if index in QUARTERS else f"{year}年第{index}期"


def _value_in_words(value: Any, words: dict[str, str]) -> str:
    if value in (None, ""):
        return "无"
    if isinstance(value, bool):
        return "是" if value else "否"
    return words.get(value, value) if isinstance(value, str) else canonical(value)


def export_lines() -> Iterator[str]:
    """The whole chain as JSON Lines, without what internal entries say."""
    for entry in Entry.objects.order_by("seq").iterator(chunk_size=2000):
        yield canonical(export_row(entry)) + "\n"


def export_row(entry: Entry, *, internal: bool = False) -> dict[str, Any]:
    """One entry with what its hash is made of.

    `internal`: with everything, for those who may read the internal record. Otherwise a sealed
    entry gives its number, its day and its hashes. An internal entry from before there were seals
    gives what its hash needs, or nobody outside could check anything written before it.
    """
    row = {name: getattr(entry, name) for name in ("seq", "visibility", "alg")}
    row |= {"previous_hash": entry.previous_hash, "hash": entry.hash}
    if entry.alg == SEALED:
        row |= {"day": china_day(entry.recorded_at), "seal": entry.content_digest}
    is_readable = internal or entry.visibility == Entry.Visibility.PUBLIC
    if is_readable or entry.alg != SEALED:
        row |= {name: getattr(entry, name) for name in ("verb", "subject_type", "subject_id")}
        row |= {"recorded_at": instant(entry.recorded_at)}
    if is_readable:
        return row | {"payload": entry.payload}
    return row if entry.alg == SEALED else row | {"payload_digest": entry.content_digest}


def head() -> tuple[int, str]:
    """Number and hash of the newest entry; 0 and the genesis hash of an empty record."""
    last = Entry.objects.order_by("-seq").values_list("seq", "hash").first()
    return last or (0, GENESIS)
