"""A calendar quarter as a value."""

from typing import NamedTuple


class Quarter(NamedTuple):
    """One calendar quarter: the year and 1 to 4. Sorts by time and equals the plain pair."""

    year: int
    # Not `index`, which every tuple already has as a method.
    number: int
