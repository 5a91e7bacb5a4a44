"""The parts of a mail, split in time that grows only with its length.

Python's own parser calls itself once for each nested part and compares every line with the boundary
of every part around it, so that one small mail can stop it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import Message

from common.mail.headers import Head, main_value, parameter, split_head

MOST_NESTED = 30
MOST_PARTS = 500


class Unreadable(Exception):
    """A mail that is not read to its end, with the reason in Chinese."""


@dataclass(frozen=True)
class Part:
    """A mail or a part of one. `children`: the parts of a multipart, in order."""

    head: Head
    body: bytes = b""
    children: list["Part"] = field(default_factory=list)

    @property
    def content_type(self) -> str:
        """Such as text/plain, which is also what a part is that names no type."""
        value = main_value(self.head, "Content-Type")
        return value if re.fullmatch(r"[^\s/]+/[^\s/]+", value) else "text/plain"

    @property
    def charset(self) -> str:
        return parameter(self.head, "Content-Type", "charset")

    @property
    def is_attachment(self) -> bool:
        return main_value(self.head, "Content-Disposition") == "attachment"

    @property
    def filename(self) -> str:
        return parameter(self.head, "Content-Disposition", "filename") or parameter(
            self.head, "Content-Type", "name"
        )

    @property
    def content(self) -> bytes:
        """The body without its transfer encoding."""
        coded = Message()
        coded["Content-Transfer-Encoding"] = main_value(self.head, "Content-Transfer-Encoding")
        coded.set_payload(self.body.decode("ascii", "surrogateescape"))
        content = coded.get_payload(decode=True)
        return content if isinstance(content, bytes) else b""


def split_parts(data: bytes) -> Part:
    """The mail with its parts.

    Raises Unreadable when they are nested too deeply or are too many.
    """
    data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    # A mailbox writes a line of its own on top.
    start = len(re.match(rb"(From [^\n]*\n)?", data)[0])  # type: ignore[index]
    return _split(data, start, len(data), 0, iter(range(MOST_PARTS)))


def _split(data: bytes, start: int, end: int, depth: int, left: Iterator[int]) -> Part:
    """The part in `data[start:end]`, which is copied only where it holds no further parts."""
    if depth > MOST_NESTED or next(left, None) is None:
        raise Unreadable("邮件的结构太复杂")
    head, body = split_head(data, start, end)
    between = list(_between_boundaries(_boundaries(data, body, end, head), end))
    if between:
        children = [_split(data, *piece, depth + 1, left) for piece in between]
        return Part(head, children=children)
    return Part(_of_words(head), data[body:end])


def _of_words(head: Head) -> Head:
    """The head of a part without further parts: a multipart without any can only be words."""
    is_multipart = Part(head).content_type.startswith("multipart/")
    return head | {"content-type": [""]} if is_multipart else head


def _boundaries(data: bytes, start: int, end: int, head: Head) -> Iterator[re.Match[bytes]]:
    """The boundaries of a multipart; nothing of another part."""
    boundary = parameter(head, "Content-Type", "boundary")[:200]
    if not boundary or not Part(head).content_type.startswith("multipart/"):
        return iter(())
    mark = rb"^--%b(--)?[ \t]*$" % re.escape(boundary.encode("utf-8", "surrogateescape"))
    return re.compile(mark, re.MULTILINE).finditer(data, start, end)


def _between_boundaries(
    boundaries: Iterator[re.Match[bytes]], end: int
) -> Iterator[tuple[int, int]]:
    """Where each part begins and ends; what follows the last boundary is none."""
    begun = None
    for match in boundaries:
        if begun is not None:
            yield begun, max(begun, match.start() - 1)
        begun = match.end() + 1
        if match[1]:
            return
    if begun is not None:
        yield begun, end
