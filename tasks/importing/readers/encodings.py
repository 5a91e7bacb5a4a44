"""Decodes a text: by its byte order mark, else as the encoding in which it reads most likely."""

import re

from common.files.text_files import ImportProblem

MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
# Signs that are seen by nobody and part numbers from their words.
INVISIBLE = re.compile("[\u200b-\u200f\u2060\ufeff\u00ad]")
# The most common signs of official texts, in both scripts.
COMMON = frozenset(
    "的一是在了和有为人民政府区市县工作建设实施单位责任重点年月日完成推进管理服务发展城加强提高"
    "為區縣設實單責點進務發強"
)
CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f]")
CONTROL_BYTES = re.compile(rb"[\x00-\x08\x0e-\x1f]")
SAMPLE = 20_000
FEWEST_ZEROS = 100
# Two bytes a sign: line ends and digits have a zero byte.
WIDE = ("utf-16-le", "utf-16-be")
OTHERS = ("gb18030", "big5", *WIDE)


def decode(data: bytes, name: str) -> str:
    """The text, without invisible signs, with LF line ends.

    Raises ImportProblem where no encoding yields a text, or a sign is cut at the end.
    """
    text = decode_by_mark(data) or decode_by_words(data, name)
    if control := CONTROL.search(text):
        raise no_text(name, text.count("\n", 0, control.start()) + 1)
    text = INVISIBLE.sub("", text).replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        raise ImportProblem(f"文件 {name} 是空的")
    return text


def decode_by_mark(data: bytes) -> str:
    """The text of a file that begins with a byte order mark; empty where it has none."""
    for mark, encoding in MARKS:
        if data.startswith(mark):
            return data.decode(encoding, errors="replace").removeprefix("\ufeff")
    return ""


def decode_by_words(data: bytes, name: str) -> str:
    """The text in the first encoding that fits without a fault and reads like Chinese."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as fault:
        refuse_cut(data, name, fault)
    found = list(filter(None, (attempt(data, encoding) for encoding in OTHERS)))
    if found:
        return max(found, key=plausibility)
    if control := CONTROL_BYTES.search(data):
        raise no_text(name, data.count(b"\n", 0, control.start()) + 1)
    raise ImportProblem(f"文件 {name} 的编码认不出来，请用记事本另存为 UTF-8 再上传")


def refuse_cut(data: bytes, name: str, fault: UnicodeDecodeError) -> None:
    """Raises ImportProblem for UTF-8 cut inside its last sign: no other encoding is meant."""
    if fault.end == len(data) and fault.reason == "unexpected end of data":
        line = data.count(b"\n", 0, fault.start) + 1
        raise ImportProblem(f"文件 {name} 在一个字的中间结束，可能被截断", line) from fault


def no_text(name: str, line: int) -> ImportProblem:
    """The refusal of a file with control characters."""
    reason = f"文件 {name} 不是文本文件（含有控制字符），请另存为 .docx 或 .txt 再上传"
    return ImportProblem(reason, line)


def attempt(data: bytes, encoding: str) -> str:
    """The text in an encoding; empty where it does not fit, or fits only by chance."""
    if encoding in WIDE and data.count(b"\0") * FEWEST_ZEROS < len(data):
        return ""
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return ""


def plausibility(text: str) -> float:
    """The share of the most common signs of official texts, less that of odd ones."""
    sample = text[:SAMPLE]
    known = sum(sign in COMMON for sign in sample)
    odd = sum(sign == "\x00" or "\ue000" <= sign <= "\uf8ff" for sign in sample)
    return (known - 10 * odd) / max(1, len(sample))
