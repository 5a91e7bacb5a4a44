"""Reads the numbers, tracks and flags that people took from a document by hand.

Each row quotes the words it rests on. One file `fixtures/indicators/*.toml` per document, chosen by
the document's title.
"""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from django.conf import settings

from common.files.text_files import ImportProblem
from tasks.importing.draft import CommitmentDraft, PlanDraft, TaskDraft
from tasks.importing.text import plain

INDICATORS = settings.FIXTURES / "indicators"

# The task's number and the commitment's number in it (from 1), or None for the task's title.
CommitmentNumber = tuple[int, int | None]


@dataclass(frozen=True)
class TargetDraft:
    """A promised value; `commitment` is the number (from 1) of the task's commitment it belongs to.

    None where the quote stands in the title, or where the value is a sum of ours (`derived`).
    """

    year: int
    quarter: int | None
    direction: str
    value: Decimal
    value_max: Decimal | None
    quote: str
    derived: bool
    commitment: int | None


@dataclass(frozen=True)
class IndicatorDraft:
    """Something counted for the task with the number `task`, and its promised values."""

    task: int
    name: str
    unit: str
    mode: str
    direction: str
    baseline: Decimal | None
    targets: tuple[TargetDraft, ...]


@dataclass(frozen=True)
class Curated:
    """Everything one file adds to a draft.

    `tracks` and `flags` are keyed by the task's number and the commitment's number in it (from 1).
    """

    short_title: str = ""
    indicators: tuple[IndicatorDraft, ...] = ()
    track_names: tuple[tuple[int, str], ...] = ()
    tracks: dict[CommitmentNumber, str] = field(default_factory=dict)
    flags: dict[CommitmentNumber, str] = field(default_factory=dict)


def load(folder: Path, draft: PlanDraft) -> Curated:
    """What the file with the draft's title adds to it; nothing where no file has that title.

    Raises ImportProblem where a row names a task or quotes words that the draft does not have.
    """
    for path in sorted(folder.glob("*.toml")):
        data = tomllib.loads(path.read_text("utf-8"), parse_float=Decimal)
        if plain(data["title"]) == plain(draft.title):
            return Reader(path.name, data, draft).curated()
    return Curated()


@dataclass(frozen=True)
class Reader:
    """Turns the rows of the file `name` into drafts, each checked against the words of `draft`."""

    name: str
    data: dict
    draft: PlanDraft

    def curated(self) -> Curated:
        tracks = self.data.get("track", [])
        return Curated(
            short_title=self.data.get("short_title", ""),
            indicators=tuple(self.indicator(row) for row in self.data.get("indicator", [])),
            track_names=tuple((row["task"], row["name"]) for row in tracks),
            tracks=dict(self.tracks(tracks)),
            flags={
                (row["task"], self.commitment_number(row, row)): row["note"]
                for row in self.data.get("flag", [])
            },
        )

    def indicator(self, row: dict) -> IndicatorDraft:
        return IndicatorDraft(
            task=row["task"],
            name=row["name"],
            unit=row["unit"],
            mode=row["mode"],
            direction=row["direction"],
            baseline=row.get("baseline"),
            targets=tuple(self.target(row, target) for target in row["targets"]),
        )

    def target(self, row: dict, target: dict) -> TargetDraft:
        derived = target.get("derived", False)
        return TargetDraft(
            year=target.get("year", self.data["year"]),
            quarter=target.get("quarter"),
            direction=target.get("direction", row["direction"]),
            value=Decimal(target["value"]),
            value_max=Decimal(target["value_max"]) if "value_max" in target else None,
            quote="" if derived else self.quote(row, target),
            derived=derived,
            commitment=None if derived else self.commitment_number(row, target),
        )

    def commitment_number(self, row: dict, quoted: dict) -> int | None:
        """The number (from 1) of the commitment whose words are quoted; None for the title's."""
        task = self.task(row)
        quote = plain(quoted["quote"])
        for number, commitment in enumerate(task.commitments, 1):
            in_quarter = commitment.quarter == quoted.get("quarter")
            if in_quarter and quote in plain(commitment.words.text):
                return number
        if quote in plain(task.title.text):
            return None
        citation = f"第{task.number}项 {row_name(row)}“{quoted['quote']}”"
        raise ImportProblem(f"对照表 {self.name} 引用的原文未找到：{citation}")

    def quote(self, row: dict, target: dict) -> str:
        """The quoted words as the document prints them, with its own punctuation."""
        task, number = self.task(row), self.commitment_number(row, target)
        wording = task.commitments[number - 1].words.text if number else task.title.text
        start = plain(wording).index(plain(target["quote"]))
        return wording[start : start + len(target["quote"])]

    def task(self, row: dict) -> TaskDraft:
        """The task a row names. Raises ImportProblem where the draft has none of that number."""
        matches = [task for task in self.draft.tasks if task.number == row["task"]]
        if not matches:
            raise ImportProblem(
                f"对照表 {self.name} 引用了文件中没有的第{row['task']}项：{row_name(row)}"
            )
        return matches[0]

    def tracks(self, rows: list[dict]) -> Iterator[tuple[CommitmentNumber, str]]:
        """The track of each commitment that names exactly one; naming several gives it none."""
        for number in {row["task"] for row in rows}:
            of_task = [row for row in rows if row["task"] == number]
            for order, commitment in enumerate(self.task(of_task[0]).commitments, 1):
                if track := only_track(commitment, of_task):
                    yield (number, order), track


def only_track(commitment: CommitmentDraft, rows: list[dict]) -> str | None:
    """The name of the one track that the commitment mentions; None for none or several."""
    tracks = [row["name"] for row in rows if mentions_track(commitment, row)]
    return tracks[0] if len(tracks) == 1 else None


def mentions_track(commitment: CommitmentDraft, row: dict) -> bool:
    """True where the words of the commitment contain one of the words of the track."""
    return any(plain(word) in plain(commitment.words.text) for word in row["words"])


def row_name(row: dict) -> str:
    return row.get("name") or row.get("note", "")
