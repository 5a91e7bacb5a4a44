"""Who imports whom, and how much a room may hold."""

import ast
import re
from pathlib import Path

from tests.rules.tree import (
    EDGE,
    FRAME,
    ORDER,
    PAGE_ROOMS,
    files,
    functions,
    imports,
    is_core,
    is_edge,
    modules,
    parsed,
    part,
    room,
)

# Of another room's edge only this may be used: what it reads, what it asks and the files it makes
# of it.
SHARED_EDGE = {"read_models", "forms", "workbook", "filters", "exports", "api"}
LARGEST_SHARE = 0.25
IN_A_TEST_MODULE = re.compile(r"tests\.(\w+\.)*test_")


def every_room_imports_only_from_its_left(root: Path) -> list[str]:
    """Every module counts: views, API, admin and commands too,
    and relative imports and those inside functions.
    """
    return [
        f"{name} imports {other}"
        for name, tree in modules(root)
        for other in imports(name, tree)
        if room(other) in ORDER[ORDER.index(room(name)) + 1 :]
    ]


def no_room_holds_more_than_a_quarter(root: Path) -> list[str]:
    """Of the lines of the portal's own code, once there is enough of it to say so."""
    lines: dict[str, int] = {}
    for path in files(root, ".py"):
        parts = path.relative_to(root).parts
        if parts[0] in ORDER and "migrations" not in parts:
            lines[parts[0]] = lines.get(parts[0], 0) + path.read_text("utf-8").count("\n")
    most = LARGEST_SHARE * sum(lines.values())
    return [
        f"{name}: {count} lines"
        for name, count in lines.items()
        if count > most and sum(lines.values()) > 1000
    ]


def imports_stand_at_the_top(root: Path) -> list[str]:
    """An import inside a function hides a circle; the cure is a module that both sides import."""
    return [
        f"{name}:{node.lineno} imports inside {function.name}"
        for name, tree in modules(root)
        for function in functions(tree)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]


def core_never_imports_edge(root: Path) -> list[str]:
    return [
        f"{name} imports {other}"
        for name, tree in modules(root)
        for other in imports(name, tree)
        if is_core(name) and is_edge(other)
    ]


def views_and_addresses_belong_to_their_room(root: Path) -> list[str]:
    """What a room reads, asks and writes into files may be used from above;
    its views and addresses may not.
    """
    return [
        f"{name} imports {other}"
        for name, tree in modules(root)
        for other in imports(name, tree)
        if room(name) not in {FRAME, room(other)} and is_edge(other) and not may_be_shared(other)
    ]


def no_view_imports_another_view(root: Path) -> list[str]:
    """What two views share stands in `pages/` or lower,
    so that a page is read from one view downwards.
    """
    return [
        f"{name} imports {other}"
        for name, tree in modules(root)
        for other in imports(name, tree)
        if part(name) == part(other) == "views" and room(other) in ORDER
    ]


def may_be_shared(other: str) -> bool:
    page_word = room(other) in PAGE_ROOMS and part(other) not in EDGE
    return part(other) in SHARED_EDGE or page_word


def no_test_module_is_imported(root: Path) -> list[str]:
    """What tests share stands in tests/fixtures/ or in the conftest.py of their folder."""
    return [
        f"{name} imports {other}"
        for path in files(root / "tests", ".py")
        for name in [".".join(path.relative_to(root).with_suffix("").parts)]
        for other in imports(name, parsed(path.read_text("utf-8")))
        if IN_A_TEST_MODULE.match(other)
    ]


def no_signals(root: Path) -> list[str]:
    return [
        f"{name} imports {other}"
        for name, tree in modules(root)
        for other in imports(name, tree)
        if re.search(r"\bsignals\b|django\.dispatch", other)
    ]
