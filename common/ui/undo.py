"""Messages that offer to undo what was just done: a button in the message, which posts."""

from django.contrib import messages
from django.contrib.messages.storage.base import Message
from django.http import HttpRequest

# How a message carries the address beside its words; other extra tags are no address.
MARK = "undo:"


def success_with_undo(request: HttpRequest, words: str, undo: str) -> None:
    """Tells the person what was done. `undo`: the address that is posted to, to undo it."""
    messages.success(request, words, extra_tags=MARK + undo)


def undo_address(message: Message) -> str:
    """The address that undoes what the message tells of; empty where it offers nothing."""
    tags = message.extra_tags or ""
    return tags.removeprefix(MARK) if tags.startswith(MARK) else ""
