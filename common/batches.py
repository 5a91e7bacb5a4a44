"""Long rows of anything, taken in pieces."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

Item = TypeVar("Item")


def batches(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    """The items in lists of `size`, the last one shorter; one list is held at a time."""
    remaining = iter(items)
    while batch := list(islice(remaining, size)):
        yield batch
