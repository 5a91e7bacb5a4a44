"""The codes of tasks as people write them."""

import re

from common.text.folding import fold
from tasks.models import Task

WRITTEN = re.compile(r"([a-z][a-z0-9]{1,19})\s*[-‐‑–—]\s*0*([0-9]{1,3})")


def canonical_code(written: str) -> str:
    """The code of the published task that is meant, whatever width, case and zeros it was written
    with; "" if there is none. One query at most.
    """
    if not (parts := WRITTEN.fullmatch(fold(written))):
        return ""
    plan, number = parts[1], int(parts[2])
    spellings = {f"{plan}-{number:0{width}d}" for width in (1, 2, 3)}
    codes = Task.objects.published().filter(code__in=spellings).values_list("code", flat=True)
    return codes.first() or ""
