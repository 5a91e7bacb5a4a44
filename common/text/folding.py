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


# What stands between the words of a query. Other signs may be part of one: PM2.5, 1-2, 50%.
BETWEEN_WORDS = re.compile(r"[\s\"'`“”‘’,、。;:?!()《》〈〉【】\[\]「」『』…]+")
THOUSANDS = re.compile(r"(?<=[0-9]),(?=[0-9]{3}(?![0-9]))")
# A task is found by its number, before which nothing stands in its text.
PLACE = re.compile(r"第([0-9]{1,4})(?:项|条|件)(?:任务|承诺)?")


def search_words(typed: str) -> list[str]:
    """The words of a query, folded; what is looked for by a sign alone is that sign."""
    folded = THOUSANDS.sub("", fold(typed))
    words = list(filter(None, BETWEEN_WORDS.split(folded)))
    return [_number_of(word) for word in words] or folded.split()


def _number_of(word: str) -> str:
    place = PLACE.fullmatch(word)
    return place[1] if place else word
