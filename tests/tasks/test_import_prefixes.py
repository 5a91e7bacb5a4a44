"""Whatever is cut off, nothing incomplete is taken for whole, and no other exception gets out."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from common.files.text_files import ImportProblem, from_bytes
from tasks.importing.parse import parse
from tests.fixtures.sources import BOTH, draft_of, source_of

FRAGMENTS = [
    "一、",
    "(一)",
    "1.",
    "二、重点任务",
    "。",
    ";",
    "\n",
    "|",
    "目标:",
    "第一季度:",
    "教育局",
    "附件:",
    "2017年",
    "《",
    "(略)",
]

HEAPS = st.lists(st.sampled_from([*FRAGMENTS, "\n"])).map("".join)


def accepted(data: bytes):
    """The draft if the document would be stored, else None."""
    try:
        draft = parse(from_bytes(data, "made-up.txt"))
    except ImportProblem:
        return None
    return None if draft.blocking else draft


@pytest.mark.parametrize("path", BOTH)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_a_beginning_of_a_document_is_refused_unless_every_task_is_whole(path, data):
    whole = source_of(path).data
    draft = accepted(whole[: data.draw(st.integers(0, len(whole) - 1))])
    assert draft is None or draft.sections == draft_of(path).sections


@pytest.mark.parametrize("path", BOTH)
@settings(max_examples=50, deadline=None)
@given(data=st.data())
def test_a_line_taken_out_of_a_document_raises_nothing_but_a_refusal(path, data):
    lines = source_of(path).text.split("\n")
    del lines[data.draw(st.integers(0, len(lines) - 1))]
    accepted("\n".join(lines).encode())


@settings(max_examples=200, deadline=None)
@given(HEAPS)
def test_any_heap_of_such_words_raises_nothing_but_a_refusal(text):
    accepted(text.encode())


@settings(max_examples=200, deadline=None)
@given(HEAPS)
def test_the_passages_read_from_a_document_cover_its_text(text):
    try:
        draft = parse(from_bytes(text.encode(), "made-up.txt"))
    except ImportProblem:
        return
    source = from_bytes(text.encode(), "made-up.txt")
    assert "".join(source.text[p.start : p.end] for p in draft.passages) == source.text
