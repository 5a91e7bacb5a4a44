"""Cuts a wording into the goal and the quarters that its labels 目标： and 第一季度： open."""

import re

from tasks.importing.draft import Wording
from tasks.importing.text import plain, wording_between

LABEL = re.compile(
    r"(?:^|(?<=[\s。;,]))(?:(?P<goal>(?:年度|全年|工作)?目标)|第?(?P<quarter>[一二三四1-4])季度(?:目标|计划)?)"
    r"\s*:\s*"
)
FEWEST_LABELS = 2


def pieces_in(text: str, words: Wording) -> dict[int, Wording]:
    """The goal (key 0) and the quarters (1 to 4) in a wording; empty where it has no labels."""
    marks = list(LABEL.finditer(plain(words.text)))
    if sum(mark["quarter"] is not None for mark in marks) < FEWEST_LABELS:
        return {}
    stops = [mark.start() for mark in marks[1:]] + [len(words.text)]
    pieces = {}
    # From the last one on, so that the first of two with one label is kept.
    for mark, stop in reversed(list(zip(marks, stops, strict=True))):
        pieces[key_of(mark)] = wording_between(text, words.start + mark.end(), words.start + stop)
    return {key: piece for key, piece in pieces.items() if piece}


def key_of(mark: re.Match[str]) -> int:
    """0 for a goal, else the quarter."""
    if mark["goal"]:
        return 0
    sign = mark["quarter"]
    return int(sign) if sign.isdecimal() else "一二三四".index(sign) + 1
