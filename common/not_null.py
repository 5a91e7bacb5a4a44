"""Says that a value that may be null in general is not null here."""

from typing import TypeVar

Value = TypeVar("Value")


def not_null(value: Value | None) -> Value:
    """The value of a column that may be null, where a constraint or the query excludes that.

    Raises ValueError when it is null all the same.
    """
    if value is None:
        raise ValueError("a value is missing that a constraint or the query guarantees")
    return value
