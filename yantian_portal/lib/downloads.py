"""Files that somebody uploaded, handed out as downloads and never shown inside the site."""

from django.db.models.fields.files import FieldFile
from django.http import FileResponse


def uploaded(file: FieldFile, name: str, sha256: str, *, content_type: str = "", private: bool = True) -> FileResponse:
    """Under the sender's name for it; without `content_type` the name decides. What is private is kept in no cache."""
    headers = {"Content-Security-Policy": "sandbox; default-src 'none'", "X-Content-Type-Options": "nosniff"}
    headers |= {"X-Content-SHA256": sha256}
    headers |= {"Content-Type": content_type} if content_type else {}
    headers |= {"Cache-Control": "no-store"} if private else {}
    return FileResponse(file.open(), as_attachment=True, filename=name, headers=headers)
