"""What people read out of a document by hand: its numbers, side-tracks and slips, each tied to the words it rests on.

One file `fixtures/indicators/*.toml` per document, found by the document's title.
"""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from common.files.text_files import ImportProblem
from tasks.importing.draft import CommitmentDraft, PlanDraft, TaskDraft
from tasks.importing.text import plain


@dataclass(frozen=True)
class TargetDraft:
    """`commitment` is its place (from 1) among the task's; None where the quote stands in a title, or is derived."""

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
    task: int
    name: str
    unit: str
    mode: str
    direction: str
    baseline: Decimal | None
    targets: tuple[TargetDraft, ...]


@dataclass(frozen=True)
class Curated:
    """`tracks` and `flags` are keyed by task number and the commitment's place (from 1)."""

    short_title: str = ""
    indicators: tuple[IndicatorDraft, ...] = ()
    track_names: tuple[tuple[int, str], ...] = ()
    tracks: dict[tuple[int, int], str] = field(default_factory=dict)
    flags: dict[tuple[int, int], str] = field(default_factory=dict)


def load(folder: Path, draft: PlanDraft) -> Curated:
    """The file with the draft's title, every row found in the draft's words; empty if there is no such file."""
    for path in sorted(folder.glob("*.toml")):
        data = tomllib.loads(path.read_text("utf-8"), parse_float=Decimal)
        if plain(data["title"]) == plain(draft.title):
            return Reader(path.name, data, draft).curated()
    return Curated()


@dataclass(frozen=True)
class Reader:
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
            flags={(row["task"], self.place(row, row)): row["note"] for row in self.data.get("flag", [])},
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
            commitment=None if derived else self.place(row, target),
        )

    def place(self, row: dict, quoted: dict) -> int | None:
        """Where the commitment stands whose words the row quotes; None for words of the title."""
        task = self.task(row)
        for place, each in enumerate(task.commitments, 1):
            if each.quarter == quoted.get("quarter") and plain(quoted["quote"]) in plain(each.words.text):
                return place
        if plain(quoted["quote"]) in plain(task.title.text):
            return None
        place = f"第{task.number}项 {row_name(row)}“{quoted['quote']}”"
        raise ImportProblem(f"对照表 {self.name} 引用的原文未找到：{place}")

    def quote(self, row: dict, target: dict) -> str:
        """The words as this source prints them, its own punctuation included."""
        task, place = self.task(row), self.place(row, target)
        wording = task.commitments[place - 1].words.text if place else task.title.text
        start = plain(wording).index(plain(target["quote"]))
        return wording[start : start + len(target["quote"])]

    def task(self, row: dict) -> TaskDraft:
        found = [task for task in self.draft.tasks if task.number == row["task"]]
        if not found:
            raise ImportProblem(f"对照表 {self.name} 引用了文件中没有的第{row['task']}项：{row_name(row)}")
        return found[0]

    def tracks(self, rows: list[dict]) -> Iterator[tuple[tuple[int, int], str]]:
        """A commitment belongs to the one track it names; one that names several belongs to none."""
        for number in {row["task"] for row in rows}:
            of_task = [row for row in rows if row["task"] == number]
            for place, each in enumerate(self.task(of_task[0]).commitments, 1):
                named = [row["name"] for row in of_task if names_track(each, row)]
                if len(named) == 1:
                    yield (number, place), named[0]


def names_track(commitment: CommitmentDraft, row: dict) -> bool:
    return any(plain(word) in plain(commitment.words.text) for word in row["words"])


def row_name(row: dict) -> str:
    return row.get("name") or row.get("note", "")
