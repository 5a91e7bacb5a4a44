"""Chinese text made comparable, without ever changing what is stored as official wording."""

import unicodedata


def fold(text: str) -> str:
    """Full width to half width, lower case: how words are stored for search and how a query is read."""
    return unicodedata.normalize("NFKC", text).lower().strip()
