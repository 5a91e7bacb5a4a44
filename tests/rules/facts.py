"""Time is an argument, a status has one writer, and a choice is compared by its name."""

import ast
import re
from pathlib import Path

from tests.rules.tree import files, functions, is_core, last_name, lines_with, modules, part

CLOCK = {"now", "utcnow", "today"}
# These read the clock only when nothing is handed to them.
CONVERTERS = {"localdate", "localtime"}


def core_reads_no_clock(root: Path) -> list[str]:
    """Time is an argument. Only the record stamps its own entries."""
    offences = []
    for name, tree in modules(root):
        stamped = {
            node
            for function in functions(tree)
            if stamps(name, function)
            for node in ast.walk(function)
        }
        for node in ast.walk(tree) if is_core(name) else ():
            if node not in stamped and reads_clock(node):
                offences.append(f"{name}:{node.lineno} reads the clock")
    return offences


def reads_clock(node: ast.AST) -> bool:
    if isinstance(node, ast.Attribute):
        return node.attr in CLOCK and getattr(node.value, "id", "") in {
            "timezone",
            "date",
            "datetime",
            "dt",
        }
    if isinstance(node, ast.Call):
        return last_name(node.func) in CONVERTERS and not node.args + node.keywords
    if isinstance(node, ast.keyword):
        return node.arg in {"auto_now", "auto_now_add"} or last_name(node.value) in CONVERTERS
    return isinstance(node, ast.ImportFrom) and bool(CLOCK & {alias.name for alias in node.names})


def stamps(name: str, function: ast.AST) -> bool:
    return name.startswith("ledger.") and "recorded_at" in {
        getattr(node, "id", "") for node in ast.walk(function)
    }


def views_write_no_status(root: Path) -> list[str]:
    return [
        f"{name}:{node.lineno} writes a status"
        for name, tree in modules(root)
        for node in ast.walk(tree)
        if "views" in name.split(".") and writes_status(node)
    ]


def writes_status(node: ast.AST) -> bool:
    if isinstance(node, ast.Attribute):
        return isinstance(node.ctx, ast.Store) and node.attr in {"status", "state"}
    is_update = isinstance(node, ast.Call) and last_name(node.func) in {"update", "setattr"}
    words = (
        [k.arg for k in node.keywords] + [getattr(a, "value", "") for a in node.args]
        if is_update
        else []
    )
    return bool({"status", "state"} & {word for word in words if isinstance(word, str)})


# Fields whose values an enum of some choices.py names.
CHOICE_FIELDS = {"state", "status", "kind", "decision", "headline", "basis"}
QUOTED = r"""["'][^"']+["']"""
BARE_IN_TEMPLATE = re.compile(
    rf"{{%[^%]*\b(?:\w+_)?(?:{'|'.join(sorted(CHOICE_FIELDS))})\s*(?:==|!=|\bin\b)\s*{QUOTED}"
    rf"|{{%[^%]*{QUOTED}\s*(?:==|!=)\s*[\w.]*\b(?:\w+_)?(?:{'|'.join(sorted(CHOICE_FIELDS))})\b"
)


def choices_are_compared_by_name(root: Path) -> list[str]:
    """A mistyped enum member is an error; a mistyped word is a question nobody
    ever answers yes to.
    """
    bare = [
        f"{name}:{node.lineno} compares with a bare word"
        for name, tree in modules(root)
        for node in ast.walk(tree)
        if part(name) != "choices" and compares_bare(node)
    ]
    return bare + lines_with(
        BARE_IN_TEMPLATE, root, files(root / "templates", ".html", ".txt", ".xml")
    )


def compares_bare(node: ast.AST) -> bool:
    """`state == "open"` in any order, and `filter(period__state__in=["open"])` in any call."""
    if isinstance(node, ast.Compare):
        sides = [node.left, *node.comparators]
        return any(map(is_choice_field, sides)) and any(map(holds_word, sides))
    if isinstance(node, ast.keyword) and node.arg:
        return names_choice(node.arg.removesuffix("__in")) and holds_word(node.value)
    return False


def is_choice_field(node: ast.AST) -> bool:
    return names_choice(last_name(node))


def names_choice(name: str) -> bool:
    """state, target_basis or period__kind."""
    return name.rpartition("_")[2] in CHOICE_FIELDS


def holds_word(node: ast.AST) -> bool:
    """An empty text only asks whether there is one."""
    if isinstance(node, ast.List | ast.Tuple | ast.Set):
        return any(map(holds_word, node.elts))
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and bool(node.value)
