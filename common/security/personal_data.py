"""Personal traces in free text: found before publication, hidden in lists."""

import re
import unicodedata

from common.text.folding import fold

TRACES = {
    "手机号": re.compile(r"(?<!\d)1[3-9]\d(?:[ -]?\d{4}){2}(?!\d)"),
    "身份证号": re.compile(r"(?<!\d)\d{17}[\dx](?!\d)"),
    "银行卡号": re.compile(r"(?<!\d)\d{4}(?:[ -]?\d{4}){3}(?:[ -]?\d{3})?(?![\dx])"),
    "电子邮箱": re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+"),
}


def find_personal_data(text: str) -> list[str]:
    """What a text still seems to hold, in words: ["手机号"]."""
    plain = fold(text)
    return [name for name, pattern in TRACES.items() if pattern.search(plain)]


ANY = re.compile("|".join(f"(?P<{name}>{pattern.pattern})" for name, pattern in TRACES.items()))


def mark_personal_data(text: str) -> list[tuple[str, str]]:
    """The text in pieces, each with what it looks like ("手机号") or "": put together again they are the text."""
    plain, pieces, done = "".join(map(_narrow, text)), [], 0
    for found in ANY.finditer(plain):
        pieces += [(text[done : found.start()], ""), (text[slice(*found.span())], found.lastgroup)]
        done = found.end()
    return [piece for piece in [*pieces, (text[done:], "")] if piece[0]]


def _narrow(sign: str) -> str:
    """As `fold` has it, sign for sign, so that a place in one text is the same place in the other."""
    folded = unicodedata.normalize("NFKC", sign).lower()
    return folded if len(folded) == 1 else sign


def mask(contact: str) -> str:
    """138****1234, l****@example.org: enough to tell two apart, not enough to call."""
    head, at, host = contact.partition("@")
    if at:
        return f"{head[:1]}****@{host}"
    return f"{contact[:3]}****{contact[-4:]}" if len(contact) >= 11 else f"{contact[:1]}****"
