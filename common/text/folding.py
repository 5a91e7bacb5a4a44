"""Makes text comparable for search; the stored wording of documents is never changed."""

import unicodedata


def fold(text: str) -> str:
    """Full width to half width, lower case, stripped: for the search column and for queries."""
    return unicodedata.normalize("NFKC", text).lower().strip()
