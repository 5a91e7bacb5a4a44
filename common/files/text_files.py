"""Reads a text file into normalised text, and refuses what is not a readable text."""

import hashlib
import re
from dataclasses import dataclass, field
from pathlib import Path

from common.errors import Refused

MAX_BYTES = 5 * 1024 * 1024
CONTROL = re.compile(rb"[\x00-\x08]")


class ImportProblem(Refused):
    """A document cannot be imported: the reason in Chinese, and the line, from 1,
    if there is one.
    """

    def __init__(self, message: str, line: int | None = None):
        super().__init__(f"第{line}行：{message}" if line else message)
        self.message, self.line = message, line


@dataclass(frozen=True)
class Source:
    """A text file: `text` has LF line ends and no BOM; `data`: its bytes; `sha256`:
    their digest.
    """

    name: str
    text: str
    sha256: str
    data: bytes = field(repr=False)


def read(path: str | Path) -> Source:
    """The text file at `path`; raises ImportProblem if it is missing, too large or no text."""
    return from_bytes(read_bytes(path, at_most=MAX_BYTES), Path(path).name)


def read_bytes(path: str | Path, *, at_most: int) -> bytes:
    """The content of a file; raises ImportProblem if it is missing or larger than `at_most`."""
    path = Path(path)
    if not path.is_file():
        raise ImportProblem(f"找不到文件 {path.name}")
    try:
        # Checked before reading, so that a huge file is refused at once.
        size, limit = (each / 1024 / 1024 for each in (path.stat().st_size, at_most))
        if size > limit:
            raise ImportProblem(f"文件 {path.name} 有 {size:.1f} MB，超过 {limit:.0f} MB 的上限")
        return path.read_bytes()
    except OSError as error:
        raise ImportProblem(f"文件 {path.name} 无法读取：{error.strerror}") from error


def from_bytes(data: bytes, name: str) -> Source:
    """The text file with this content; raises ImportProblem if it is too large or no text."""
    if len(data) > MAX_BYTES:
        raise ImportProblem(f"文件 {name} 超过 5 MB 的上限")
    text = decode(data, name).removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        raise ImportProblem(f"文件 {name} 是空的")
    return Source(name, text, hashlib.sha256(data).hexdigest(), data)


def decode(data: bytes, name: str) -> str:
    """The text of UTF-8 or GB18030 bytes; raises ImportProblem for anything else."""
    if control := CONTROL.search(data):
        raise ImportProblem(
            f"文件 {name} 不是文本文件（含有控制字符）", _line_at(data, control.start())
        )
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        # UTF-8 cut inside its last character must not be read as GB18030.
        if error.end == len(data) and error.reason == "unexpected end of data":
            raise ImportProblem(
                f"文件 {name} 在一个字的中间结束，可能被截断", _line_at(data, error.start)
            ) from error
        return _decode_gb18030(data, name, _line_at(data, error.start))


def _decode_gb18030(data: bytes, name: str, line: int) -> str:
    try:
        return data.decode("gb18030")
    except UnicodeDecodeError as error:
        raise ImportProblem(f"文件 {name} 既不是 UTF-8 也不是 GB18030 编码的文本", line) from error


def _line_at(data: bytes, offset: int) -> int:
    """The line, from 1, of the byte at `offset`."""
    return data.count(b"\n", 0, offset) + 1
