"""Compares two wordings by characters, because Chinese has no spaces between words."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

# A number or a Latin word changes as a whole.
PIECES = re.compile(r"[0-9A-Za-z.,%]+|\s+|.", re.DOTALL)
PARAGRAPHS = re.compile(r".+\n?|\n")
# Pairs of pieces that are compared; two texts of more are compared by coarser pieces.
MOST_PAIRS = 2_000 * 2_000
# Fewer unchanged characters than this between two changes become part of the change.
MIN_KEPT = 2
# Texts less alike than this ratio are shown as replaced as a whole.
MIN_RATIO = 0.3


@dataclass(frozen=True)
class TextChange:
    """A stretch of text: either `kept`, or `removed` and replaced by `added` (one may be empty)."""

    kept: str = ""
    removed: str = ""
    added: str = ""


def changes(before: str, after: str) -> list[TextChange]:
    """The stretches in reading order; kept and changed ones alternate.

    Long texts are compared by paragraphs: comparing takes the product of their lengths.
    """
    old, new = _pieces(before, after)
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    if _is_rewritten(before, after, matcher.ratio()):
        return [TextChange(removed=before, added=after)]
    stretches: list[TextChange] = []
    blocks = matcher.get_opcodes()
    for index, (tag, a, b, c, d) in enumerate(blocks):
        was, becomes = "".join(old[a:b]), "".join(new[c:d])
        is_between = 0 < index < len(blocks) - 1
        if tag == "equal" and _is_worth_keeping(was, is_between=is_between):
            stretches.append(TextChange(kept=was))
        else:
            _add_change(stretches, was, becomes)
    return stretches


def _pieces(before: str, after: str) -> tuple[list[str], list[str]]:
    """The smallest pieces of both texts that can be compared in time; else each as a whole."""
    for pattern in (PIECES, PARAGRAPHS):
        old, new = pattern.findall(before), pattern.findall(after)
        if len(old) * len(new) <= MOST_PAIRS:
            return old, new
    return [before], [after]


def _is_rewritten(before: str, after: str, ratio: float) -> bool:
    return bool(before and after) and ratio < MIN_RATIO


def _is_worth_keeping(words: str, *, is_between: bool) -> bool:
    """Whether unchanged words are shown as such, even if they stand between two changes."""
    return not is_between or len(words) >= MIN_KEPT


def _add_change(stretches: list[TextChange], removed: str, added: str) -> None:
    """Appends a change, joined with the one before it if nothing was kept between them."""
    if stretches and not stretches[-1].kept:
        last = stretches.pop()
        removed, added = last.removed + removed, last.added + added
    stretches.append(TextChange(removed=removed, added=added))
