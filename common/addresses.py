"""The numbers in addresses, each as long as what it numbers can be, and the names of parameters."""

import re
from collections.abc import Container

from django.http import QueryDict
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


# What programs for sharing and counting add to an address.
SHARED = re.compile(r"utm_\w*|from|isappinstalled|nsukey|spm|scene|clicktime|enterid")


def unknown_names(query: QueryDict, known: Container[str]) -> list[str]:
    """The parameters of an address that nobody reads, but for those that sharing has added."""
    return [name for name in query if name not in known and not SHARED.fullmatch(name)]


def row_number(typed: str) -> int | None:
    """The number of a row that a form names; None for anything else."""
    return int(typed) if re.fullmatch(RowNumber.regex, typed) else None


def query_without(query: QueryDict, *names: str) -> str:
    """The query of an address but for these names, ready for another to be appended."""
    params = query.copy()
    for name in names:
        params.pop(name, None)
    return f"?{params.urlencode()}&" if params else "?"


for name, converter in {
    "row": RowNumber,
    "serial": Serial,
    "year": Year,
    "quarter": Quarter,
}.items():
    register_converter(converter, name)
