"""Answers made smaller for the way: the encoding a browser takes, and the bytes in each."""

import gzip
import hashlib
import re
from dataclasses import dataclass

try:
    import brotli
except ImportError:  # Not every machine has wheels of it; without it there is gzip.
    brotli = None

# Below this many bytes the headers weigh more than what could be saved.
WORTH_PACKING = 500
PACKABLE = re.compile(
    r"text/|application/(json|geo\+json|atom\+xml|rss\+xml|xml|javascript|x-ndjson|schema\+json)|image/svg\+xml"
)
# Good enough, and a few milliseconds for the largest page.
GZIP_LEVEL, BROTLI_QUALITY = 6, 5
QUALITY_ZERO = re.compile(r";\s*q=0(\.0{0,3})?\s*$")
ENCODINGS = ("br", "gzip") if brotli else ("gzip",)


def taken_encoding(accepted: str) -> str:
    """The smallest encoding we make that an Accept-Encoding header names; "" for none."""
    named = {
        part.partition(";")[0].strip().lower()
        for part in accepted.split(",")
        if not QUALITY_ZERO.search(part)
    }
    return next((encoding for encoding in ENCODINGS if encoding in named), "")


def packed(content: bytes, encoding: str) -> bytes:
    """The content in an encoding `taken_encoding` returned; always the same bytes for the same."""
    if encoding == "br":
        return brotli.compress(content, quality=BROTLI_QUALITY)
    if encoding == "gzip":
        return gzip.compress(content, compresslevel=GZIP_LEVEL, mtime=0)
    return content


def is_packable(content_type: str, size: int) -> bool:
    """Whether packing saves anything: pictures and Office files are packed already."""
    return size >= WORTH_PACKING and PACKABLE.match(content_type) is not None


@dataclass(frozen=True)
class PackedBytes:
    """One body in every encoding, each with a strong ETag of its own."""

    bodies: dict[str, bytes]
    etags: dict[str, str]
    size: int

    @classmethod
    def of(cls, content: bytes, content_type: str) -> "PackedBytes":
        """Packs a body once for all readers; from `size` the store knows what it weighs."""
        encodings = ("", *ENCODINGS) if is_packable(content_type, len(content)) else ("",)
        bodies = {encoding: packed(content, encoding) for encoding in encodings}
        name = hashlib.sha256(content).hexdigest()[:32]
        etags = {
            encoding: f'"{name}-{encoding}"' if encoding else f'"{name}"' for encoding in bodies
        }
        return cls(bodies, etags, sum(map(len, bodies.values())))

    def best(self, accepted: str) -> str:
        """The encoding for a reader: what they take, where the body has it."""
        encoding = taken_encoding(accepted)
        return encoding if encoding in self.bodies else ""


def names_etag(header: str, etag: str) -> bool:
    """Whether an If-None-Match header names the ETag; a proxy may have weakened it on the way."""
    return header.strip() == "*" or etag in {
        part.strip().removeprefix("W/") for part in header.split(",")
    }
