"""Two wordings as one text with what went and what came: by characters, for Chinese has no words to compare."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

# A number or a Latin word changes as a whole.
PIECES = re.compile(r"[0-9A-Za-z.,%]+|\s+|.", re.DOTALL)
# Shorter stretches between two changes join them; below this share in common the whole is replaced.
KEPT_FROM, IN_COMMON = 2, 0.3


@dataclass(frozen=True)
class TextChange:
    """A stretch of text: `gone` was replaced by `come`; where both are empty `kept` stayed."""

    kept: str = ""
    gone: str = ""
    come: str = ""


def changes(before: str, after: str) -> list[TextChange]:
    """In reading order; what stayed and what changed take turns."""
    old, new = PIECES.findall(before), PIECES.findall(after)
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    if before and after and matcher.ratio() < IN_COMMON:
        return [TextChange(gone=before, come=after)]
    found: list[TextChange] = []
    blocks = matcher.get_opcodes()
    for place, (tag, a, b, c, d) in enumerate(blocks):
        inside = 0 < place < len(blocks) - 1
        if tag == "equal" and not (inside and len("".join(old[a:b])) < KEPT_FROM):
            found.append(TextChange(kept="".join(old[a:b])))
        else:
            _add(found, "".join(old[a:b]), "".join(new[c:d]))
    return found


def _add(found: list[TextChange], gone: str, come: str) -> None:
    if found and not found[-1].kept:
        last = found.pop()
        gone, come = last.gone + gone, last.come + come
    found.append(TextChange(gone=gone, come=come))
