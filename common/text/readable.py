"""What of a typed text no page, file or database can take."""

import re

from common.text.folding import MARKS

NUL = "\x00"
# Combining marks in a row; the languages that use most have four.
IN_A_ROW = 30
MARK = re.compile(f"[{MARKS}]")
STACK = re.compile(f"[{MARKS}]{{{IN_A_ROW}}}")


def unreadable_reason(text: str) -> str:
    """Why the text cannot be taken, in words that can follow 送来的内容; "" where it can."""
    if NUL in text or not _has_bytes(text):
        return "里有不能保存的字符"
    return "里有叠在一起、看不出是什么字的符号" if _has_stack(text) else ""


def _has_stack(text: str) -> bool:
    # Each row of so many has one of them at such a step. Looking at those alone answers for nearly
    # every text; megabytes of letters would else take half a second each time.
    return MARK.search(text[::IN_A_ROW]) is not None and STACK.search(text) is not None


def _has_bytes(text: str) -> bool:
    """Whether UTF-8 can write it: a lone half of a surrogate pair is no character."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
