"""Decodes the bytes of a mail, whatever its program says about them, into text a database takes."""

import codecs
import re
from contextlib import suppress

# Chinese programs write one of these and mean the largest set of them; GB 18030 holds them all.
CHINESE = re.compile(r"(x|cs|ms|windows|ibm|cp|iso8bit)*(gb[k\d]|936|euccn|isoir58|chinese)")
# Codecs for text; Python has others, some of which take hours over a long text.
TEXT_CODEC = re.compile(r"(utf|big5|hz|iso|euc|shift|cp\d|koi8|mac|tis|latin|johab)")
WESTERN = "cp1252"
# Hong Kong's extension of the set that the label names.
WIDER = {"big5": "big5hkscs", "cp950": "big5hkscs", "shift_jis": "cp932", "iso8859-1": WESTERN}
# Where nothing else is named, bytes that are no UTF-8 are Chinese.
NO_OTHER_LABEL = {"": ("gb18030",), "gb18030": ()}
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
    try:
        name = codecs.lookup(label[:MOST_LABEL].strip()).name
    except (LookupError, ValueError):
        return ""
    return WIDER.get(name, name) if TEXT_CODEC.match(name) else ""


def _decode(data: bytes, codec: str) -> str:
    if codec == WESTERN and len(re.findall(rb"[\x80-\xff]", data)) * 2 > len(data):
        # Every byte is a letter in this set, so that it never fails; nobody writes only accents.
        codec = ""
    tried = dict.fromkeys((codec or "utf-8", "utf-8", *NO_OTHER_LABEL.get(codec, ())))
    for name in tried:
        with suppress(ValueError):
            return data.decode(name)
    return _leniently(data, codec)


def _leniently(data: bytes, codec: str) -> str:
    """The first reading in which nearly every sign is one, else the one that replaces fewest.

    A text that was cut in the middle of a character, or holds one broken sign, is still what its
    label says.
    """
    readings = [data.decode(name, "replace") for name in (codec, "utf-8", "gb18030") if name]
    for text in readings:
        if text.count(REPLACEMENT) * FEW < len(text):
            return text
    return min(readings, key=lambda text: text.count(REPLACEMENT))


def clean(text: str) -> str:
    """The text with single new lines and without control characters; halves of characters are
    replaced.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return NO_CHARACTER.sub(REPLACEMENT, CONTROLS.sub("", text))
