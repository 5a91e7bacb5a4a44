"""The template of the environment file explains every setting, and no setting that is none."""

import ast
import re

import pytest

from tests.rules import ROOT

TEMPLATE = (ROOT / "deploy" / "portal.env.example").read_text("utf-8")
OPERATION = (ROOT / "docs" / "operation.md").read_text("utf-8")
READERS = {"str", "bool", "int", "float", "list", "path", "db", "email_url"}


def read_by(path: str) -> set[str]:
    """The names a file reads from the environment."""
    names = set()
    for node in ast.walk(ast.parse((ROOT / path).read_text("utf-8"))):
        if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id
            if called in {*READERS, "secret", "get"} and str(node.args[0].value).isupper():
                names.add(node.args[0].value)
    return names


SETTINGS = read_by("yantian_portal/settings.py") | read_by("deploy/gunicorn.conf.py")


def test_the_template_has_every_setting_and_nothing_else():
    named = re.findall(r"^#?([A-Z0-9_]+)=", TEMPLATE, re.MULTILINE)
    assert len(SETTINGS) > 35
    assert sorted(named) == sorted(SETTINGS)


@pytest.mark.parametrize("name", sorted(SETTINGS))
def test_a_setting_is_explained_to_operators_and_to_developers(name):
    above = re.search(rf"((?:^#.*\n|^#?[A-Z0-9_]+=.*\n)+)^#?{name}=", TEMPLATE, re.MULTILINE)[1]
    assert re.search(r"^# .*[。；]", above, re.MULTILINE)
    assert f"`{name}`" in OPERATION
