"""Entries of the public record in words, for a stranger and for an auditor, and their export."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from common.text.canonical import canonical, digest, instant
from common.text.wording import QUARTERS, cn_quarter
from ledger.models import GENESIS, Entry
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
PER_PAGE = 50
PERIOD = re.compile(r"[-\w]+:(\d{4})-(\d+)")


@dataclass(frozen=True)
class EntryLine:
    """One ledger entry with its facts in words.

    Of an internal entry a stranger gets no facts, payload or actor: only that something happened
    is public.
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
    def has_task_history(self) -> bool:
        """Whether the subject is a task, which has a page of past publications and changes."""
        return self.entry.verb in {"publish", "revise", "change_target"}

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
    is_readable = internal or entry.visibility == Entry.Visibility.PUBLIC
    facts = json.loads(entry.payload)["facts"] if is_readable else {}
    subject = SUBJECTS.get(entry.subject_type, entry.subject_type)
    return EntryLine(
        entry=entry,
        verb=VERBS.get(entry.verb, entry.verb),
        subject=f"{subject} {entry.subject_id}" if is_readable else subject,
        facts=[
            (FACTS.get(name, name), fact_in_words(value, name))
            for name, value in sorted(facts.items())
        ],
        payload=entry.payload if is_readable else "",
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


def digest_of(entry: Entry) -> str:
    """The SHA-256 of the payload of an entry."""
    return digest(entry.payload)


def export_lines() -> Iterator[str]:
    """The whole chain as JSON Lines; internal entries have a digest in place of their payload."""
    for entry in Entry.objects.order_by("seq").iterator(chunk_size=2000):
        yield canonical(export_row(entry)) + "\n"


def export_row(entry: Entry) -> dict[str, Any]:
    """One entry of the export, with its payload or only the digest of it."""
    columns = (
        "seq",
        "verb",
        "subject_type",
        "subject_id",
        "visibility",
        "alg",
        "previous_hash",
        "hash",
    )
    row = {name: getattr(entry, name) for name in columns} | {
        "recorded_at": instant(entry.recorded_at)
    }
    if entry.visibility == Entry.Visibility.PUBLIC:
        return row | {"payload": entry.payload}
    return row | {"payload_digest": digest_of(entry)}


def last_verification() -> EntryLine | None:
    """The newest entry by which the portal recorded that it had checked the whole chain."""
    entry = Entry.objects.public().filter(verb="verify_record").newest_first().first()
    return entry_line(entry) if entry else None


def head() -> tuple[int, str]:
    """Number and hash of the newest entry; 0 and the genesis hash of an empty record."""
    last = Entry.objects.order_by("-seq").values_list("seq", "hash").first()
    return last or (0, GENESIS)
