"""No template, tag or static file lies about unused or missing;
inline style and hosts are in test_architecture.
"""

import ast
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.template import engines
from django.template.loader import get_template
from django.template.loaders.app_directories import get_app_template_dirs

from common.files import stylesheets
from tests import rules

TEMPLATES = sorted(
    str(path.relative_to(rules.ROOT / "templates"))
    for path in rules.files(rules.ROOT / "templates", ".html", ".txt")
)
# Django asks for these by name when a page fails.
ERROR_PAGES = {"400.html", "403.html", "403_csrf.html", "404.html", "500.html"}
NAMED_IN_TEMPLATE = re.compile(r"{%\s*(?:extends|include)\s+[\"']([^\"']+)")
ONLY = re.compile(r"{%\s*include\s+\"([^\"]+)\"([^%]*)\sonly\s*%}")
LOAD = re.compile(r"{%\s*load\s+([^%]+?)\s*%}")


def source(name: str) -> str:
    return (rules.ROOT / "templates" / name).read_text("utf-8")


def names_in_code(tree: ast.AST):
    """Patterns of the text a module holds; what an f-string fills in may be anything."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield re.escape(node.value)
        elif isinstance(node, ast.JoinedStr):
            yield "".join(
                re.escape(v.value) if isinstance(v, ast.Constant) else r"[^/]+" for v in node.values
            )


def unused(templates: dict[str, str], trees: list[ast.AST]) -> list[str]:
    """Templates neither named in code, nor by another template,
    nor in place of one of a library's.
    """
    by_template = {
        other for text in templates.values() for other in NAMED_IN_TEMPLATE.findall(text)
    }
    by_code = {
        name
        for tree in trees
        for name in names_in_code(tree)
        if name.endswith((r"\.html", r"\.txt"))
    }
    used = ERROR_PAGES | by_template
    return [
        name
        for name in templates
        if name not in used
        and not any(re.fullmatch(p, name) for p in by_code)
        and not stands_in(name)
    ]


def stands_in(name: str) -> bool:
    return any((Path(folder) / name).exists() for folder in get_app_template_dirs("templates"))


def idle_loads(text: str) -> list[str]:
    return [
        name for given in LOAD.findall(text) for name in libraries(given) if not uses(text, name)
    ]


def libraries(given: str) -> list[str]:
    """`x y from library` loads one library, `a b` two."""
    return [given.split(" from ")[1]] if " from " in given else given.split()


def uses(text: str, library: str) -> bool:
    module = engines["django"].engine.template_libraries[library]
    tags = "|".join(map(re.escape, module.tags)) or "(?!)"
    filters = "|".join(map(re.escape, module.filters)) or "(?!)"
    return bool(re.search(rf"{{%\s*(?:{tags})\b|\|(?:{filters})\b", LOAD.sub("", text)))


def missing_files(text: str) -> list[str]:
    return [
        name for name in re.findall(r"{%\s*static\s+[\"']([^\"']+)", text) if not finders.find(name)
    ]


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_can_be_read_and_loads_only_what_it_uses(name):
    get_template(name)
    assert idle_loads(source(name)) == []
    assert missing_files(source(name)) == []


def test_every_template_is_used():
    trees = [tree for _, tree in rules.modules(rules.ROOT)]
    assert unused({name: source(name) for name in TEMPLATES}, trees) == []


def test_every_tag_and_filter_of_ours_is_used():
    text = "".join(map(source, TEMPLATES))
    engine = engines["django"].engine
    idle = [
        f"{module}: {name}"
        for module, library in zip(engine.builtins, engine.template_builtins, strict=True)
        if module.startswith("common.")
        for pattern, names in ((r"{%%\s*%s\b", library.tags), (r"\|%s\b", library.filters))
        for name in names
        if not re.search(pattern % name, text)
    ]
    assert idle == []


def test_every_style_sheet_and_script_is_used():
    text = "".join(map(source, TEMPLATES)) + "".join(
        path.read_text("utf-8") for path in rules.files(rules.ROOT / "static", ".css", ".js")
    )
    text += " ".join(f"{name}.css" for name in (*stylesheets.FAMILIES, stylesheets.PRINT))
    assets = rules.files(rules.ROOT / "static", ".css", ".js", ".svg", ".png")
    assert [path.name for path in assets if path.name not in text] == []


def test_an_unused_template_is_noticed():
    code = ast.parse("A = 'a.html'\nB = f'{kind}/b.html'\n")
    templates = {
        "a.html": "{% include 'c.html' %}",
        "x/b.html": "",
        "c.html": "",
        "404.html": "",
        "d.html": "",
    }
    assert unused(templates, [code]) == ["d.html"]


@pytest.mark.parametrize(
    ("text", "idle"),
    [
        ("{% load static %}{% static 'x.css' %}", []),
        ("{% load l10n %}{{ 5|localize }}", []),
        ("{% load l10n tz %}{{ 5|localize }}", ["tz"]),
        ("{% load static %}<p>static</p>", ["static"]),
        ("{% load localize from l10n %}", ["l10n"]),
    ],
)
def test_an_idle_load_is_noticed(text, idle):
    assert idle_loads(text) == idle


def test_a_missing_static_file_is_noticed():
    assert missing_files("{% static 'css/no-such-sheet.css' %}") == ["css/no-such-sheet.css"]


def unmarked_parts(templates: dict[str, str]) -> list[str]:
    """Includes with `only` of a part that posts, or includes one, without our mark of the form.

    Such a form is refused for every person, and the client of the tests does not notice it.
    """
    posting = {name for name, text in templates.items() if "csrf_token" in text}
    return sorted(
        f"{name}: {part}"
        for name, text in templates.items()
        for part, given in ONLY.findall(text)
        if part in posting and "csrf_token=csrf_token" not in given
    )


def test_every_part_with_a_form_is_given_our_mark_where_it_sees_nothing_else():
    assert unmarked_parts({name: source(name) for name in TEMPLATES}) == []


@pytest.mark.parametrize("given", ["", " with back=back"])
def test_a_form_in_a_part_without_our_mark_is_noticed(given):
    page, part = f'{{% include "part.html"{given} only %}}', "{% csrf_token %}"
    assert unmarked_parts({"page.html": page, "part.html": part}) == ["page.html: part.html"]
    marked = '{% include "part.html" with csrf_token=csrf_token only %}'
    assert unmarked_parts({"page.html": marked, "part.html": part}) == []
