"""Makes text comparable for search; the stored wording of documents is never changed."""

import re
import unicodedata

# What stands alone and yet turns into combining marks when its width is folded.
HIDDEN_MARKS = "\u0f73\u0f75\u0f81\uff9e\uff9f"
MARKS = HIDDEN_MARKS + "".join(filter(unicodedata.combining, map(chr, range(0x20000))))
# Marks over one character: more are no writing, and sorting them takes the square of their number.
AT_MOST = 4
STACKED = re.compile(f"([{MARKS}]{{{AT_MOST}}})[{MARKS}]+")


# Characters that are folded; nothing that people write, print or search is longer.
LONGEST = 200_000


def narrow(text: str) -> str:
    """Full width to half width, at most AT_MOST combining marks in a row, cut after LONGEST.

    Takes time in proportion to the length, whatever the text is.
    """
    return unicodedata.normalize("NFKC", STACKED.sub(r"\1", text[:LONGEST]))


def fold(text: str) -> str:
    """Full width to half width, lower case, stripped: for the search column and for queries."""
    return narrow(text).lower().strip()
