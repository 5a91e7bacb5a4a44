"""The style sheets of the public pages as one file, so that a phone asks once.

They stay apart where they are written, one for each family of components; what is served is their
text one after the other, made anew whenever one of them has changed.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage, Storage

NAME = "css/public.css"
# In this order: a later one may refine an earlier one.
FAMILIES = (
    "tokens", "base", "layout", "chips", "forms", "tables", "document", "task", "reading",
)  # fmt: skip
PRINT = "print"


class ComposedStyles(BaseFinder):
    """Finds the one file, for the server of a trial and for `collectstatic`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.storage = FileSystemStorage(settings.COMPOSED_ROOT)

    def check(self, **_asked_for: Any) -> list:
        """Nothing can be set wrongly."""
        return []

    def find(self, path: str, find_all: bool = False, **_asked_for: Any) -> Any:  # noqa: FBT001, FBT002
        """The path of the file on disk; [] for any other name."""
        if path != NAME:
            return []
        found = self._compose()
        return [found] if find_all else found

    def list(self, _ignore_patterns: Iterable[str] | None) -> Iterable[tuple[str, Storage]]:
        """The one file, for `collectstatic`."""
        self._compose()
        yield NAME, self.storage

    def _compose(self) -> str:
        target, text = Path(self.storage.path(NAME)), composed()
        if not target.is_file() or target.read_text("utf-8") != text:
            target.parent.mkdir(parents=True, exist_ok=True)
            making = target.with_suffix(".making")
            making.write_text(text, "utf-8")
            # Whole at once: another process may be reading it.
            making.replace(target)
        return str(target)


def composed() -> str:
    """All families one after the other, and what is only for paper in brackets that say so."""
    folder = settings.BASE_DIR / "static" / "css"
    parts = [(folder / f"{name}.css").read_text("utf-8") for name in FAMILIES]
    page, _, rest = (folder / f"{PRINT}.css").read_text("utf-8").partition("\n}\n")
    # The rule of the page itself may not stand within the brackets.
    return "\n".join([*parts, f"{page}\n}}\n", f"@media print {{\n{rest}}}\n"])
