"""Finds personal numbers and addresses in free text, and masks contacts in lists."""

import re
import unicodedata

from common.text.folding import fold

PATTERNS = {
    "手机号": re.compile(r"(?<!\d)1[3-9]\d(?:[ -]?\d{4}){2}(?!\d)"),
    "身份证号": re.compile(r"(?<!\d)\d{17}[\dx](?!\d)"),
    "银行卡号": re.compile(r"(?<!\d)\d{4}(?:[ -]?\d{4}){3}(?:[ -]?\d{3})?(?![\dx])"),
    # Begun only where a word begins: a long text without @ is read once, and not once a character.
    "电子邮箱": re.compile(r"(?a:(?<![\w.+-])[\w.+-]+@[\w-]+\.[\w.]+)"),
}


def find_personal_data(text: str) -> list[str]:
    """The kinds of personal data that a text seems to hold, for example ["手机号"]."""
    folded = fold(text)
    return [name for name, pattern in PATTERNS.items() if pattern.search(folded)]


# Addresses first: one that begins with a telephone number is an address as a whole.
ANY_PATTERN = re.compile(
    "|".join(f"(?P<{name}>{pattern.pattern})" for name, pattern in reversed(PATTERNS.items()))
)


def mark_personal_data(text: str) -> list[tuple[str, str]]:
    """The text in pieces, each with the kind of personal data it looks like, or "".

    The pieces joined are the text.
    """
    folded = "".join(map(_fold_character, text))
    pieces: list[tuple[str, str]] = []
    end = 0
    for match in ANY_PATTERN.finditer(folded):
        pieces.append((text[end : match.start()], ""))
        pieces.append((text[slice(*match.span())], match.lastgroup or ""))
        end = match.end()
    return [piece for piece in [*pieces, (text[end:], "")] if piece[0]]


def without_personal_data(text: str) -> str:
    """The text with the name of its kind in place of everything that looks like personal data."""
    pieces = mark_personal_data(text)
    return "".join(f"（{kind}已隐去）" if kind else piece for piece, kind in pieces)


def _fold_character(character: str) -> str:
    """One character as `fold` changes it, always one, so that positions in both texts agree."""
    folded = unicodedata.normalize("NFKC", character).lower()
    return folded if len(folded) == 1 else character


def mask(contact: str) -> str:
    """A contact as lists show it: 138****1234, l****@example.org."""
    head, at, host = contact.partition("@")
    if at:
        return f"{head[:1]}****@{host}"
    return f"{contact[:3]}****{contact[-4:]}" if len(contact) >= 11 else f"{contact[:1]}****"
