"""Personal traces in free text: found before publication, hidden in lists."""

import re

from .text import fold

TRACES = {
    "手机号": re.compile(r"(?<!\d)1[3-9]\d(?:[ -]?\d{4}){2}(?!\d)"),
    "身份证号": re.compile(r"(?<!\d)\d{17}[\dx](?!\d)"),
    "银行卡号": re.compile(r"(?<!\d)\d{4}(?:[ -]?\d{4}){3}(?:[ -]?\d{3})?(?![\dx])"),
    "电子邮箱": re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+"),
}


def traces(text: str) -> list[str]:
    """What a text still seems to hold, in words: ["手机号"]."""
    plain = fold(text)
    return [name for name, pattern in TRACES.items() if pattern.search(plain)]


def mask(contact: str) -> str:
    """138****1234, l****@example.org: enough to tell two apart, not enough to call."""
    head, at, host = contact.partition("@")
    if at:
        return f"{head[:1]}****@{host}"
    return f"{contact[:3]}****{contact[-4:]}" if len(contact) >= 11 else f"{contact[:1]}****"
