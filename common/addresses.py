"""The numbers in addresses, each as long as what it numbers can be; others are not found."""

import re

from django.urls import register_converter
from django.urls.converters import IntConverter


class RowNumber(IntConverter):
    """The number of a row: up to what both databases can count."""

    regex = "[0-9]{1,18}"


class Serial(IntConverter):
    """A number that people wrote, such as that of a slip."""

    regex = "[0-9]{1,6}"


class Year(IntConverter):
    """A year that a calendar of ours can have."""

    regex = "[12][0-9]{3}"


class Quarter(IntConverter):
    """A quarter of a year."""

    regex = "[1-4]"


def row_number(typed: str) -> int | None:
    """The number of a row that a form names; None for anything else."""
    return int(typed) if re.fullmatch(RowNumber.regex, typed) else None


for name, converter in {
    "row": RowNumber,
    "serial": Serial,
    "year": Year,
    "quarter": Quarter,
}.items():
    register_converter(converter, name)
