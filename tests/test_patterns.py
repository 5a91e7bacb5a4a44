"""No regular expression of the house takes the square of the length of what it reads."""

import ast
import importlib
import re
import time
from collections import deque
from contextlib import suppress
from itertools import chain
from pathlib import Path
from types import ModuleType

import pytest

from tests.rules.tree import ORDER, ROOT

# Asked only where a text begins, never at each of its characters, or of a document's own lines
# alone, which an operator gives by hand.
ANCHORED = {
    "common.mail.mime",
    "common.mail.quoting",
    "common.text.numerals",
    "feedback.incoming",
    "progress.workbook.rows",
    "public.read_models.document",
    "public.read_models.ledger",
    "tasks.importing.front",
    "tasks.importing.ordinals",
    "tasks.importing.text",
}
LENGTH = 4000
# Seconds. What is linear takes a hundredth of it, the square of LENGTH steps several times as much.
AT_MOST = 0.03
UNITS = ["a", "9", " ", "\n", "一", "a ", "\t \n", "9.", "9-", "(a)", "《a》", '"']


def patterns_of(module: ModuleType) -> list[re.Pattern]:
    """Each pattern of a module: its constants, and what its functions compile."""
    values = chain.from_iterable(
        value.values() if isinstance(value, dict) else [value] for value in vars(module).values()
    )
    return [one for one in values if isinstance(one, re.Pattern)] + written_in(module)


def written_in(module: ModuleType) -> list[re.Pattern]:
    """Patterns written where they are used; those made of a person's words are escaped there."""
    tree = ast.parse(Path(module.__file__).read_text("utf-8"))
    calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call) and node.args)
    found = []
    for call in calls:
        if ast.unparse(call.func).startswith("re."):
            with suppress(NameError):
                pattern = eval(ast.unparse(call.args[0]), vars(module))
                found += [re.compile(pattern, re.DOTALL)] if isinstance(pattern, str) else []
    return found


def every_pattern() -> dict[re.Pattern, str]:
    """Pattern -> the module that has it."""
    found = {}
    for room in ORDER:
        for path in sorted((ROOT / room).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            if not {"migrations", "management", "__init__"} & set(parts):
                name = ".".join(parts)
                if name not in ANCHORED:
                    found |= dict.fromkeys(patterns_of(importlib.import_module(name)), name)
    anchored = {one for name in ANCHORED for one in patterns_of(importlib.import_module(name))}
    return {pattern: name for pattern, name in found.items() if pattern not in anchored}


def is_slow(pattern: re.Pattern) -> bool:
    """Whether some unit over and over takes long, with or without another ending."""
    text = isinstance(pattern.pattern, str)
    written = pattern.pattern if text else pattern.pattern.decode("latin-1")
    own = sorted(set(re.sub(r"\\.|[][?*+{}|^$().]", "", written)))[:12]
    repeated = [(unit * LENGTH)[:LENGTH] for unit in UNITS + own]
    tried = [words + end for words in repeated for end in ("", "!")]
    return any(seconds(pattern, words if text else words.encode()) > AT_MOST for words in tried)


def seconds(pattern: re.Pattern, words: str | bytes) -> float:
    started = time.process_time()
    deque(pattern.finditer(words), maxlen=0)
    return time.process_time() - started


def test_no_pattern_takes_the_square_of_the_length_of_a_text():
    patterns = every_pattern()
    assert len(patterns) > 40
    assert {name for pattern, name in patterns.items() if is_slow(pattern)} == set()


@pytest.mark.parametrize("pattern", [r"[\w.+-]+@[\w-]+", r"\S+ \S+x"])
def test_a_pattern_that_does_is_noticed(pattern):
    assert is_slow(re.compile(pattern))
