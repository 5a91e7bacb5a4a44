"""Chinese is set with Chinese marks: a half-width comma between characters
reads like a slip of the pen.
"""

import ast
import re
from html import unescape

import pytest

from tests import rules

HALF_WIDTH = re.compile(r"[\u4e00-\u9fff”》）][,;:?!](?!\w+=)|(?:^:|[,;?!])[\u4e00-\u9fff]")
# What a program or a table reads, and words a document was printed with.
READ_BY_PROGRAMS = {"ledger/check.txt", "admin/people.html"}
NOT_TEXT = re.compile(r"{#.*?#}|{%-?\s*(?:if|elif|for|url|with)\b.*?%}", re.DOTALL)
TEMPLATES = list(rules.files(rules.ROOT / "templates", ".html", ".txt"))
# The reader of documents knows the marks of all papers, good and bad.
MODULES = [(name, tree) for name, tree in rules.modules(rules.ROOT) if ".importing." not in name]


def constants(tree: ast.AST):
    """The text a module holds, but for docstrings and the patterns of regular expressions."""
    docs = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs:
            yield node.value


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_a_template_is_set_with_full_width_marks(path):
    if path.relative_to(rules.ROOT / "templates").as_posix() not in READ_BY_PROGRAMS:
        assert HALF_WIDTH.findall(unescape(NOT_TEXT.sub("", path.read_text("utf-8")))) == []


def test_no_message_of_the_code_is_set_with_half_width_marks():
    found = [
        (name, text)
        for name, tree in MODULES
        for text in constants(tree)
        if HALF_WIDTH.search(text)
    ]
    assert found == []


@pytest.mark.parametrize(
    ("text", "is_wrong"),
    [("已保存,还差", True), ("已保存，还差", False), (":还差", True), ("共 3 项", False)],
)
def test_the_rule_of_punctuation_notices_half_width_marks_beside_chinese(text, is_wrong):
    assert bool(HALF_WIDTH.search(text)) is is_wrong


@pytest.mark.parametrize(
    "path", list(rules.files(rules.ROOT / "static" / "css", ".css")), ids=lambda path: path.name
)
def test_what_a_style_sheet_writes_after_chinese_words_is_full_width(path):
    assert re.findall(r"attr\(data-label\) *\"[,;:?!]", path.read_text("utf-8")) == []
