"""Reads an e-mail, whatever program wrote it, into sender, subject, text and attachments."""

import re
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage, MIMEPart
from email.utils import parseaddr
from html.parser import HTMLParser

from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile

from common.text.canonical import digest

# What Python's e-mail parser raises for mails that break the rules.
BROKEN = (AttributeError, IndexError, LookupError, TypeError, ValueError)
HIDDEN_TAGS = {"script", "style", "head"}
LINE_BREAK_TAGS = {"br", "p", "div", "tr", "li"}


@dataclass(frozen=True)
class Mail:
    """A mail as read.

    `mark`: the same each time this mail is fetched; `automatic`: a machine sent it, so it must get
    no answer.
    """

    mark: str
    sender: str
    subject: str
    text: str
    attached: list[UploadedFile]
    automatic: bool


def read_mail(data: bytes) -> Mail:
    """Reads any mail; text that cannot be decoded is kept with replacement characters."""
    message = message_from_bytes(data, policy=policy.default)
    return Mail(
        mark=digest(_header(message, "Message-ID") or data.decode("latin-1")),
        sender=parseaddr(_header(message, "From"))[1],
        subject=_header(message, "Subject"),
        text=_body_text(message),
        attached=_attachments(message),
        automatic=_is_automatic(message),
    )


def _header(message: EmailMessage, name: str) -> str:
    try:
        return " ".join(str(message.get(name, "")).split())
    except BROKEN:
        return ""


def _attachments(message: EmailMessage) -> list[UploadedFile]:
    """Attachments first, then files shown inside the text, which may be the sender's logo."""
    try:
        parts = sorted(message.iter_attachments(), key=lambda part: not part.is_attachment())
        return [_as_upload(part) for part in parts]
    except BROKEN:
        return []


def _as_upload(part: MIMEPart) -> UploadedFile:
    """The part as a file from a form; empty if it cannot be decoded."""
    try:
        return SimpleUploadedFile(part.get_filename() or "附件", _bytes_of(part))
    except BROKEN:
        return SimpleUploadedFile("附件", b"")


def _bytes_of(part: MIMEPart) -> bytes:
    """The content of a part without its transfer encoding; empty for a mail forwarded whole."""
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def _is_automatic(message: EmailMessage) -> bool:
    """Whether it is a bounce, an out-of-office note or from a mailing list."""
    by_hand = _header(message, "Auto-Submitted").lower() in {"", "no"}
    bulk = _header(message, "Precedence").lower() in {"bulk", "list", "junk"}
    return not by_hand or bulk or _header(message, "Return-Path") == "<>"


def _body_text(message: EmailMessage) -> str:
    body = message.get_body(("plain", "html"))
    if body is None:
        return ""
    text = _decode(body)
    if body.get_content_subtype() == "html":
        text = _TextExtractor(text).text
    return re.sub(r"\n{3,}", "\n\n", text.replace("\r\n", "\n").replace("\x00", "")).strip()


def _decode(body: MIMEPart) -> str:
    try:
        return body.get_content()
    except BROKEN:
        # The mail names an encoding that Python does not know.
        return _bytes_of(body).decode("utf-8", "replace")


class _TextExtractor(HTMLParser):
    """The text of an HTML page, with a line for each paragraph."""

    def __init__(self, page: str):
        super().__init__()
        self.text, self.hidden_depth = "", 0
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.hidden_depth += tag in HIDDEN_TAGS
        self.text += "\n" if tag in LINE_BREAK_TAGS else ""

    def handle_endtag(self, tag: str) -> None:
        self.hidden_depth -= tag in HIDDEN_TAGS and self.hidden_depth > 0

    def handle_data(self, data: str) -> None:
        self.text += "" if self.hidden_depth else data
