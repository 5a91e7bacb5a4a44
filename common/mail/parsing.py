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
from common.mail.flowed import unbroken
from common.mail.headers import address, message_ids, parameter, raw, words
from common.mail.html_words import words_of_html
from common.mail.mime import FORWARDED, Part, split_parts
from common.text.wording import shortened

# Characters of a letter that are read; its note says that there were more.
MOST_TEXT = 10_000
MOST_SUBJECT = 200
WORDS, PAGE = "text/plain", "text/html"
# Bytes of one part that are looked at for them: a page says much before its first word.
MOST_BYTES = {WORDS: 200_000, PAGE: 2_000_000}
SIGNATURES = {
    "application/pgp-signature",
    "application/pkcs7-signature",
    "application/x-pkcs7-signature",
}
# What only the program of the one it was meant for can open, and the names such files have.
SEALED = {
    *("application/pkcs7-mime", "application/x-pkcs7-mime", "multipart/encrypted"),
    *("application/ms-tnef", "application/vnd.ms-tnef", "smime.p7m", "winmail.dat"),
}
# Other forms of plain words and of pages, where they are the letter itself.
LIKE_WORDS = {"text/markdown": WORDS, "text/enriched": PAGE, "application/xhtml+xml": PAGE}
# Some programs write only this where words should stand, and the words into the page beside it.
SEE_PAGE = re.compile(
    r".{0,60}(html|网页|超文本).{0,60}(查看|阅读|浏览|显示|客户端|view|client|reader|browser).{0,60}",
    re.IGNORECASE | re.DOTALL,
)
# What a page says of its own character set, where its part says nothing.
PAGE_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?([\w.:-]{1,40})", re.IGNORECASE)
PAGE_HEAD = 4000
# On top of what was forwarded; a reply that forwards our own mail is cut off here.
FORWARDED_MARK = "-----转发邮件-----"
# In which order the pictures are tried: attached, shown between the words, part of a page, where a
# sender's logo stands too.
ATTACHED, SHOWN, OF_A_PAGE = range(3)
Files = list[tuple[int, UploadedFile]]


@dataclass(frozen=True)
class Mail:
    """A mail as read.

    `mark`: the digest of the mail as it was fetched; `is_cut`: the text went on; `is_sealed`: it
    has no text but what is encrypted or wrapped in a way that cannot be opened here; `automatic`:
    why it looks as if a machine had sent it, "" where it does not; `answers`: the ids of the mails
    that it says it answers.
    """

    mark: str
    sender: str
    subject: str
    text: str
    is_cut: bool
    attached: list[UploadedFile]
    is_sealed: bool
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
    sender, subject = _sender(raw(whole.head, "From")), words(raw(whole.head, "Subject"))
    said, files = _collect(whole, SHOWN)
    text = re.sub(r"\n{3,}", "\n\n", "\n".join(filter(None, said))).strip()
    return Mail(
        mark=mail_mark(data),
        sender=sender,
        subject=shortened(subject, MOST_SUBJECT),
        text=text[:MOST_TEXT].rstrip(),
        is_cut=len(text) > MOST_TEXT or _goes_on(whole),
        attached=[file for _, file in sorted(files, key=itemgetter(0))],
        is_sealed=not text and _is_sealed(whole),
        automatic=machine_reason(whole, sender, subject, own),
        answers=message_ids(whole.head, "In-Reply-To", "References"),
    )


def _is_sealed(part: Part) -> bool:
    kinds = {part.content_type, part.filename.lower()}
    return bool(kinds & SEALED) or any(map(_is_sealed, part.children))


def _sender(written: str) -> str:
    """The address of who wrote; some programs encode it together with the name."""
    return address(written) or address(words(written))


def own_addresses(*written: str) -> frozenset[str]:
    """The addresses, in lower case, of settings such as Portal <portal@example.org>."""
    return frozenset(found for one in written if (found := address(one).lower()))


def _collect(part: Part, rank: int) -> tuple[list[str], Files]:
    """The words in their order, and the files with the rank in which they are tried."""
    if part.children:
        return _collect_children(part, rank)
    if _kind(part) in MOST_BYTES and not part.is_attachment:
        return [_words(part)], []
    if part.content_type in SIGNATURES:
        return [], []
    return [], [(min(rank, _rank(part)), _as_upload(part))]


def _kind(part: Part) -> str:
    """The type as which a part is read; a part with a file's name is a file."""
    other = part.content_type if part.filename else LIKE_WORDS.get(part.content_type)
    return other or part.content_type


def _rank(part: Part) -> int:
    return ATTACHED if part.is_attachment else OF_A_PAGE


def _collect_children(part: Part, rank: int) -> tuple[list[str], Files]:
    inner = OF_A_PAGE if part.content_type == "multipart/related" else rank
    texts, found = zip(*(_collect(child, inner) for child in part.children), strict=True)
    files = list(chain.from_iterable(found))
    if part.content_type == "multipart/alternative":
        return _one_wording(part.children, texts), files
    said = list(chain.from_iterable(texts))
    return [*_forwarded_head(part), *said], files


def _forwarded_head(part: Part) -> list[str]:
    """The lines above the words of a mail that was forwarded whole; nothing of another part."""
    if part.content_type != FORWARDED:
        return []
    subject = words(raw(part.children[0].head, "Subject"))
    return [FORWARDED_MARK, *([f"主题：{shortened(subject, MOST_SUBJECT)}"] if subject else [])]


def _one_wording(children: list[Part], texts: Iterable[list[str]]) -> list[str]:
    """The same words were sent in several forms: the plain one, or the first that says anything."""
    plain_first = sorted(
        zip(children, texts, strict=True), key=lambda one: one[0].content_type != WORDS
    )
    wordings = [said for _, said in plain_first if any(said)]
    telling = [said for said in wordings if not SEE_PAGE.fullmatch("\n".join(said))]
    return next(iter(telling or wordings), [])


def _words(part: Part) -> str:
    kind = _kind(part)
    content = part.content[: MOST_BYTES[kind]]
    if kind != PAGE:
        return _as_typed(part, decode(content, part.charset)).strip()
    return words_of_html(decode(content, part.charset or _page_charset(content))).strip()


def _as_typed(part: Part, text: str) -> str:
    """The text without the line breaks of a program that says that it breaks lines."""
    if parameter(part.head, "Content-Type", "format").lower() != "flowed":
        return text
    is_told = parameter(part.head, "Content-Type", "delsp").lower() == "yes"
    return unbroken(text, without_blanks=is_told)


def _page_charset(content: bytes) -> str:
    found = PAGE_CHARSET.search(content[:PAGE_HEAD])
    return found[1].decode("ascii", "ignore") if found else ""


def _goes_on(part: Part) -> bool:
    """Whether words were left out because so many bytes came before them."""
    most = MOST_BYTES.get(_kind(part), len(part.body))
    return any(map(_goes_on, part.children)) or (
        len(part.body) > most and len(part.content) > most and not part.is_attachment
    )


def _as_upload(part: Part) -> UploadedFile:
    """The part as a file from a form; empty if it is a mail forwarded whole."""
    content = b"" if part.content_type.startswith("message/") else part.content
    return SimpleUploadedFile(part.filename or "附件", content)
