"""What parsing yields: frozen dataclasses without a database.

Offsets (`start`, `end`) count code points of `Source.text`; `line` counts its lines from 1.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import chain

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
class Choice:
    """One answer to a question: the `value` that is stored, and what it says."""

    value: str
    label: str


@dataclass(frozen=True)
class Question:
    """Something a person has to decide about a document, at a line or about all of it.

    `kind` says what it is about, `preset` is the choice the draft was read with. A blocking
    question keeps the document out until it is answered.
    """

    kind: str
    line: int | None
    message: str
    choices: tuple[Choice, ...]
    preset: str
    blocking: bool = True

    @property
    def key(self) -> str:
        """What an answer is stored under; the same for the same file."""
        return f"{self.kind}:{self.line or 0}"

    @property
    def place(self) -> str:
        return f"第{self.line}行" if self.line else ""

    def __str__(self) -> str:
        return f"{self.place}：{self.message}" if self.line else self.message


KEEP = Choice("as_printed", "原文就是这样，照此收录")
OTHER_FILE = Choice("file", "换一份完整的文件")


def ask(kind: str, line: int | None, message: str) -> Question:
    """Asks whether the document is like this, or another file is needed."""
    return Question(kind, line, message, (KEEP, OTHER_FILE), KEEP.value)


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
class ActualDraft:
    """What a government said was done: by which period, in which words, at what rate if printed.

    `words` is None where only a rate or a word for the state is printed.
    """

    period: str
    words: Wording | None
    rate: str = ""


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
    # As printed: (一), 第三项; empty where the document numbers nothing.
    printed_number: str = ""
    # The deadline in the words of the document; empty where it prints none.
    due: str = ""
    # What the rows below the first of an item promise.
    sub_tasks: tuple[Wording, ...] = ()
    actuals: tuple[ActualDraft, ...] = ()

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
    """A 行动 of an action plan or a 总体目标 of a white paper, with its tasks.

    `title` is None where tasks stand under no heading; `chapter` is the heading above it where
    there is one.
    """

    number: int
    line: int
    title: Wording | None
    introduction: Wording | None
    tasks: tuple[TaskDraft, ...]
    chapter: str = ""

    @property
    def wordings(self) -> list[Wording]:
        """Its title, and its opening words where it has some."""
        return list(filter(None, (self.title, self.introduction)))


def tasks_in(sections: Iterable[SectionDraft]) -> list[TaskDraft]:
    """The tasks of all these sections, in order."""
    return list(chain.from_iterable(section.tasks for section in sections))


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
    questions: tuple[Question, ...] = ()
    # A disclosure says what was done; it is never stored as a plan.
    is_disclosure: bool = False

    @property
    def tasks(self) -> list[TaskDraft]:
        return tasks_in(self.sections)

    @property
    def fatal(self) -> list[Problem]:
        """The problems that keep the document out."""
        return [problem for problem in self.problems if problem.fatal]

    @property
    def blocking(self) -> list[Problem | Question]:
        """All that keeps the document out: fatal problems, and questions without an answer."""
        return [*self.fatal, *(question for question in self.questions if question.blocking)]
