"""Decides which family a document belongs to and has it read: the way into this package."""

import re
from collections.abc import Sequence

from common.files.text_files import ImportProblem, Source
from tasks.importing.action_plan import parse_action_plan
from tasks.importing.checks import ENCLOSED
from tasks.importing.draft import PlanDraft
from tasks.importing.front import TITLE
from tasks.importing.outline import is_heading
from tasks.importing.text import SourceLine, lines_of
from tasks.importing.white_paper import parse_white_paper

PROGRESS = re.compile(r"(当前进展|进展情况|完成情况|目前进展)\s*:|.*\|\s*(目标完成情况|进展情况)")
FIRST_LINES = 10


def parse(source: Source) -> PlanDraft:
    """The draft of a document; doubts about it stand in its `problems`.

    Raises ImportProblem where the text is a progress report or of no known family.
    """
    lines = lines_of(source.text)
    if report := next((line for line in lines if PROGRESS.match(line.plain)), None):
        raise ImportProblem("这是进展通报，不是行动计划或白皮书", report.number)
    if is_white_paper(lines):
        return parse_white_paper(source)
    if is_action_plan(lines):
        return parse_action_plan(source)
    raise ImportProblem(
        "看不出是行动计划或白皮书：没有“一、”章节，也没有“目标及进度”表", lines[0].number
    )


def is_white_paper(lines: Sequence[SourceLine]) -> bool:
    """True where the first lines say 白皮书, or a table of goals and progress follows."""
    return any("白皮书" in line.text for line in lines[:FIRST_LINES]) or any(
        "目标及进度" in line.text for line in lines
    )


def is_action_plan(lines: Sequence[SourceLine]) -> bool:
    """True where any line is a chapter, a title of a plan or a covering notice."""
    return any(
        is_heading(line) or TITLE.fullmatch(line.plain) or ENCLOSED.search(line.plain)
        for line in lines
    )
