"""The head of a mail or of one of its parts: names, words, parameters, addresses."""

import binascii
import re
from urllib.parse import unquote_to_bytes

from common.mail.charsets import decode

# Lower-case name -> the values as they were sent, bytes above ASCII as Python's surrogate escapes.
Head = dict[str, list[str]]
HEADER_LINE = re.compile(rb"([!-9;-~]{1,80})[ \t]*:(.*)", re.DOTALL)
# Characters of one value that are read; nobody reads longer ones.
MOST = 8000
MOST_PARAMETERS = 2000
# Bytes of a head; what goes on behind them is no head of a letter.
MOST_HEAD = 500_000
ENCODED_WORD = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?]*)(?:\?=|\Z)")
PARAMETER = re.compile(r';\s*([^\s=;"]{1,40})\s*=\s*(?:"((?:[^"\\]|\\.){0,500})"|([^;]{0,500}))')
ANGLED = re.compile(r"<\s*([^\s<>@]{1,250}@[^\s<>]{1,250})\s*>")
QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')
LOCAL = r"[^\s<>()\[\],;:\"\\@]{1,64}"
ADDRESS = re.compile(rf"(?<![^\s<>()\[\],;:\"]){LOCAL}@[\w.-]{{1,190}}(?![\w.@-])")
MESSAGE_ID = re.compile(r"<[^<>\s]{3,250}>")


def split_head(data: bytes, start: int, end: int) -> tuple[Head, int]:
    """The head of the mail or part in `data[start:end]`, and where its body begins.

    The lines of `data` end with a line feed.
    """
    head: dict[str, list[list[bytes]]] = {}
    current: list[bytes] = []
    position = start
    while position < min(end, start + MOST_HEAD):
        line = _line(data, position, end)
        after = position + len(line) + 1
        if not line:
            return _joined(head), after
        current = _taken(head, current, line)
        # The body begins without an empty line.
        if not current:
            return _joined(head), position
        position = after
    return _joined(head), min(position, end)


def _line(data: bytes, position: int, end: int) -> bytes:
    line_end = data.find(b"\n", position, end)
    return data[position : end if line_end < 0 else line_end]


def _taken(head: dict[str, list[list[bytes]]], current: list[bytes], line: bytes) -> list[bytes]:
    """The lines of the value to which this line belongs, with it; empty where it is no header."""
    if current and line[:1] in {b" ", b"\t"}:
        current.append(line)
        return current
    match = HEADER_LINE.match(line)
    if match is None:
        return []
    begun = [match[2]]
    head.setdefault(match[1].decode().lower(), []).append(begun)
    return begun


def _joined(head: dict[str, list[list[bytes]]]) -> Head:
    return {
        name: [
            b" ".join(piece.strip() for piece in pieces)[:MOST].decode("ascii", "surrogateescape")
            for pieces in values
        ]
        for name, values in head.items()
    }


def raw(head: Head, name: str) -> str:
    """The first value of this name as it was sent; "" without one."""
    return head.get(name.lower(), [""])[0]


def words(raw_value: str) -> str:
    """A value as people read it, on one line.

    Neighbouring encoded words of one character set are joined before they are decoded, because many
    programs cut in the middle of a character.
    """
    pieces: list[tuple[str, bytes]] = []
    end = 0
    for match in ENCODED_WORD.finditer(raw_value):
        between = raw_value[end : match.start()]
        if between.strip():
            _add(pieces, "", _bytes(between))
        label = match[1].partition("*")[0].lower()
        _add(pieces, label, _encoded_bytes(match[2], match[3]))
        end = match.end()
    _add(pieces, "", _bytes(raw_value[end:]))
    return " ".join("".join(decode(data, label) for label, data in pieces).split())


def _add(pieces: list[tuple[str, bytes]], label: str, data: bytes) -> None:
    """Adds bytes to the last piece if they are of the same character set."""
    if pieces and pieces[-1][0] == label:
        data = pieces.pop()[1] + data
    pieces.append((label, data))


def _bytes(raw_value: str) -> bytes:
    return raw_value.encode("utf-8", "surrogateescape")


def _encoded_bytes(encoding: str, content: str) -> bytes:
    data = _bytes(content)
    if encoding in "qQ":
        return binascii.a2b_qp(data, header=True)
    try:
        return binascii.a2b_base64(data + b"==")
    except binascii.Error:
        # One sign too many; the others stand.
        return binascii.a2b_base64(data.rstrip(b"=")[:-1] + b"==")


def main_value(head: Head, name: str) -> str:
    """A value without its parameters, in lower case: multipart/mixed, attachment."""
    return raw(head, name).partition(";")[0].strip().lower()


def parameter(head: Head, name: str, key: str) -> str:
    """A parameter of a value, such as a file's name, in whichever of the usual ways it is written;
    "" without one.
    """
    found = _parameters(raw(head, name))
    if f"{key}*" in found:
        return _extended(found[f"{key}*"])
    joined, is_extended = _continued(found, key)
    return _extended(joined) if is_extended else words(joined or found.get(key, ""))


def _continued(found: dict[str, str], key: str) -> tuple[str, bool]:
    """A value that was sent in pieces, and whether it is written with its character set."""
    pieces = sorted(
        (int(match[1]), match[2], value)
        for written, value in found.items()
        if (match := re.fullmatch(rf"{key}\*(\d{{1,2}})(\*?)", written))
    )
    return "".join(value for _, _, value in pieces), any(star for _, star, _ in pieces)


def _parameters(raw_value: str) -> dict[str, str]:
    """Every parameter by its name in lower case, without the quotation marks."""
    found = {}
    for match in PARAMETER.finditer(f";{raw_value[:MOST_PARAMETERS].partition(';')[2]}"):
        quoted, bare = match[2], match[3]
        found[match[1].lower()] = (
            re.sub(r"\\(.)", r"\1", quoted) if quoted else (bare or "").strip()
        )
    return found


def _extended(value: str) -> str:
    """A value written as charset'language'percent-encoded."""
    label, mark, rest = value.partition("'")
    content = rest.partition("'")[2] if mark else value
    return " ".join(decode(unquote_to_bytes(_bytes(content)), label if mark else "").split())


def address(raw_value: str) -> str:
    """The first e-mail address of a value; "" without one.

    What stands in angle brackets counts, because a name may look like another address.
    """
    bare = QUOTED.sub("", raw_value)
    angled = ANGLED.search(bare)
    match = ADDRESS.fullmatch(angled[1]) if angled else ADDRESS.search(bare)
    found = decode(_bytes(match[0]).rstrip(b".")) if match else ""
    return found if len(found) <= 254 else ""


def message_ids(head: Head, *names: str) -> list[str]:
    """The message ids that these values name, each once, at most fifty."""
    found = (one for name in names for one in MESSAGE_ID.findall(raw(head, name)))
    return [decode(_bytes(one)) for one in dict.fromkeys(found)][:50]
