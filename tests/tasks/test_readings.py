"""What is read of other governments' documents, each beside what a correct reading yields.

`fixtures/readings/` holds public documents and made-up ones of the same kinds. Lines that begin
with `# source:` or `# note:` are no part of them.
"""

import json
import re
import unicodedata
from functools import cache

import pytest
from django.conf import settings

from common.files.text_files import from_bytes
from tasks.importing.draft import PlanDraft, TaskDraft
from tasks.importing.parse import parse
from tasks.importing.preview import as_json

FOLDER = settings.FIXTURES / "readings"
NAMES = sorted(path.stem for path in FOLDER.glob("*.txt"))
# Titles that a person gave the document, since its text prints none.
UNTITLED = {"gm2013-livelihood-list", "hr2022-citymgmt"}


def plain(words: str | None) -> str:
    """Words without blanks, full-width marks and a last full stop."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", words or "")).rstrip("。.;:")


@cache
def draft_of(name: str) -> PlanDraft:
    lines = (FOLDER / f"{name}.txt").read_text("utf-8").split("\n")
    text = "\n".join(line for line in lines if not re.match(r"# (source|note):", line))
    return parse(from_bytes(text.encode(), f"{name}.txt"))


@cache
def expected_of(name: str) -> dict:
    return json.loads((FOLDER / f"{name}.expected.json").read_text("utf-8"))


def named(expected: dict, name: str, index: int) -> TaskDraft:
    """The task with the printed number that is expected, else the one in its place."""
    wanted = plain(str(expected.get("no", ""))).strip("()、第项")
    tasks = draft_of(name).tasks
    same = [task for task in tasks if plain(task.printed_number).strip("()、第项") == wanted]
    return same[0] if wanted and same else tasks[index]


def whole_tasks() -> list[tuple[str, int]]:
    """The expected tasks that are not cut off, by document and place."""
    return [
        (name, index)
        for name in NAMES
        for index, task in enumerate(expected_of(name).get("tasks", []))
        if not task.get("truncated")
    ]


@pytest.mark.parametrize("name", NAMES)
def test_every_document_yields_its_number_of_tasks(name):
    expected = expected_of(name)
    wanted = expected.get("task_count", expected.get("numbered_items"))
    assert len(draft_of(name).tasks) == wanted


@pytest.mark.parametrize("name", NAMES)
def test_every_document_yields_what_its_front_says(name):
    draft, expected = draft_of(name), expected_of(name)
    if expected.get("title") and name not in UNTITLED:
        assert plain(draft.title) == plain(expected["title"])
    if number := expected.get("doc_number"):
        assert plain(draft.document_number) == plain(number)
    if year := expected.get("year"):
        assert draft.year == year
    if issued := expected.get("issued"):
        assert draft.issued_on.isoformat() == issued
    if kind := expected.get("doc_kind"):
        assert draft.is_disclosure == (kind == "progress_disclosure")


@pytest.mark.parametrize(("name", "index"), whole_tasks())
def test_every_task_has_its_title_and_its_units(name, index):
    expected = expected_of(name)["tasks"][index]
    task = named(expected, name, index)
    if title := expected.get("title"):
        assert plain(task.title.text) == plain(title)
    units = [(plain(unit.name), unit.kind) for unit in task.responsibilities]
    if "departments" in expected:
        assert {name for name, _kind in units} == set(map(plain, expected["departments"]))
    for key, kind in (("lead", "lead"), ("support", "supporting")):
        # A sole unit without a word for its part leads, and is listed.
        kinds = {kind} if "support" in expected else {kind, "listed"}
        if key in expected:
            found = {name for name, part in units if part in kinds}
            assert found == set(map(plain, expected[key]))


@pytest.mark.parametrize(("name", "index"), whole_tasks())
def test_every_task_has_its_quarters_its_deadline_and_what_was_done(name, index):
    expected = expected_of(name)["tasks"][index]
    task = named(expected, name, index)
    quarters = {f"Q{each.quarter}": plain(each.words.text) for each in task.milestones}
    for quarter, words in (expected.get("milestones") or {}).items():
        assert quarters[quarter] == plain(words)
    if deadline := expected.get("deadline"):
        assert plain(task.due) == plain(deadline)
    done = [plain(each.words.text) for each in task.actuals if each.words]
    if actual := expected.get("actual"):
        assert plain(actual) in done
    rates = plain("".join(each.rate for each in task.actuals))
    wanted = [expected[key] for key in ("rate", "status_word") if expected.get(key)]
    assert [words for words in wanted if plain(words) not in rates] == []


@pytest.mark.parametrize("name", NAMES)
def test_an_excerpt_and_a_doubtful_document_are_asked_about(name):
    draft, expected = draft_of(name), expected_of(name)
    if expected.get("completeness") == "excerpt":
        assert draft.blocking
    if expected.get("must_warn"):
        assert draft.questions or draft.problems


@pytest.mark.parametrize("name", NAMES)
def test_no_sign_of_a_document_is_lost(name):
    lines = (FOLDER / f"{name}.txt").read_text("utf-8").split("\n")
    text = "\n".join(line for line in lines if not re.match(r"# (source|note):", line))
    passages = draft_of(name).passages
    assert "".join(text[each.start : each.end] for each in passages) == text


@pytest.mark.parametrize("name", NAMES)
def test_every_question_says_how_it_was_read(name):
    draft = draft_of(name)
    shown = as_json(draft, draft.problems)["questions"]
    assert len(shown) == len(draft.questions)
    for question in draft.questions:
        values = [choice.value for choice in question.choices]
        assert question.preset in values or not values


def test_an_answered_question_is_not_asked_again():
    text = "某区2024年重点工作\n" + "\n".join(
        f"（{sign}）抓实事\n1.修路。修路1公里。\n2.种树。种树1棵。" for sign in "一二"
    )
    first = parse(from_bytes(text.encode(), "made-up.txt"))
    answers = {question.key: question.preset for question in first.questions}
    assert parse(from_bytes(text.encode(), "made-up.txt"), answers).questions == ()
