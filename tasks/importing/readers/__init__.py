"""The way from a file to its blocks, by what its bytes are and not by its name."""

import hashlib
import re
from pathlib import Path

from common.errors import Refused
from common.files.packages import OLD_OFFICE, PACKAGE, SHEET, WORD, office_kind
from common.files.text_files import MAX_BYTES, ImportProblem, Source, read_bytes
from tasks.importing.blocks import Document
from tasks.importing.readers.docx import read_docx
from tasks.importing.readers.encodings import decode
from tasks.importing.readers.html import read_html
from tasks.importing.readers.text import read_text
from tasks.importing.readers.xlsx import read_xlsx

MAX_FILE = 20 * 1024 * 1024
MAX_UNPACKED = 60 * 1024 * 1024
SAVE_AS = "请用 Word 或 WPS 打开，另存为 .docx（表格另存为 .xlsx）再上传"
REFUSED = (
    (b"%PDF", "是 PDF，读不出段落和表格，请找原来的 Word 或 WPS 文件"),
    (OLD_OFFICE, f"是旧版或加了密码的文件（.doc、.xls、.wps、.et），{SAVE_AS}"),
    (b"{\\rtf", f"是 RTF 文件，{SAVE_AS}"),
    (b"\x89PNG", "是图片，请找原来的 Word 或 WPS 文件"),
    (b"\xff\xd8\xff", "是图片，请找原来的 Word 或 WPS 文件"),
    (b"GIF8", "是图片，请找原来的 Word 或 WPS 文件"),
    (b"Rar!", "是压缩包，请解开后上传里面的文件"),
    (b"7z\xbc\xaf", "是压缩包，请解开后上传里面的文件"),
)
HTML = re.compile(
    r"\s*(?:<\?xml[^>]*>)?\s*(?:<!--.*?-->\s*)*<(?:!doctype html|html|head|body|div|table|p)\b",
    re.IGNORECASE | re.DOTALL,
)
OPENING = 4000


def read_document(path: str | Path) -> Document:
    """The blocks of a file; raises ImportProblem with what to do where it cannot be read."""
    path = Path(path)
    return document_from_bytes(read_bytes(path, at_most=MAX_FILE), path.name)


def document_from_bytes(data: bytes, name: str) -> Document:
    """The blocks of a file with this content; raises ImportProblem where it cannot be read."""
    for mark, reason in REFUSED:
        if data.startswith(mark):
            raise ImportProblem(f"文件 {name} {reason}")
    if data.startswith(PACKAGE):
        return read_package(data, name)
    if len(data) > MAX_BYTES:
        raise ImportProblem(f"文件 {name} 有 {len(data) / 1024 / 1024:.1f} MB，超过 5 MB 的上限")
    text = decode(data, name)
    if HTML.match(text[:OPENING]):
        return read_html(data, text, name)
    return read_text(Source(name, text, hashlib.sha256(data).hexdigest(), data))


def read_package(data: bytes, name: str) -> Document:
    """The blocks of a Word file or a workbook, unpacked within bounds."""
    try:
        kind = office_kind(data, at_most=MAX_UNPACKED)
    except Refused as refusal:
        raise ImportProblem(f"文件 {name} {refusal.reasons[0]}") from refusal
    if kind == WORD:
        return read_docx(data, name)
    if kind == SHEET:
        return read_xlsx(data, name)
    raise ImportProblem(f"文件 {name} 既不是 Word 也不是 Excel 文件，{SAVE_AS}")
