"""What the documents say of the tree is so: the files they name are there,
and the walks go down.
"""

import re

import pytest

from tests.rules import ORDER, ROOT, files

ARCHITECTURE = (ROOT / "docs" / "architecture.md").read_text("utf-8")
# A heading in bold, then numbered lines that each begin with a file.
WALK = re.compile(r"^\*\*([^*]+)\*\*[^\n]*\n\n((?:\d+\. `[^`]+`[^\n]*\n)+)", re.MULTILINE)
WALKS = {
    title: re.findall(r"^\d+\. `([^`]+)`", steps, re.MULTILINE)
    for title, steps in WALK.findall(ARCHITECTURE)
}
FILE = re.compile(r"`((?:[a-z_]+/)+[a-z_.0-9]+\.(?:py|md|sh|txt|csv|toml))`")
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


def test_there_are_walks_for_a_report_a_letter_a_document_and_a_figure():
    words = " ".join(WALKS)
    assert [word for word in ("report", "letter", "document", "figure") if word not in words] == []


@pytest.mark.parametrize("title", WALKS)
def test_a_walk_passes_at_most_twelve_files_that_are_there_and_never_goes_up(title):
    steps = WALKS[title]
    floors = [ORDER.index(step.partition("/")[0]) for step in steps]
    assert [step for step in steps if not (ROOT / step).is_file()] == []
    assert len(steps) <= 12
    assert floors == sorted(floors, reverse=True)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.name)
def test_a_document_names_only_files_that_are_there(document):
    named = set(FILE.findall(document.read_text("utf-8")))
    assert sorted(name for name in named if not (ROOT / name).exists()) == []


CODE = "\n".join(path.read_text("utf-8") for room in ORDER for path in files(ROOT / room, ".py"))
NAME = re.compile(r"`([A-Za-z_]\w*)(?:\([^`]*\))?`")


def test_the_glossary_names_only_what_is_in_the_code():
    named = set(NAME.findall((ROOT / "docs" / "glossary.md").read_text("utf-8")))
    assert sorted(name for name in named if not re.search(rf"\b{name}\b", CODE)) == []
