"""Entries of the record as a stranger may read them, and as an auditor does."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from common.text.canonical import canonical, digest, instant
from common.text.wording import QUARTERS, cn_quarter
from ledger.models import GENESIS, Entry
from public.ledger_words import FACTS, SUBJECTS, VALUES, VERBS

GIST = ["period", "headline", "reason_class", "indicator", "value", "verdict", "change", "due_on", "kind", "basis"]
GIST += ["outcome", "voice"]
PERIOD = re.compile(r"[-\w]+:(\d{4})-(\d+)")


@dataclass(frozen=True)
class EntryLine:
    """A stranger gets no facts, payload and actor of internal entries: only that something happened is public."""

    entry: Entry
    verb: str
    subject: str
    facts: list[tuple[str, str]]
    payload: str

    @property
    def gist(self) -> list[str]:
        """The few facts that make a line in a list."""
        told = dict(self.facts)
        return [told[FACTS[name]] for name in GIST if FACTS[name] in told]

    @property
    def told(self) -> str:
        return "；".join(f"{name}：{value}" for name, value in self.facts if name != FACTS["demonstration"])

    @property
    def is_public(self) -> bool:
        return self.entry.visibility == Entry.Visibility.PUBLIC

    @property
    def has_task_history(self) -> bool:
        """Its subject is a task whose page of past publications and changes tells the whole story."""
        return self.entry.verb in {"publish", "revise", "change_target"}

    @property
    def actor(self) -> str:
        return f"{self.entry.actor_unit}{self.entry.actor_post}" if self.payload else ""

    @property
    def demonstration(self) -> bool:
        return bool(self.payload) and bool(json.loads(self.payload)["facts"].get("demonstration"))


def line_of(entry: Entry, *, inside: bool = False) -> EntryLine:
    """`inside` shows an internal entry whole; only for who may read the internal record."""
    told = inside or entry.visibility == Entry.Visibility.PUBLIC
    facts = json.loads(entry.payload)["facts"] if told else {}
    subject = SUBJECTS.get(entry.subject_type, entry.subject_type)
    return EntryLine(
        entry=entry,
        verb=VERBS.get(entry.verb, entry.verb),
        subject=f"{subject} {entry.subject_id}" if told else subject,
        facts=[(FACTS.get(name, name), spoken(value, name)) for name, value in sorted(facts.items())],
        payload=entry.payload if told else "",
    )


def spoken(value: Any, name: str = "") -> str:
    """A fact in words. The record does not say of which kind a period is: up to four are read as quarters."""
    if isinstance(value, list) and len(value) == 2:
        return f"{spoken(value[0], name)} → {spoken(value[1], name)}"
    if name == "period" and (period := PERIOD.fullmatch(value)):
        year, index = int(period[1]), int(period[2])
        return cn_quarter(year, index) if index in QUARTERS else f"{year}年第{index}期"
    if value is None or value == "":
        return "无"
    if isinstance(value, bool):
        return "是" if value else "否"
    return VALUES.get(name, {}).get(value, value) if isinstance(value, str) else canonical(value)


def digest_of(entry: Entry) -> str:
    return digest(entry.payload)


def export_lines() -> Iterator[str]:
    """The whole chain as JSON Lines; an internal entry gives the digest of its payload instead of the payload."""
    for entry in Entry.objects.order_by("seq").iterator(chunk_size=2000):
        yield canonical(exported(entry)) + "\n"


def exported(entry: Entry) -> dict[str, Any]:
    columns = ("seq", "verb", "subject_type", "subject_id", "visibility", "alg", "previous_hash", "hash")
    row = {name: getattr(entry, name) for name in columns} | {"recorded_at": instant(entry.recorded_at)}
    if entry.visibility == Entry.Visibility.PUBLIC:
        return row | {"payload": entry.payload}
    return row | {"payload_digest": digest_of(entry)}


def last_verification() -> EntryLine | None:
    """The newest entry by which the portal recorded that it had checked the whole chain."""
    found = Entry.objects.public().filter(verb="verify_record").newest_first().first()
    return line_of(found) if found else None


def head() -> tuple[int, str]:
    """Number and hash of the newest entry; of an empty record 0 and the hash everything starts from."""
    last = Entry.objects.order_by("-seq").values_list("seq", "hash").first()
    return last or (0, GENESIS)


PER_PAGE = 50
