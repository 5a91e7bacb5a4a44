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
FORWARDED = "message/rfc822"
# The line before a first part, by which it is found where the head names no boundary or another.
FIRST_OF_PARTS = re.compile(rb"^--(\S{1,100})[ \t]*\nContent-[A-Za-z-]{1,40}:", re.MULTILINE)


class Unreadable(Exception):
    """A mail that is not read to its end, with the reason in Chinese."""


@dataclass(frozen=True)
class Part:
    """A mail or a part of one.

    `children`: the parts of a multipart, in order, or the one mail that was forwarded whole.
    """

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
    if between := _inner(data, body, end, head):
        children = [_split(data, *piece, depth + 1, left) for piece in between]
        return Part(head, children=children)
    return Part(_of_words(head), data[body:end])


def _inner(data: bytes, body: int, end: int, head: Head) -> list[tuple[int, int]]:
    """Where the further parts of a part begin and end."""
    if _is_forwarded(head):
        return [(body, end)]
    return list(_between_boundaries(_boundaries(data, body, end, head), end))


def _is_forwarded(head: Head) -> bool:
    """Whether the body is another mail as it was sent, which no transfer encoding may hide."""
    encoding = main_value(head, "Content-Transfer-Encoding")
    return Part(head).content_type == FORWARDED and encoding in {"", "7bit", "8bit", "binary"}


def _of_words(head: Head) -> Head:
    """The head of a part without further parts: a multipart without any can only be words."""
    is_multipart = Part(head).content_type.startswith("multipart/")
    return head | {"content-type": [""]} if is_multipart else head


def _boundaries(data: bytes, start: int, end: int, head: Head) -> Iterator[re.Match[bytes]]:
    """The boundaries of a multipart; nothing of another part."""
    if not Part(head).content_type.startswith("multipart/"):
        return iter(())
    boundary = _boundary(data, start, end, head)
    mark = rb"^--%b(--)?[ \t]*$" % re.escape(boundary)
    return re.compile(mark, re.MULTILINE).finditer(data, start, end) if boundary else iter(())


def _boundary(data: bytes, start: int, end: int, head: Head) -> bytes:
    """The boundary that stands in the body: the one named, else the first seen; empty for none."""
    named = parameter(head, "Content-Type", "boundary")[:200].encode("utf-8", "surrogateescape")
    if named and data.find(b"--" + named, start, end) >= 0:
        return named
    seen = FIRST_OF_PARTS.search(data, start, end)
    return seen[1] if seen else b""


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
