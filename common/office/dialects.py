"""Brings workbooks of other programs into the one dialect that our reader knows.

Some programs write backslashes or capitals in the names of the parts, where the standard takes
them for the same, and Excel itself can save in the strict dialect, whose words are the same but for
the addresses of its vocabularies.
"""

import io
import re
import zipfile

from common.files.packages import TYPES_PART, part_key

# The vocabularies of the strict dialect, and what the reader knows them as.
STRICT = b"http://purl.oclc.org/ooxml/"
KNOWN_AS = {
    STRICT + b"officeDocument/relationships": (
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    ),
    STRICT + b"spreadsheetml/main": b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    STRICT + b"drawingml/main": b"http://schemas.openxmlformats.org/drawingml/2006/main",
}
# Where a part names another: in the list of types and in relations.
REFERENCE = re.compile(rb"""\b(PartName|Target)=("[^"]*"|'[^']*')""")
# Parts that name others by address.
INDEXES = re.compile(r"\[content_types\]\.xml|.*\.rels")


def in_known_dialect(data: bytes) -> bytes:
    """The workbook as our reader takes it; unchanged where nothing is unusual.

    `data`: a package that was checked and unfolds within bounds.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    has_odd_names = any("\\" in name for name in parts) or not {
        TYPES_PART,
        "_rels/.rels",
    } <= set(parts)
    is_strict = any(STRICT in part for part in parts.values())
    if not (has_odd_names or is_strict):
        return data
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as package:
        for name, part in parts.items():
            package.writestr(
                _known_name(name) if has_odd_names else name,
                _known_words(_lowered(name, part) if has_odd_names else part),
            )
    return out.getvalue()


def _known_name(name: str) -> str:
    key = part_key(name)
    return TYPES_PART if key == part_key(TYPES_PART) else key


def _lowered(name: str, part: bytes) -> bytes:
    """A part whose references fit the lowered names."""
    if not INDEXES.fullmatch(part_key(name)):
        return part
    return REFERENCE.sub(
        lambda found: found[1] + b"=" + found[2].replace(b"\\", b"/").lower(), part
    )


def _known_words(part: bytes) -> bytes:
    for strict, known in KNOWN_AS.items():
        part = part.replace(strict, known)
    return part
