"""How long and how tangled anything may be."""

import ast
from collections.abc import Iterator
from pathlib import Path

from radon.complexity import cc_visit_ast
from radon.visitors import Function

from tests.rules.tree import files, functions, modules

LAST = {
    "function": 50,
    "view": 40,
    "file": 400,
    "template": 200,
    "test file": 400,
    "test function": 50,
    "template line": 160,
    "complexity": 10,
}
LOOK_TWICE = {
    "function": 30,
    "view": 25,
    "file": 250,
    "template": 120,
    "test file": 300,
    "test function": 25,
    "template line": 120,
    "complexity": 6,
}
# Of the functions at least this share is simple, once there are enough of them to say so.
SIMPLE, LEAST_SHARE = 5, 0.95
ENOUGH = 20


def sizes(root: Path) -> Iterator[tuple[str, str, int]]:
    """(kind, place, lines) of every file, function and template."""
    for path in files(root, ".py", ".html"):
        where, text = str(path.relative_to(root)), path.read_text("utf-8")
        kind = (
            "template"
            if path.suffix == ".html"
            else "test file"
            if where.startswith("tests")
            else "file"
        )
        if "migrations" in path.parts:
            continue
        yield kind, where, text.count("\n")
        for function in functions(ast.parse(text)) if path.suffix == ".py" else ():
            kind = (
                "test function"
                if where.startswith("tests")
                else "view"
                if is_view(where)
                else "function"
            )
            yield kind, f"{where}:{function.name}", function.end_lineno - function.lineno + 1


def is_view(where: str) -> bool:
    return "views" in Path(where).with_suffix("").parts


def nothing_is_too_long(root: Path) -> list[str]:
    return [
        f"{where}: {size} lines, the {kind} limit is {LAST[kind]}"
        for kind, where, size in sizes(root)
        if size > LAST[kind]
    ]


def template_lines(root: Path) -> Iterator[tuple[str, str, int]]:
    """("template line", place, characters) of every line of every page."""
    for path in files(root / "templates", ".html"):
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            yield "template line", f"{path.relative_to(root)}:{number}", len(line)


def no_template_line_is_too_long(root: Path) -> list[str]:
    return [
        f"{where}: {length} characters, the limit is {LAST[kind]}"
        for kind, where, length in template_lines(root)
        if length > LAST[kind]
    ]


def complexities(root: Path) -> Iterator[tuple[str, str, int]]:
    """("complexity", place, number of ways through) of every function and method."""
    for name, tree in modules(root):
        for block in cc_visit_ast(tree):
            if isinstance(block, Function):
                yield "complexity", f"{name}:{block.fullname}", block.complexity


def functions_are_simple(root: Path) -> list[str]:
    """A function has few ways through it; most have very few."""
    measured = list(complexities(root))
    offences = [
        f"{where}: complexity {ways}, the limit is {LAST[kind]}"
        for kind, where, ways in measured
        if ways > LAST[kind]
    ]
    simple = sum(ways <= SIMPLE for _, _, ways in measured)
    if len(measured) >= ENOUGH and simple < LEAST_SHARE * len(measured):
        offences.append(f"{simple} of {len(measured)} functions are simple")
    return offences
