"""The two documents that the portal was built for, and what tests do to them."""

from functools import cache

from django.conf import settings

from common.files.text_files import Source, from_bytes, read
from tasks.importing.draft import PlanDraft
from tasks.importing.parse import parse

SOURCES = settings.FIXTURES / "sources"
INDICATORS = settings.FIXTURES / "indicators"
PLAN, PAPER = SOURCES / "action-plan-2017.txt", SOURCES / "white-paper-2013.txt"
BOTH = [PLAN, PAPER]
FULL_WIDTH = str.maketrans(",:;()?!|", "，：；（）？！｜")


@cache
def source_of(path) -> Source:
    return read(path)


@cache
def draft_of(path) -> PlanDraft:
    return parse(source_of(path))


def parsed(text: str) -> PlanDraft:
    return parse(from_bytes(text.encode(), "made-up.txt"))


def reasons(draft: PlanDraft) -> str:
    return "\n".join(map(str, draft.fatal))


def shape(draft: PlanDraft) -> list:
    """Numbers and counts, whatever the punctuation."""
    return [
        (task.number, len(task.milestones), len(task.commitments), len(task.responsibilities)) for task in draft.tasks
    ]
