"""Reads a document whole: the way into this package.

A document is cut into what its file holds, each part is read as an outline or as tables by the
evidence in it, and whatever was not understood becomes a question. Nothing is left out in silence:
the passages cover the text, and words that nothing claims are named.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from common.files.text_files import Source
from tasks.choices import PlanKind
from tasks.importing.annex import Annexed, merge_annex
from tasks.importing.blocks import Document
from tasks.importing.checks import annex_note as note_of_annex
from tasks.importing.checks import (
    draft_problems,
    empty_chapters,
    front_questions,
    is_cover,
    is_other_text,
    is_progress_title,
    paragraphs,
    reads_tables,
    tasks_in,
    two_plans,
    year_in,
)
from tasks.importing.completeness import completeness_questions, reader_questions
from tasks.importing.draft import PlanDraft, Question, SectionDraft
from tasks.importing.draft import tasks_in as tasks_of
from tasks.importing.front import Front, read_front
from tasks.importing.leads import apply_lead_rule
from tasks.importing.levels import Levels, choose
from tasks.importing.outline_reader import Reading, read_outline
from tasks.importing.readers.text import read_text
from tasks.importing.segments import Segment, line_of, split_segments
from tasks.importing.shape import prepare
from tasks.importing.surroundings import around_tables, notice_claims, other_claims
from tasks.importing.table_reader import is_disclosure, read_tables
from tasks.importing.text import cover, plain

Answers = dict[str, str]


@dataclass
class Parts:
    """The parts of a file, and which of them holds the tasks."""

    text: str
    segments: list[Segment]
    levels: list[Levels]
    main: int

    @property
    def segment(self) -> Segment:
        return self.segments[self.main]

    @property
    def chosen(self) -> Levels:
        return self.levels[self.main]


def parse(source: Source | Document, answers: Answers | None = None) -> PlanDraft:
    """The draft of a document; doubts about it stand in its `problems` and `questions`.

    `answers` maps keys of questions to choices that were made; the other questions are read with
    their presets. Raises nothing for a text that was read: what holds no task says so.
    """
    answers = answers or {}
    document = source if isinstance(source, Document) else read_text(source)
    blocks, asked = prepare(document)
    parts = find_parts(document.text, blocks, answers)
    front = read_fronts(parts, answers)
    year = year_of_plan(document.text, front, answers)
    asked += set_aside_other_text(parts, front, answers)
    reading = read_main(parts, year)
    annexed = merge_annex(document.text, reading, parts.segments[parts.main + 1 :])
    draft, unread = build_draft(parts, front, reading, annexed, year)
    asked += [*unread, *reader_questions(document.doubts), *annexed.questions]
    asked += all_questions(draft, front, parts)
    return replace(
        draft,
        questions=tuple(question for question in asked if question.key not in answers),
        problems=(*annexed.problems, *draft_problems(draft, front, parts.segment)),
    )


def set_aside_other_text(parts: Parts, front: Front, answers: Answers) -> list[Question]:
    """Takes no tasks from a text that is hardly a plan, and asks whether that is right."""
    asked = is_other_text(front.title, parts.chosen, answers)
    if asked is None:
        return []
    parts.levels[parts.main] = Levels()
    return [asked]


def find_parts(text: str, blocks: Sequence, answers: Answers) -> Parts:
    """The parts of a file; the one with the most tasks is read, or the one a person chose."""
    segments = split_segments(blocks)
    levels = [choose(segment.root, answers) for segment in segments]
    counts = [tasks_in(segment, chosen) for segment, chosen in zip(segments, levels, strict=True)]
    answered = answers.get("plans:0", "")
    is_choice = answered.isdecimal() and int(answered) < len(segments)
    lengths = [len(segment.blocks) for segment in segments]
    most = max(range(len(segments)), key=lambda index: (counts[index], lengths[index]))
    main = int(answered) if is_choice else most
    return Parts(text, segments, levels, main)


def read_fronts(parts: Parts, answers: Answers) -> Front:
    """What stands before the tasks: covering notices, the title, the opening words."""
    before = chain.from_iterable(segment.blocks for segment in parts.segments[: parts.main])
    lines = map(line_of, [*paragraphs(list(before)), *parts.segment.front])
    tail = map(line_of, paragraphs(parts.segment.tail))
    above = [cell.text for grid in parts.segment.grids for cell in grid.above]
    front = read_front(list(lines), list(tail), above)
    front.title = answers.get("title:1") or front.title
    return front


def year_of_plan(text: str, front: Front, answers: Answers) -> int:
    """The year answered or printed; 0 where there is none."""
    answered = answers.get("year:1", "") or answers.get("years:1", "")[:4]
    if answered.isdecimal():
        return int(answered)
    return front.year or year_in(text) or 0


def read_main(parts: Parts, year: int) -> Reading:
    """The tasks of the main part, out of its tables or its outline."""
    segment, levels = parts.segment, parts.chosen
    if reads_tables(segment, levels):
        reading = read_tables(parts.text, segment.grids, year)
        reading.claims += list(around_tables(parts.text, segment))
        return reading
    if not levels.tasks or is_cover(segment, levels):
        return Reading(claims=list(notice_claims(segment)))
    return read_outline(parts.text, segment.root, levels, year)


def build_draft(
    parts: Parts, front: Front, reading: Reading, annexed: Annexed, year: int
) -> tuple[PlanDraft, list]:
    """The draft with its passages, and the problems with words that nothing claimed."""
    sections = apply_lead_rule(parts.text, annexed.sections)
    claims = [*front.claims, *reading.claims, *other_claims(parts.segments, parts.main)]
    passages, unread = cover(parts.text, claims)
    draft = PlanDraft(
        kind=kind_of(front, sections, parts.segment),
        sections=tuple(sections),
        passages=passages,
        problems=(),
        annex_note=note_of_annex(parts.segment.tail),
        is_disclosure=says_what_was_done(front, sections, parts.segment),
        **(front.plan_fields() | {"year": year}),
    )
    return draft, unread


def says_what_was_done(front: Front, sections: Sequence[SectionDraft], segment: Segment) -> bool:
    """Whether the document is a disclosure: it has words about what was done, or such a title."""
    tasks = tasks_of(sections)
    if not tasks:
        return is_progress_title(front.title)
    return is_disclosure(segment.grids) or any(task.actuals for task in tasks)


def all_questions(draft: PlanDraft, front: Front, parts: Parts) -> Iterator[Question]:
    """What a person has to decide, the whole document first."""
    yield from two_plans(parts.segments, parts.levels, parts.main)
    yield from front_questions(draft, front)
    if draft.tasks:
        yield from empty_chapters(draft, parts.segment)
        yield from completeness_questions(draft, parts.segment, parts.chosen, parts.text)


def kind_of(front: Front, sections: Sequence[SectionDraft], segment: Segment) -> PlanKind:
    """The family of a document: with quarters a white paper, a table without is a list."""
    if "白皮书" in plain(front.title) or any(task.milestones for task in tasks_of(sections)):
        return PlanKind.WHITE_PAPER
    return PlanKind.OTHER if segment.items else PlanKind.ACTION_PLAN
