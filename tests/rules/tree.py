"""What the tree of the portal consists of: its rooms, their modules and what these import."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FRAME = "yantian_portal"
# Each room imports only from its left; the frame may import all of them and is imported by none.
ORDER = [
    "common",
    "ledger",
    "departments",
    "tasks",
    "progress",
    "publishing",
    "supervision",
    "feedback",
]
ORDER += ["subscriptions", "public", "workspace", "demo", FRAME]
# Rooms of pages: everything in them is edge.
PAGE_ROOMS = {"public", "workspace", "demo"}
EDGE = {
    "read_models",
    "views",
    "forms",
    "filters",
    "api",
    "exports",
    "workbook",
    "feeds",
    "admin",
    "management",
}
# Pages that several addresses answer with: what their views share.
EDGE |= {"urls", "templatetags", "pages"}
NOT_OURS = {".venv", ".git", "var", "vendor", "node_modules", "__pycache__"}


def files(root: Path, *suffixes: str) -> Iterator[Path]:
    for path in sorted(root.rglob("*")):
        if path.suffix in suffixes and not NOT_OURS & set(path.relative_to(root).parts):
            yield path


def modules(root: Path) -> Iterator[tuple[str, ast.Module]]:
    """(dotted name, syntax tree) of the portal's own code: no tests, no migrations."""
    for path in files(root, ".py"):
        parts = path.relative_to(root).with_suffix("").parts
        if parts[0] in ORDER and "migrations" not in parts:
            yield ".".join(parts), parsed(path.read_text("utf-8"))


@cache
def parsed(source: str) -> ast.Module:
    """Each rule walks the same trees."""
    return ast.parse(source)


def imports(name: str, tree: ast.Module) -> Iterator[str]:
    """Dotted names a module imports; a foreign key by text counts as an import
    of that app's models.
    """
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            source = name.split(".")[: -node.level] if node.level else []
            source += [node.module] if node.module else []
            yield from (".".join([*source, alias.name]) for alias in node.names)
        elif isinstance(node, ast.Call) and last_name(node.func) in {
            "ForeignKey",
            "OneToOneField",
            "ManyToManyField",
        }:
            first = node.args[0] if node.args else None
            if isinstance(first, ast.Constant) and "." in str(first.value):
                yield f"{first.value.split('.')[0]}.models"


def last_name(node: ast.AST) -> str:
    return getattr(node, "attr", getattr(node, "id", ""))


def part(name: str) -> str:
    """The kind of a module inside its room: departments.views.staff -> views."""
    return name.partition(".")[2].partition(".")[0]


def is_edge(name: str) -> bool:
    """staff_urls and the like are addresses too."""
    kinds = {part(name), part(name).rpartition("_")[2]}
    return room(name) in PAGE_ROOMS or (room(name) in ORDER and bool(kinds & EDGE))


def room(name: str) -> str:
    return name.partition(".")[0]


def is_core(name: str) -> bool:
    return room(name) in ORDER and room(name) not in {"common", FRAME} and not is_edge(name)


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (
        node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    )


def lines_with(pattern: re.Pattern, root: Path, paths: Iterator[Path]) -> list[str]:
    return [
        f"{path.relative_to(root)}:{number}: {line.strip()[:80]}"
        for path in paths
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if pattern.search(line)
    ]
