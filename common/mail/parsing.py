"""Reads an e-mail, whatever program wrote it, into sender, subject, text and attachments."""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain
from operator import itemgetter

from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile

from common.mail.automatic import machine_reason
from common.mail.charsets import decode
from common.mail.headers import address, message_ids, raw, words
from common.mail.html_words import words_of_html
from common.mail.mime import Part, split_parts
from common.text.wording import shortened

# Characters of a letter that are read; its note says that there were more.
MOST_TEXT = 10_000
MOST_SUBJECT = 200
# Bytes of one part that are looked at for them: a page says much before its first word.
MOST_BYTES = {"text/plain": 200_000, "text/html": 2_000_000}
SIGNATURES = {
    "application/pgp-signature",
    "application/pkcs7-signature",
    "application/x-pkcs7-signature",
}
# In which order the pictures are tried: attached, shown between the words, part of a page, where a
# sender's logo stands too.
ATTACHED, SHOWN, OF_A_PAGE = range(3)
Files = list[tuple[int, UploadedFile]]


@dataclass(frozen=True)
class Mail:
    """A mail as read.

    `mark`: the digest of the mail as it was fetched; `is_cut`: the text went on; `automatic`: why
    it looks as if a machine had sent it, "" where it does not; `answers`: the ids of the mails that
    it says it answers.
    """

    mark: str
    sender: str
    subject: str
    text: str
    is_cut: bool
    attached: list[UploadedFile]
    automatic: str
    answers: list[str]

    @property
    def is_empty(self) -> bool:
        return not (self.subject or self.text or self.attached)


def mail_mark(data: bytes) -> str:
    """What tells one mail from all others: never what it says of itself, which anybody can copy."""
    return hashlib.sha256(data).hexdigest()


def read_mail(data: bytes, own: frozenset[str] = frozenset()) -> Mail:
    """Reads any mail; text that cannot be decoded is kept with replacement characters.

    `own`: our own addresses in lower case, from which no letter comes.

    Raises Unreadable when its parts are nested too deeply or are too many.
    """
    whole = split_parts(data)
    sender, subject = address(raw(whole.head, "From")), words(raw(whole.head, "Subject"))
    said, files = _collect(whole, SHOWN)
    text = re.sub(r"\n{3,}", "\n\n", "\n".join(filter(None, said))).strip()
    return Mail(
        mark=mail_mark(data),
        sender=sender,
        subject=shortened(subject, MOST_SUBJECT),
        text=text[:MOST_TEXT].rstrip(),
        is_cut=len(text) > MOST_TEXT or _goes_on(whole),
        attached=[file for _, file in sorted(files, key=itemgetter(0))],
        automatic=machine_reason(whole, sender, subject, own),
        answers=message_ids(whole.head, "In-Reply-To", "References"),
    )


def own_addresses(*written: str) -> frozenset[str]:
    """The addresses, in lower case, of settings such as Portal <portal@example.org>."""
    return frozenset(found for one in written if (found := address(one).lower()))


def _collect(part: Part, rank: int) -> tuple[list[str], Files]:
    """The words in their order, and the files with the rank in which they are tried."""
    if part.children:
        return _collect_children(part, rank)
    if part.content_type in MOST_BYTES and not part.is_attachment:
        return [_words(part)], []
    if part.content_type in SIGNATURES:
        return [], []
    return [], [(min(rank, _rank(part)), _as_upload(part))]


def _rank(part: Part) -> int:
    return ATTACHED if part.is_attachment else OF_A_PAGE


def _collect_children(part: Part, rank: int) -> tuple[list[str], Files]:
    inner = OF_A_PAGE if part.content_type == "multipart/related" else rank
    texts, found = zip(*(_collect(child, inner) for child in part.children), strict=True)
    files = list(chain.from_iterable(found))
    if part.content_type == "multipart/alternative":
        return _one_wording(part.children, texts), files
    return list(chain.from_iterable(texts)), files


def _one_wording(children: list[Part], texts: Iterable[list[str]]) -> list[str]:
    """The same words were sent in several forms: the plain one, or the first that says anything."""
    plain_first = sorted(
        zip(children, texts, strict=True), key=lambda one: one[0].content_type != "text/plain"
    )
    return next((said for _, said in plain_first if any(said)), [])


def _words(part: Part) -> str:
    text = decode(part.content[: MOST_BYTES[part.content_type]], part.charset)
    return (words_of_html(text) if part.content_type == "text/html" else text).strip()


def _goes_on(part: Part) -> bool:
    """Whether words were left out because so many bytes came before them."""
    most = MOST_BYTES.get(part.content_type, len(part.body))
    return any(map(_goes_on, part.children)) or (
        len(part.body) > most and len(part.content) > most and not part.is_attachment
    )


def _as_upload(part: Part) -> UploadedFile:
    """The part as a file from a form; empty if it is a mail forwarded whole."""
    content = b"" if part.content_type.startswith("message/") else part.content
    return SimpleUploadedFile(part.filename or "附件", content)
