"""Witnesses of the record: number and hash of an entry, as they were told outside the database.

An earlier head that is no longer in the chain shows that the past was changed, also where every
hash was made anew to fit.
"""

import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from common.batches import batches
from common.text.canonical import china_day
from ledger.models import Entry

WORDS = re.compile(r"记录第\s*(\d{1,18})\s*条[，,]\s*校验值\s*([0-9a-f]{64})")
# So many lines of a file are compared with one query.
AT_ONCE = 500


class NoWitness(Exception):
    """A file that was to be compared names no entry of a record; the reason is Chinese."""


@dataclass(frozen=True)
class Witness:
    """An entry by its number and hash, and the day on which it was told or written."""

    number: int
    hash: str
    day: str = ""

    def __str__(self) -> str:
        return f"记录第 {self.number} 条，校验值 {self.hash}"

    @property
    def line(self) -> str:
        """A line of the file of witnesses."""
        return f"{self.day} {self}"


def witness_of(entry: Entry) -> Witness:
    return Witness(entry.seq, entry.hash, china_day(entry.recorded_at))


def head() -> Witness | None:
    """The newest entry; None of an empty record. One query."""
    last = Entry.objects.order_by("-seq").first()
    return witness_of(last) if last else None


def read_witnesses(path: Path) -> Iterator[tuple[int, Witness]]:
    """Line number and witness of each line that names an entry, in whatever words around it.

    Takes the file of witnesses, the text of a mail or of a circular, and the download of the
    record. Raises OSError where it cannot be read, and NoWitness at the end where it names none.
    """
    is_empty = True
    with path.open(encoding="utf-8-sig", errors="replace") as lines:
        for number, line in enumerate(lines, start=1):
            for witness in _witnesses_in(line):
                is_empty = False
                yield number, witness
    if is_empty:
        raise NoWitness(f"{path} 里没有一条记录的序号和校验值")


def _witnesses_in(line: str) -> list[Witness]:
    if line.startswith("{"):
        return _exported(line)
    return [Witness(int(found[1]), found[2]) for found in WORDS.finditer(line)]


def _exported(line: str) -> list[Witness]:
    """The entry in a line of the download of the record."""
    try:
        row = json.loads(line)
    except ValueError:
        return []
    match row:
        case {"seq": int(number), "hash": str(value)}:
            return [Witness(number, value)]
    return []


def contradictions(path: Path) -> Iterator[str]:
    """What the file says of the record and the record no longer says, as Chinese sentences; the
    first entry concerned comes first.

    Raises as `read_witnesses` does.
    """
    count, first = 0, None
    for batch in batches(read_witnesses(path), AT_ONCE):
        lost = _lost(batch)
        count += len(lost)
        first = min([*lost, *filter(None, [first])], key=_number, default=None)
    if first:
        line, witness = first
        yield (
            f"第 {witness.number} 条已不是见证过的那一条：{path} 第 {line} 行"
            f"记着校验值 {witness.hash}，{_what_stands_now(witness.number)}"
        )
    if count > 1:
        yield f"{path} 里共有 {count} 行与现在的记录对不上，以上是最早的一条"


def _number(line: tuple[int, Witness]) -> int:
    return line[1].number


def _lost(batch: list[tuple[int, Witness]]) -> list[tuple[int, Witness]]:
    numbers = {witness.number for _, witness in batch}
    rows = Entry.objects.filter(seq__in=numbers).values_list("seq", "hash")
    standing = dict(rows)
    return [
        (line, witness) for line, witness in batch if standing.get(witness.number) != witness.hash
    ]


def _what_stands_now(number: int) -> str:
    now = Entry.objects.filter(seq=number).values_list("hash", flat=True).first()
    return f"现在是 {now}" if now else "现在没有这一条"


def keep_witness(path: Path, witness: Witness) -> None:
    """Appends the witness to the file, which is made where there is none, and waits for the disk.

    Raises OSError where that cannot be done.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        file.write(f"{witness.line}\n")
        file.flush()
        os.fsync(file.fileno())
