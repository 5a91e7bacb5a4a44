"""What the documents say of the tree is so: the files, names, targets and lists
they give are there, and the walks go down.
"""

import re
import tomllib
from functools import cache
from pathlib import Path

import pytest
from django.conf import settings

from tests.rules import FRAME, NOT_OURS, ORDER, ROOT, files

ARCHITECTURE = (ROOT / "docs" / "architecture.md").read_text("utf-8")
# A heading in bold, then numbered lines that each begin with a file.
WALK = re.compile(r"^\*\*([^*]+)\*\*[^\n]*\n\n((?:\d+\. `[^`]+`[^\n]*\n)+)", re.MULTILINE)
WALKS = {
    title: re.findall(r"^\d+\. `([^`]+)`", steps, re.MULTILINE)
    for title, steps in WALK.findall(ARCHITECTURE)
}
DOCUMENTS = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]
RECORDS = sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md"))
# The other documents name settings of the machine and parts of Django, too.
NAMING_ONLY_OURS = [
    *(ROOT / name for name in ("CONTRIBUTING.md", "SECURITY.md")),
    *(ROOT / "docs" / name for name in ("architecture.md", "feedback.md", "quarter.md")),
    *RECORDS,
]

FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
CODE_SPAN = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"\]\((?!https?:)([^)#\s]+)")
# A path from the root of the tree; the addresses of pages begin with a slash or with no folder.
PLACE = re.compile(r"(?:[\w.-]+/)+[\w.-]*")
FILE_NAME = re.compile(r"[\w.-]+\.(?:py|md|toml|txt|sh|html|css|js|yaml)")
NAME = re.compile(r"((?:[A-Za-z_]\w*\.)*[A-Za-z_]\w*)(?:\(.*\))?")
TARGET = re.compile(r"\bmake ([a-z][a-z-]*)")
# Stands for a name that the reader fills in.
PLACEHOLDER = re.compile(r"\b(?:ROOM|NAME|WHAT|FILE|FOLDER)\b")
FOLDERS = {path.name for path in ROOT.iterdir() if path.is_dir()} - NOT_OURS


def by_place(document: Path) -> str:
    return str(document.relative_to(ROOT))


def spans(document: Path) -> set[str]:
    """What stands in backticks inside the text."""
    return set(CODE_SPAN.findall(FENCE.sub("", document.read_text("utf-8"))))


def places_in(document: Path) -> set[str]:
    """The files and folders of the tree that a document names."""
    paths = {span for span in spans(document) if PLACE.fullmatch(span)}
    paths = {path for path in paths if not PLACEHOLDER.search(path)}
    return {path for path in paths if path.partition("/")[0] in FOLDERS or is_file_name(path)}


def is_file_name(path: str) -> bool:
    return bool(FILE_NAME.fullmatch(path.rpartition("/")[2]))


@cache
def words_of_the_code() -> frozenset[str]:
    """Every word of code, tests, templates and settings."""
    suffixes = (".py", ".html", ".txt", ".js", ".css", ".toml", ".sh")
    folders = [*ORDER, "tests", "templates", "static", "deploy", "fixtures"]
    paths = [path for folder in folders for path in files(ROOT / folder, *suffixes)]
    paths = [path for path in paths if path != Path(__file__)]
    text = "\n".join(path.read_text("utf-8") for path in [*paths, ROOT / "pyproject.toml"])
    return frozenset(re.findall(r"\w+", text))


def unknown_names(document: Path) -> list[str]:
    """Names in backticks that no code has, and names of files that no folder has."""
    known_files = {path.name for folder in FOLDERS for path in (ROOT / folder).rglob("*.*")}
    known_files |= {path.name for path in ROOT.iterdir()}
    unknown = []
    for span in spans(document):
        if is_file_name(span) and "/" not in span:
            unknown += [] if span in known_files else [span]
        elif (name := NAME.fullmatch(span)) and not PLACEHOLDER.fullmatch(span):
            unknown += [] if set(name[1].split(".")) <= words_of_the_code() else [span]
    return sorted(unknown)


def targets_in(document: Path) -> set[str]:
    """The targets of the Makefile that a document tells its reader to make."""
    text = document.read_text("utf-8")
    return set(TARGET.findall("\n".join([*FENCE.findall(text), *CODE_SPAN.findall(text)])))


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


@pytest.mark.parametrize("document", DOCUMENTS, ids=by_place)
def test_a_document_names_only_files_that_are_there(document):
    assert sorted(place for place in places_in(document) if not (ROOT / place).exists()) == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=by_place)
def test_a_document_links_only_to_files_that_are_there(document):
    links = set(LINK.findall(document.read_text("utf-8")))
    assert sorted(link for link in links if not (document.parent / link).exists()) == []


@pytest.mark.parametrize("document", NAMING_ONLY_OURS, ids=by_place)
def test_a_document_names_only_what_is_in_the_code(document):
    assert unknown_names(document) == []


CODE = "\n".join(path.read_text("utf-8") for room in ORDER for path in files(ROOT / room, ".py"))
MAKEFILE = (ROOT / "Makefile").read_text("utf-8")


@pytest.mark.parametrize("document", DOCUMENTS, ids=by_place)
def test_a_document_names_only_targets_of_the_makefile(document):
    assert targets_in(document) - set(re.findall(r"^([a-z-]+):", MAKEFILE, re.MULTILINE)) == set()


GLOSSARY_NAME = re.compile(r"`([A-Za-z_]\w*)(?:\([^`]*\))?`")


def test_the_glossary_names_only_what_is_in_the_code():
    named = set(GLOSSARY_NAME.findall((ROOT / "docs" / "glossary.md").read_text("utf-8")))
    assert sorted(name for name in named if not re.search(rf"\b{name}\b", CODE)) == []


def test_the_list_of_decisions_is_complete_and_every_record_has_its_parts():
    index = (ROOT / "docs" / "decisions" / "README.md").read_text("utf-8")
    assert re.findall(r"\]\((\d{4}-[a-z-]+\.md)\)", index) == [path.name for path in RECORDS]
    assert [path.name[:4] for path in RECORDS] == [f"{n:04}" for n in range(1, len(RECORDS) + 1)]
    parts = ["Context", "Decision", "Rejected", "Consequences", "In the code"]
    for record in RECORDS:
        text = record.read_text("utf-8")
        assert re.findall(r"^## (.+)$", text, re.MULTILINE) == parts, record.name
        assert text.count("\n") < 60, record.name


def test_every_list_of_the_rooms_has_the_same_rooms():
    apps = [room for room in ORDER if room not in {"common", FRAME}]
    assert [app for app in settings.INSTALLED_APPS if app in ORDER] == apps
    packages = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["mypy"]
    assert packages["packages"] == ORDER
    rooms = ARCHITECTURE.partition("## Rooms")[2].partition("\n## ")[0]
    table = re.findall(r"^\| `(\w+)/` \|", rooms, re.MULTILINE)
    assert table == ORDER
    line = re.search(r"```\n(common <-.*?)```", rooms, re.DOTALL)[1]
    assert re.findall(r"\w+", line) == ORDER
    readme = (ROOT / "README.md").read_text("utf-8")
    assert re.findall(r"^(\w+)/ {3,}", readme, re.MULTILINE) == ORDER


@pytest.fixture
def document_with(tmp_path):
    """A made-up document of one line."""

    def write(line: str) -> Path:
        path = tmp_path / "document.md"
        path.write_text(f"{line}\n", "utf-8")
        return path

    return write


@pytest.mark.parametrize(
    ("line", "places"),
    [
        ("See `tasks/no_such.py`.", {"tasks/no_such.py"}),
        ("See `no_room/no_such.py`.", {"no_room/no_such.py"}),
        ("See `templates/nowhere/`.", {"templates/nowhere/"}),
        ("The page `reports/sheet/` and `/tasks/x/`, and `tests/ROOM/`.", set()),
    ],
)
def test_a_path_named_in_a_document_is_found(line, places, document_with):
    assert places_in(document_with(line)) == places


@pytest.mark.parametrize(
    ("line", "unknown"),
    [
        ("Ask `Ticket.objects.unheard_of()`.", ["Ticket.objects.unheard_of()"]),
        ("Ask `submit_report` of `test_documents.py`, with `NAME`.", []),
        ("Read `test_no_such_file.py`.", ["test_no_such_file.py"]),
    ],
)
def test_a_name_that_no_code_has_is_noticed(line, unknown, document_with):
    assert unknown_names(document_with(line)) == unknown


@pytest.mark.parametrize(
    ("line", "targets"),
    [
        ("Run `make check` and make tea.", {"check"}),
        ("```\nmake test-fast ARGS=x\n```", {"test-fast"}),
    ],
)
def test_a_target_of_the_makefile_named_in_a_document_is_found(line, targets, document_with):
    assert targets_in(document_with(line)) == targets
