"""Responses with uploaded files: always downloads, never shown inside the site; safe file names."""

import re
from pathlib import PurePath

from django.db.models.fields.files import FieldFile
from django.http import FileResponse

from common.files.stored import open_stored


def upload_response(
    file: FieldFile, name: str, sha256: str, *, content_type: str = "", private: bool = True
) -> FileResponse:
    """The file as an attachment called `name`.

    `sha256`: its digest, sent as a header; `content_type`: without it the name decides; `private`:
    no cache may keep the file. Raises LostFile, which is a 404, where the file is gone.
    """
    headers = {
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "X-Content-Type-Options": "nosniff",
    }
    headers |= {"X-Content-SHA256": sha256}
    headers |= {"Content-Type": content_type} if content_type else {}
    headers |= {"Cache-Control": "no-store"} if private else {}
    return FileResponse(open_stored(file), as_attachment=True, filename=name, headers=headers)


UNSAFE = re.compile(r"[^\w（）()-]+")
MAX_STEM = 60


def safe_name(name: str) -> str:
    """A file name valid on every system: letters, digits, Chinese characters, one ending,
    no path.
    """
    path = PurePath(name.replace("\\", "/"))
    ending = re.sub(r"[^.\w]", "", path.suffix.lower(), flags=re.ASCII)[:8]
    stem = UNSAFE.sub("_", path.stem).strip("_")[:MAX_STEM] or "file"
    return stem + (ending if len(ending) > 1 else "")
