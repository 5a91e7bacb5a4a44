"""What a person typed into a form: its names and values, as a browser sent them."""

import hashlib
import json
from collections.abc import Iterable

from django.http import QueryDict

from common.text.readable import unreadable_reason

# The names and values of one form in the order of its page.
Typed = list[tuple[str, str]]
# What the page's script adds to each form: the address under which its words are kept, the version
# of those that its page knows, and why it took files out of the choice.
KEY, KNOWN, LEFT_OUT = "unsent_form", "unsent_known", "left_out"
NOT_TYPED = {"csrfmiddlewaretoken", KEY, KNOWN, LEFT_OUT}
# Longer texts without a Chinese character are signed by a page and typed by nobody.
MOST_TYPED_ASCII = 10_000
# A form with fewer answers, and without a word, is quickly filled in again.
WORTH_KEEPING = 3


def typed_in(posted: QueryDict) -> Typed:
    """The names and values of a form that was sent, without files and passwords."""
    return only_typed((name, value) for name, values in posted.lists() for value in values)


def only_typed(pairs: Iterable[tuple[str, str]]) -> Typed:
    """Those names and values that a person may have typed or chosen; never a password."""
    return [(name, value) for name, value in pairs if not _is_not_typed(name, value)]


def _is_not_typed(name: str, value: str) -> bool:
    is_signed = value.isascii() and len(value) > MOST_TYPED_ASCII
    # JSON can write characters that no form can send.
    is_unreadable = unreadable_reason(f"{name}{value}") != ""
    return name in NOT_TYPED or "password" in name or is_signed or is_unreadable


def is_worth_keeping(typed: Typed) -> bool:
    """Whether something would be lost with it: words, or several answers."""
    given = [value for _, value in typed if value]
    return len(given) >= WORTH_KEEPING or not "".join(given).isascii()


def version_of(typed: Typed) -> str:
    """The same for the same names and values, in whatever way they came."""
    text = json.dumps([[name, value.replace("\r\n", "\n")] for name, value in typed])
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def words_of(typed: Typed) -> list[str]:
    """The texts among it, to be read and copied; numbers and choices say nothing by themselves."""
    return [value for _, value in typed if not value.isascii()]
