"""Files that somebody uploaded, handed out as downloads and never shown inside the site."""

import re
from pathlib import PurePath

from django.db.models.fields.files import FieldFile
from django.http import FileResponse


def uploaded(file: FieldFile, name: str, sha256: str, *, content_type: str = "", private: bool = True) -> FileResponse:
    """Under the sender's name for it; without `content_type` the name decides. What is private is kept in no cache."""
    headers = {"Content-Security-Policy": "sandbox; default-src 'none'", "X-Content-Type-Options": "nosniff"}
    headers |= {"X-Content-SHA256": sha256}
    headers |= {"Content-Type": content_type} if content_type else {}
    headers |= {"Cache-Control": "no-store"} if private else {}
    return FileResponse(file.open(), as_attachment=True, filename=name, headers=headers)


NOT_SAFE = re.compile(r"[^\w（）()-]+")
LONGEST = 60


def safe_name(given: str) -> str:
    """A file name that every system takes and that leads nowhere: letters, digits, characters, one ending."""
    path = PurePath(given.replace("\\", "/"))
    ending = re.sub(r"[^.\w]", "", path.suffix.lower(), flags=re.ASCII)[:8]
    return f"{NOT_SAFE.sub('_', path.stem).strip('_')[:LONGEST] or 'file'}{ending if len(ending) > 1 else ''}"
