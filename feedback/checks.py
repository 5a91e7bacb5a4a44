"""What `manage.py check --deploy` says about letters."""

from django.core import checks
from django.db import DatabaseError

from feedback.assignment import lacking_to_take_letters


def check_letters_are_taken(**_asked_for: object) -> list[checks.CheckMessage]:
    """Names what keeps the public form shut; nothing where there are no tables yet to ask."""
    try:
        lacking = lacking_to_take_letters()
    except DatabaseError:
        return []
    if not lacking:
        return []
    return [
        checks.Warning(
            f"residents cannot send letters: the site lacks {'、'.join(lacking)}",
            hint="Somebody has to hold each post, and the site profile names the telephone.",
            id="feedback.W001",
        )
    ]
