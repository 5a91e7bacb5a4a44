"""Decodes the bytes of a mail, whatever its program says about them, into text a database takes."""

import codecs
import re
from contextlib import suppress

# Chinese programs write one of these and mean the largest set of them; GB 18030 holds them all.
CHINESE = re.compile(r"(x|cs|ms|windows|ibm|cp|iso8bit|zhcn)*(gb[k\d]|936|euccn|isoir58|chinese)")
# Codecs for text; Python has others, some of which take hours over a long text.
TEXT_CODEC = re.compile(r"(utf|big5|hz|iso|euc|shift|cp\d|koi8|mac|tis|latin|johab)")
WESTERN = "cp1252"
WESTERN_ONES = {WESTERN, "iso8859-15"}
# Two Chinese characters in a row, as GB 2312 writes them. In a western text they would be four
# accented letters or signs in a row, which nobody writes but for a line of one sign.
CHINESE_WORD = re.compile(rb"(?!(.)\1{3})(?:[\xb0-\xf7][\xa1-\xfe]){2}", re.DOTALL)
# Hong Kong's extension of the set that the label names.
WIDER = {"cp950": "big5hkscs", "shift_jis": "cp932", "iso8859-1": WESTERN}
# Where nothing else is named, bytes that are no UTF-8 are Chinese.
NO_OTHER_LABEL = {"": ("gb18030",), "gb18030": ()}
EASTERN = re.compile("[\u2e80-\ud7ff\uf900-\uffef]")
# One broken sign in so many still leaves a text.
FEW = 20
MOST_LABEL = 40
CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\x80-\x9f\ufeff]")
# Halves of a character, and what is no character at all.
NO_CHARACTER = re.compile("[\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
REPLACEMENT = "\ufffd"


def decode(data: bytes, label: str = "") -> str:
    """The text of `data`, said to be in the character set `label`; without signs that no database
    takes.

    Where the label is missing, unknown or contradicted by the bytes, the text is read as UTF-8 and,
    if it is none, as GB 18030. What no set explains becomes replacement characters.
    """
    return clean(_decode(data, _codec(label)))


def _codec(label: str) -> str:
    """The codec of a label; "" where it is missing or names none for text."""
    plain = re.sub(r"[^a-z0-9]", "", label[:MOST_LABEL].lower())
    if CHINESE.match(plain):
        return "gb18030"
    # With x-x- before it in old programs.
    if "big5" in plain:
        return "big5hkscs"
    try:
        name = codecs.lookup(label[:MOST_LABEL].strip()).name
    except (LookupError, ValueError):
        return ""
    return WIDER.get(name, name) if TEXT_CODEC.match(name) else ""


def _decode(data: bytes, codec: str) -> str:
    codec = _believed(data, codec)
    for name in _tried(codec):
        with suppress(ValueError):
            return data.decode(name)
    return _leniently(data, codec)


def _believed(data: bytes, codec: str) -> str:
    """The codec that a label named; another, or "", where the bytes contradict it.

    Neither a western set nor GB 18030 fails over what was written in another.
    """
    if codec in WESTERN_ONES and CHINESE_WORD.search(data):
        return ""
    if codec == "gb18030" and _is_chinese_in_utf_8(data):
        return "utf-8"
    return codec


def _tried(codec: str) -> tuple[str, ...]:
    if codec in WESTERN_ONES:
        return "utf-8", codec
    return codec or "utf-8", "utf-8", *NO_OTHER_LABEL.get(codec, ())


def _is_chinese_in_utf_8(data: bytes) -> bool:
    """Whether it is UTF-8 with Chinese in it, which GB 18030 can read as other characters."""
    with suppress(UnicodeDecodeError):
        return EASTERN.search(data.decode()) is not None
    return False


def _leniently(data: bytes, codec: str) -> str:
    """The first reading in which nearly every sign is one, else the one that replaces fewest.

    A text that was cut in the middle of a character, or holds one broken sign, is still what its
    label says.
    """
    readings = [data.decode(name, "replace") for name in (codec, "utf-8", "gb18030") if name]
    fewest = min(readings, key=lambda text: text.count(REPLACEMENT))
    return next(filter(_is_nearly_whole, readings), fewest)


def _is_nearly_whole(text: str) -> bool:
    """Whether few of its words' signs are broken; the markup of a page says nothing about them."""
    in_words = sum(not sign.isascii() for sign in text)
    return text.removesuffix(REPLACEMENT).count(REPLACEMENT) * FEW < in_words


def clean(text: str) -> str:
    """The text with single new lines and without control characters; halves of characters are
    replaced.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return NO_CHARACTER.sub(REPLACEMENT, CONTROLS.sub("", text))
