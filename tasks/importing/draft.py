"""What parsing yields: frozen dataclasses without a database.

Offsets (`start`, `end`) count code points of `Source.text`; `line` counts its lines from 1.
"""

from dataclasses import dataclass
from datetime import date

from tasks.choices import PassageKind, PlanKind


@dataclass(frozen=True)
class Wording:
    """A piece of the source, word for word: `text == source.text[start:end]`."""

    text: str
    start: int
    end: int


@dataclass(frozen=True)
class Problem:
    """Something doubtful at a line of the document, or None for the document as a whole.

    A fatal problem keeps the document out; the others are shown to the person who imports it.
    """

    line: int | None
    message: str
    fatal: bool = False

    def __str__(self) -> str:
        return f"第{self.line}行：{self.message}" if self.line else self.message


@dataclass(frozen=True)
class PassageDraft:
    """A stretch of the document and what it is; `task` is the number of the task it belongs to."""

    kind: PassageKind
    start: int
    end: int
    task: int | None = None


@dataclass(frozen=True)
class CommitmentDraft:
    """A commitment with its exact words.

    `source` is title, text, goal or milestone; `quarter` None stands for the whole year;
    `measurable` is yes, partly or no.
    """

    words: Wording
    source: str
    year: int
    quarter: int | None
    due_on: date | None
    condition: str
    measurable: str


@dataclass(frozen=True)
class MilestoneDraft:
    """What the table of a white paper prints for one quarter."""

    year: int
    quarter: int
    words: Wording


@dataclass(frozen=True)
class ResponsibilityDraft:
    """A unit as printed; `kind` is lead, supporting or listed (named, no lead printed)."""

    name: str
    kind: str
    line: int


@dataclass(frozen=True)
class TaskDraft:
    """A task: `text` is what an action plan prints, `goal` and `milestones` a white paper."""

    number: int
    line: int
    title: Wording
    text: Wording | None = None
    goal: Wording | None = None
    milestones: tuple[MilestoneDraft, ...] = ()
    responsibilities: tuple[ResponsibilityDraft, ...] = ()
    commitments: tuple[CommitmentDraft, ...] = ()

    @property
    def searched_words(self) -> list[str]:
        """All that a search finds the task by: its words and the names of its units."""
        milestones = (milestone.words for milestone in self.milestones)
        wordings = filter(None, (self.title, self.text, self.goal, *milestones))
        return [
            *(wording.text for wording in wordings),
            *(unit.name for unit in self.responsibilities),
        ]


@dataclass(frozen=True)
class SectionDraft:
    """A 行动 of an action plan or a 总体目标 of a white paper, with its tasks."""

    number: int
    line: int
    title: Wording
    introduction: Wording | None
    tasks: tuple[TaskDraft, ...]

    @property
    def wordings(self) -> list[Wording]:
        """Its title, and its opening words where it has some."""
        return list(filter(None, (self.title, self.introduction)))


@dataclass(frozen=True)
class PlanDraft:
    """A whole document.

    `annex_note` is the line that says an annex was left out; `passages` cover the whole text.
    """

    kind: PlanKind
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
        """The problems that keep the document out."""
        return [problem for problem in self.problems if problem.fatal]
