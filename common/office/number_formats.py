"""Number formats of spreadsheets, as far as they decide what a person sees as the value."""

import re
from operator import eq, ge, gt, le, lt, ne

# What is printed as it stands: quoted, behind a backslash or an exclamation mark, a width to be
# kept free, a sign that fills, a currency.
LITERALS = re.compile(r'"[^"]*"|[\\!_*].|\[\$[^\]]*\]')
CONDITION = re.compile(r"\[(<=|>=|<>|<|>|=)(-?[0-9.]+)\]")
HOLDS = {"<": lt, "<=": le, ">": gt, ">=": ge, "=": eq, "<>": ne}


def shows_percent(number_format: str, value: float) -> bool:
    """Whether the value is shown as a percentage: in the section of the format that applies to it.

    A format has sections for positive and negative numbers and for zero, or for conditions.
    """
    sections = LITERALS.sub("", number_format).split(";")[:3]
    return "%" in next(
        (
            section
            for place, section in enumerate(sections)
            if _applies(section, place, len(sections), value)
        ),
        sections[-1],
    )


def _applies(section: str, place: int, count: int, value: float) -> bool:
    if condition := CONDITION.search(section):
        return HOLDS[condition[1]](value, float(condition[2]))
    if place == count - 1:
        return True
    if place == 0:
        return value > 0 or (value == 0 and count == 2)
    return value < 0
