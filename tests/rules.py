"""The house rules, each a function from a tree to the sentences that say where it is broken.

The numbers are the last limits; `python -m tests.rules` lists what is worth a second look before
they are reached.
"""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
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
# Of another room's edge only this may be used: what it reads, what it asks and the files it makes
# of it.
SHARED_EDGE = {"read_models", "forms", "workbook", "filters", "exports", "api"}
LARGEST_SHARE = 0.25
NOT_OURS = {".venv", ".git", "var", "vendor", "node_modules", "__pycache__"}
LAST = {
    "function": 50,
    "view": 40,
    "file": 500,
    "template": 200,
    "test file": 500,
    "test function": 50,
}
LOOK_TWICE = {
    "function": 30,
    "view": 25,
    "file": 250,
    "template": 120,
    "test file": 300,
    "test function": 25,
}


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


def no_signals(root: Path) -> list[str]:
    return [
        f"{name} imports {other}"
        for name, tree in modules(root)
        for other in imports(name, tree)
        if re.search(r"\bsignals\b|django\.dispatch", other)
    ]


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


# Here a list of roles may be written, and nowhere else.
ROLE_LISTS = {"roles", "permissions"}
# Only what answers who may, or who sees what, asks for a person's posts by role.
ROLE_QUESTIONS = {"has_role"}


def role_lists_are_named(root: Path) -> list[str]:
    """Which roles may what stands in `roles.py` or `permissions.py`; elsewhere it has a name."""
    return [
        f"{name}:{node.lineno} lists roles"
        for name, tree in modules(root)
        for node in ast.walk(tree)
        if part(name) not in ROLE_LISTS and roles_listed(node)
    ]


def no_list_of_roles_stands_twice(root: Path) -> list[str]:
    """The same roles in another order, or for another purpose,
    refer to the first list by its name.
    """
    places: dict[frozenset, list[str]] = {}
    for name, tree in modules(root):
        for node in ast.walk(tree):
            if roles := roles_listed(node):
                places.setdefault(roles, []).append(f"{name}:{node.lineno}")
    return [
        f"{' and '.join(same)} list the same roles" for same in places.values() if len(same) > 1
    ]


def roles_listed(node: ast.AST) -> frozenset[str]:
    """The roles and named groups of a list, or of the arguments of a call;
    empty for one role alone.
    """
    is_list = isinstance(node, ast.List | ast.Tuple | ast.Set)
    items = node.elts if is_list else node.args if isinstance(node, ast.Call) else []
    roles = {item.attr for item in items if is_role(item)}
    groups = {ast.unparse(item) for item in items if isinstance(item, ast.Starred)}
    return frozenset(roles | groups if roles and len(roles | groups) > 1 else ())


def is_role(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and last_name(node.value) == "Role"


def only_predicates_and_querysets_ask_for_roles(root: Path) -> list[str]:
    """Pages, read models and actions ask `can_...`;
    the person answers about the own posts in departments/models.
    """
    return [
        f"{name}:{node.lineno} asks for a role"
        for name, tree in modules(root)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and last_name(node.func) in ROLE_QUESTIONS
        and not may_ask_for_roles(name)
    ]


def may_ask_for_roles(name: str) -> bool:
    return part(name) in {"permissions", "querysets"} or name.startswith("departments.models")


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (
        node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    )


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


INLINE = re.compile(
    r"<style\b|\sstyle\s*=|\son[a-z]+\s*=\s*[\"']|javascript:"
    r"|<script(?![^>]*\ssrc=)(?![^>]*application/(?:ld\+)?json)[^>]*>",
    re.IGNORECASE,
)
# The namespaces of SVG and XML are names, not addresses that anybody fetches.
HOST = re.compile(r"(?:https?:)?//(?!www\.w3\.org/)[a-z0-9-]+(?:\.[a-z0-9-]+)+", re.IGNORECASE)


def lines_with(pattern: re.Pattern, root: Path, paths: Iterator[Path]) -> list[str]:
    return [
        f"{path.relative_to(root)}:{number}: {line.strip()[:80]}"
        for path in paths
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if pattern.search(line)
    ]


def no_inline_style_or_script(root: Path) -> list[str]:
    return lines_with(INLINE, root, files(root / "templates", ".html"))


def no_third_party_host(root: Path) -> list[str]:
    shown = [
        *files(root / "templates", ".html", ".txt", ".xml"),
        *files(root / "static", ".css", ".js", ".svg"),
    ]
    return lines_with(HOST, root, shown)


def no_site_is_named(root: Path) -> list[str]:
    """What names a district is in its profile; code and templates serve any."""
    profiles = [
        tomllib.loads(path.read_text("utf-8"))
        for path in root.glob("fixtures/sites/*/profile.toml")
    ]
    names = {profile[key] for profile in profiles for key in ("name", "district")}
    names |= {name.rstrip("区县市") for name in names}
    outside = [
        path
        for path in files(root, ".py", ".html", ".js", ".css", ".toml", ".txt")
        if part_of_the_house(path, root)
    ]
    return (
        lines_with(re.compile("|".join(map(re.escape, sorted(names)))), root, outside)
        if names
        else []
    )


def part_of_the_house(path: Path, root: Path) -> bool:
    return path.relative_to(root).parts[0] in {*ORDER, "templates", "static", "deploy"}


def nothing_points_outside_the_tree(root: Path) -> list[str]:
    """No neighbour directory, no path of one machine: a clone is complete."""
    kinds = (
        ".py",
        ".html",
        ".toml",
        ".txt",
        ".md",
        ".sh",
        ".yml",
        ".js",
        ".css",
        ".service",
        ".timer",
        ".conf",
    )
    paths = [*files(root, *kinds), *root.glob("Makefile"), *root.glob(".ci/*")]
    return lines_with(re.compile(r"\.\./share" + r"d|/roo" + r"t/|/wor" + r"k/"), root, paths)


if __name__ == "__main__":
    for kind, where, size in sizes(ROOT):
        if size > LOOK_TWICE[kind]:
            sys.stdout.write(f"{size:5} {kind:14} {where}\n")
