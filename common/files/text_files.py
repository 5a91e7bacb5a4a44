"""From a file on disk to normalised text; everything that is not a readable text is refused here."""

import hashlib
import re
from dataclasses import dataclass, field
from pathlib import Path

from common.errors import Refused

MAX_BYTES = 5 * 1024 * 1024
CONTROL = re.compile(rb"[\x00-\x08]")


class ImportProblem(Refused):
    """A document cannot be imported: the reason in Chinese and, where there is one, the line (from 1)."""

    def __init__(self, message: str, line: int | None = None):
        super().__init__(f"第{line}行：{message}" if line else message)
        self.message, self.line = message, line


@dataclass(frozen=True)
class Source:
    """`text` is LF-normalised without BOM; `data` are the file's bytes as they came and `sha256` their digest."""

    name: str
    text: str
    sha256: str
    data: bytes = field(repr=False)


def read(path: str | Path) -> Source:
    path = Path(path)
    if not path.is_file():
        raise ImportProblem(f"找不到文件 {path.name}")
    try:
        # The size is asked before a byte is read: a huge file must be refused at once.
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise ImportProblem(f"文件 {path.name} 有 {size / 1024 / 1024:.1f} MB，超过 5 MB 的上限")
        return from_bytes(path.read_bytes(), path.name)
    except OSError as error:
        raise ImportProblem(f"文件 {path.name} 无法读取：{error.strerror}") from error


def from_bytes(data: bytes, name: str) -> Source:
    if len(data) > MAX_BYTES:
        raise ImportProblem(f"文件 {name} 超过 5 MB 的上限")
    text = decode(data, name).removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        raise ImportProblem(f"文件 {name} 是空的")
    return Source(name, text, hashlib.sha256(data).hexdigest(), data)


def decode(data: bytes, name: str) -> str:
    if control := CONTROL.search(data):
        raise ImportProblem(f"文件 {name} 不是文本文件（含有控制字符）", line_of(data, control.start()))
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        # A file cut inside its last character must not be taken for the older encoding.
        if error.end == len(data) and error.reason == "unexpected end of data":
            raise ImportProblem(f"文件 {name} 在一个字的中间结束，可能被截断", line_of(data, error.start)) from error
        return decode_older(data, name, line_of(data, error.start))


def decode_older(data: bytes, name: str, line: int) -> str:
    try:
        return data.decode("gb18030")
    except UnicodeDecodeError as error:
        raise ImportProblem(f"文件 {name} 既不是 UTF-8 也不是 GB18030 编码的文本", line) from error


def line_of(data: bytes, place: int) -> int:
    return data.count(b"\n", 0, place) + 1
