"""Tells a telephone number that can be one from a mistyped one, as far as digits show it."""

import re

from common.text.folding import fold

HOME = r"(?:(?:\+|00)86)?"
NUMBER = re.compile(
    # A mobile number; a landline with its area code, or dialled from within; 400 and 800; abroad.
    rf"{HOME}1[3-9]\d{{9}}"
    r"|(?:(?:\+|00)860?|0)(?:10|2\d|[3-9]\d\d)[2-8]\d{6,7}"
    r"|[2-8]\d{6,7}"
    r"|[48]00\d{7}"
    r"|(?:\+|00)(?!86)[1-9]\d{6,14}"
)
# What somebody typed as one number, with the blanks, brackets and hyphens people write into it.
TYPED = re.compile(r"\+?[\d(][\d\s()-]*")


def is_telephone_number(text: str) -> bool:
    """Whether the text holds a number that can be dialled, alone or with an extension.

    A name beside it, or a second number, does not matter.
    """
    return any(_can_be_dialled(typed) for typed in TYPED.findall(fold(text)))


def _can_be_dialled(typed: str) -> bool:
    """Whether these digits are a number, or would be without an extension after a hyphen."""
    without_extension = re.sub(r"-\s*\d{1,6}\s*$", "", typed)
    return any(
        NUMBER.fullmatch(re.sub(r"[\s()-]", "", number)) for number in (typed, without_extension)
    )
