"""A letter out of an electronic mail, whatever program wrote it: who, what about, which words."""

import re
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parseaddr
from html.parser import HTMLParser

from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile

from common.text.canonical import digest

# What the reader of headers and parts stumbles over in mails that keep to no rule.
BROKEN = (AttributeError, IndexError, LookupError, TypeError, ValueError)
NO_WORDS = {"script", "style", "head"}
BREAKS = {"br", "p", "div", "tr", "li"}


@dataclass(frozen=True)
class Mail:
    """`mark` is the same however often a mail is fetched; `automatic`: from a machine, which must get no answer."""

    mark: str
    sender: str
    subject: str
    text: str
    attached: list[UploadedFile]
    automatic: bool


def read_mail(data: bytes) -> Mail:
    """Reads whatever came; what cannot be decoded is shown as such and never lost."""
    message = message_from_bytes(data, policy=policy.default)
    return Mail(
        mark=digest(_head(message, "Message-ID") or data.decode("latin-1")),
        sender=parseaddr(_head(message, "From"))[1],
        subject=_head(message, "Subject"),
        text=_words(message),
        attached=_attached(message),
        automatic=_is_automatic(message),
    )


def _head(message: EmailMessage, name: str) -> str:
    try:
        return " ".join(str(message.get(name, "")).split())
    except BROKEN:
        return ""


def _attached(message: EmailMessage) -> list[UploadedFile]:
    """What was hung on before what stands between the words, where also the sender's emblem may stand."""
    try:
        parts = sorted(message.iter_attachments(), key=lambda part: not part.is_attachment())
        return [_file(part) for part in parts]
    except BROKEN:
        return []


def _file(part: EmailMessage) -> UploadedFile:
    """As if it had been sent with a form; what cannot be decoded is an empty one."""
    try:
        return SimpleUploadedFile(part.get_filename() or "附件", part.get_payload(decode=True) or b"")
    except BROKEN:
        return SimpleUploadedFile("附件", b"")


def _is_automatic(message: EmailMessage) -> bool:
    """A bounce, an out-of-office note, a mailing list."""
    by_hand = _head(message, "Auto-Submitted").lower() in {"", "no"}
    bulk = _head(message, "Precedence").lower() in {"bulk", "list", "junk"}
    return not by_hand or bulk or _head(message, "Return-Path") == "<>"


def _words(message: EmailMessage) -> str:
    body = message.get_body(("plain", "html"))
    if body is None:
        return ""
    words = _decoded(body)
    words = _Plain(words).words if body.get_content_subtype() == "html" else words
    return re.sub(r"\n{3,}", "\n\n", words.replace("\r\n", "\n").replace("\x00", "")).strip()


def _decoded(body: EmailMessage) -> str:
    try:
        return body.get_content()
    except BROKEN:
        # An alphabet nobody knows.
        return (body.get_payload(decode=True) or b"").decode("utf-8", "replace")


class _Plain(HTMLParser):
    """The words of a page, a line for each paragraph."""

    def __init__(self, page: str):
        super().__init__()
        self.words, self.silent = "", 0
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.silent += tag in NO_WORDS
        self.words += "\n" if tag in BREAKS else ""

    def handle_endtag(self, tag):
        self.silent -= tag in NO_WORDS and self.silent > 0

    def handle_data(self, data):
        self.words += "" if self.silent else data
