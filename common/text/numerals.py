"""Numbers and short words as people type or paste them, with the signs nobody sees taken out."""

import re
import unicodedata

# Decompositions that change only how wide or in which type a sign is set. Others change what is
# meant: 5² is not 52.
SAME_SIGN = ("<wide>", "<narrow>", "<small>", "<font>", "<noBreak>")
# Digits with at most one decimal point, also as a program writes them: 1.25E+00.
PLAIN = re.compile(r"[+-]? ?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[Ee][+-]?[0-9]{1,2})?")
# Thousands marks, all of one kind, between groups of three.
GROUPED = re.compile(r"[+-]? ?[1-9][0-9]{0,2}(?:(?:,[0-9]{3})+|(?: [0-9]{3})+)(?:\.[0-9]*)?")
# What a comma or blank between digits was meant for cannot be known: 1,25 may be 1.25 or 125.
SCATTERED = re.compile(r"[+-]?[0-9., ]*[0-9][, ]+[0-9., ]*")


class NotANumber(ValueError):
    """What was typed is no number."""


class NotGrouped(NotANumber):
    """Its commas or blanks are no thousands marks."""


def visible(text: str) -> str:
    """The text without signs that are never seen, such as a zero-width space, and stripped."""
    return "".join(sign for sign in text if unicodedata.category(sign) != "Cf").strip()


def half_width(text: str) -> str:
    """Digits, letters and marks in their plain form; a sign that means something else stays."""
    return "".join(map(_half_width_sign, text))


def _half_width_sign(sign: str) -> str:
    plain = unicodedata.normalize("NFKC", sign)
    is_same = unicodedata.decomposition(sign).startswith(SAME_SIGN)
    return plain if is_same or plain == " " else sign


def plain_digits(typed: str, *, in_percent: bool = False) -> str:
    """The number without blanks around it and thousands marks; "" for nothing typed.

    `in_percent`: one percent sign may stand behind it. Raises NotANumber, and NotGrouped where
    commas or blanks stand elsewhere than between groups of three digits.
    """
    text = " ".join(visible(half_width(typed)).split())
    if in_percent and text != "%":
        text = text.removesuffix("%").rstrip()
    if not text or PLAIN.fullmatch(text) or GROUPED.fullmatch(text):
        return text.replace(",", "").replace(" ", "")
    raise NotGrouped if SCATTERED.fullmatch(text) else NotANumber
