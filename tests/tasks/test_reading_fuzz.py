"""Whatever happens to a document on its way: the right number of tasks, or a question."""

import random
import re
from itertools import permutations

import pytest

from common.files.text_files import from_bytes
from tasks.importing.draft import PlanDraft
from tasks.importing.parse import parse
from tasks.importing.readers import document_from_bytes
from tests.fixtures.plan_files import as_docx
from tests.fixtures.sources import BOTH, PAPER, PLAN, blocks_of, draft_of, parsed, source_of

SIGNS = "一二三四五六七八九"


def chinese(number: int) -> str:
    tens, ones = divmod(number, 10)
    head = "" if not tens else "十" if tens == 1 else f"{SIGNS[tens - 1]}十"
    return head + (SIGNS[ones - 1] if ones else "")


ORDINALS = ["{0}、", "（{0}）", "({0})", "{0})", "第{0}项 ", "第{1}项　", "{0} ", "{0}．", "1.{0} "]
NOTES = {
    "（区发改局牵头，区财政局配合）": [("区发改局", "lead"), ("区财政局", "supporting")],
    "（责任单位：区发改局、区财政局）": [("区发改局", "listed"), ("区财政局", "listed")],
    "\n责任单位：区发改局、区财政局": [("区发改局", "listed"), ("区财政局", "listed")],
    "\n牵头单位：区发改局\n配合单位：区财政局": [("区发改局", "lead"), ("区财政局", "supporting")],
    "【牵头单位】区发改局【配合单位】区财政局": [("区发改局", "lead"), ("区财政局", "supporting")],
    "（区发改局负责，6月底前完成）": [("区发改局", "listed")],
    "（责任领导：张三；责任单位：区发改局）": [("区发改局", "listed")],
}
CHAPTERS = ["总体提升", "组织领导", "工作保障", "进度安排", "工作要求", "保障措施和任务"]


def whole_or_asked(draft: PlanDraft, wanted: int) -> bool:
    return len(draft.tasks) == wanted or bool(draft.blocking)


@pytest.mark.parametrize("style", ORDINALS)
def test_tasks_are_found_whatever_style_their_numbers_have(style):
    def restyled(mark: re.Match[str]) -> str:
        return style.format(mark[1], chinese(int(mark[1])))

    renumbered = re.sub(r"(?m)^(\d+)\.", restyled, source_of(PLAN).text)
    draft = parsed(renumbered)
    assert [task.title.text for task in draft.tasks] == [
        task.title.text for task in draft_of(PLAN).tasks
    ]
    assert draft.blocking == []


@pytest.mark.parametrize("title", CHAPTERS)
def test_a_chapter_of_tasks_may_have_the_title_of_another_chapter(title):
    draft = parsed(source_of(PLAN).text.replace("二、重点任务", f"二、{title}"))
    assert len(draft.tasks) == 45


@pytest.mark.parametrize("note", NOTES)
def test_units_are_found_however_they_are_noted(note):
    draft = parsed(re.sub(r"(?m)^(\d+\..*)$", lambda line: line[1] + note, source_of(PLAN).text))
    assert draft.blocking == []
    found = {
        tuple((unit.name, unit.kind) for unit in task.responsibilities) for task in draft.tasks
    }
    assert found == {tuple(NOTES[note])}


def test_numbers_may_begin_again_in_every_section():
    lines, count = [], 0
    for line in source_of(PLAN).text.split("\n"):
        count = 0 if re.match(r"\([一二三四五六七]\)", line) else count
        if mark := re.match(r"(\d+)\.", line):
            count += 1
            line = f"{count}.{line[mark.end() :]}"
        lines.append(line)
    draft = parsed("\n".join(lines))
    assert [task.number for task in draft.tasks] == list(range(1, 46))
    assert draft.blocking == []


@pytest.mark.parametrize("path", BOTH)
def test_cut_and_shuffled_documents_are_whole_or_asked_about(path):
    dice, text = random.Random(7), source_of(path).text
    wanted = len(draft_of(path).tasks)
    lines = text.split("\n")
    for _round in range(20):
        cut = text[: dice.randrange(1, len(text))]
        one, other = dice.sample(range(len(lines)), 2)
        swapped = [*lines]
        swapped[one], swapped[other] = lines[other], lines[one]
        for harmed in (cut, "\n".join(swapped)):
            if harmed.strip():
                assert whole_or_asked(parsed(harmed), wanted)


@pytest.mark.parametrize("order", list(permutations(range(4)))[::3])
def test_the_columns_of_a_table_may_stand_in_any_order(order):
    blocks = [
        block if isinstance(block, str) else [[row[place] for place in order] for row in block]
        for block in blocks_of(PAPER)
    ]
    bars = [
        line
        for block in blocks
        for line in (
            [block] if isinstance(block, str) else [" | ".join([*row, ""]) for row in block]
        )
    ]
    wanted = [read(task) for task in draft_of(PAPER).tasks]
    for document in (
        document_from_bytes(as_docx(blocks), "made-up.docx"),
        from_bytes("\n".join(bars).replace("^", "").encode(), "made-up.txt"),
    ):
        draft = parse(document)
        assert [read(task) for task in draft.tasks] == wanted
        assert draft.blocking == []


def in_bars(block) -> list[str]:
    """A paragraph, or the rows of a table with cells closed by |."""
    if isinstance(block, str):
        return [block]
    return [" | ".join([*row, ""]) for row in block]


def read(task) -> tuple:
    units = [unit.name for unit in task.responsibilities]
    return task.number, task.title.text, len(task.milestones), units
