"""What parsing yields: plain frozen data, no database. Offsets are code points of `Source.text`."""

from dataclasses import dataclass
from datetime import date

from tasks.choices import PassageKind


@dataclass(frozen=True)
class Wording:
    """A piece of the source, word for word: `text == source.text[start:end]`."""

    text: str
    start: int
    end: int


@dataclass(frozen=True)
class Problem:
    """`fatal` ones keep the document out; the others are shown to the person who imports it."""

    line: int | None
    message: str
    fatal: bool = False

    def __str__(self) -> str:
        return f"第{self.line}行：{self.message}" if self.line else self.message


@dataclass(frozen=True)
class PassageDraft:
    """`task` is the task's number in the plan, or None."""

    kind: PassageKind
    start: int
    end: int
    task: int | None = None


@dataclass(frozen=True)
class CommitmentDraft:
    """`source` is title, text, goal or milestone; `quarter` None: the whole year; `measurable` yes, partly or no."""

    words: Wording
    source: str
    year: int
    quarter: int | None
    due_on: date | None
    condition: str
    measurable: str


@dataclass(frozen=True)
class MilestoneDraft:
    year: int
    quarter: int
    words: Wording


@dataclass(frozen=True)
class ResponsibilityDraft:
    """A unit as printed; kind is lead, supporting or listed (named, no lead printed)."""

    name: str
    kind: str
    line: int


@dataclass(frozen=True)
class TaskDraft:
    """`text` stands in action plans, `goal` and `milestones` in white papers."""

    number: int
    line: int
    title: Wording
    text: Wording | None = None
    goal: Wording | None = None
    milestones: tuple[MilestoneDraft, ...] = ()
    responsibilities: tuple[ResponsibilityDraft, ...] = ()
    commitments: tuple[CommitmentDraft, ...] = ()


@dataclass(frozen=True)
class SectionDraft:
    number: int
    line: int
    title: Wording
    introduction: Wording | None
    tasks: tuple[TaskDraft, ...]


@dataclass(frozen=True)
class PlanDraft:
    """kind is action_plan or white_paper; `annex_note` the line that says an annex was left out."""

    kind: str
    title: str
    year: int
    issued_on: date | None
    published_on: date | None
    issuer: str
    index_number: str
    document_number: str
    sections: tuple[SectionDraft, ...]
    passages: tuple[PassageDraft, ...]
    problems: tuple[Problem, ...]
    annex_note: str = ""

    @property
    def tasks(self) -> list[TaskDraft]:
        return [task for section in self.sections for task in section.tasks]

    @property
    def fatal(self) -> list[Problem]:
        return [problem for problem in self.problems if problem.fatal]
