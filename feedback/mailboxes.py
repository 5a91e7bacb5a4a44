"""Reads letters that came by mail from an IMAP mailbox or a maildir;
a mail is marked as read only after it was registered.
"""

import imaplib
import mailbox
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from urllib.parse import SplitResult, unquote, urlsplit

TIMEOUT = 30
# One mail: its bytes, and how to mark it as dealt with.
UnreadMails = Iterator[tuple[bytes, Callable[[], object]]]


def unread_mails(url: str) -> UnreadMails:
    """The unread mails, each with a function that marks it as read.

    `url`: imaps://user:password@host/INBOX or maildir:///path.

    Raises OSError or imaplib.IMAP4.error when the mailbox cannot be read.
    """
    location = urlsplit(url)
    return _in_maildir(location.path) if location.scheme == "maildir" else _on_server(location)


def _in_maildir(path: str) -> UnreadMails:
    box = mailbox.Maildir(path, create=False)
    for key in sorted(box.keys()):
        message = box.get_message(key)
        if "S" not in message.get_flags():
            yield box.get_bytes(key), partial(_mark_seen, box, key, message)


def _mark_seen(box: mailbox.Maildir, key: str, message: mailbox.MaildirMessage) -> None:
    message.set_subdir("cur")
    message.add_flag("S")
    box[key] = message


def _on_server(location: SplitResult) -> UnreadMails:
    with _signed_in(location) as server:
        _, [uids] = server.uid("SEARCH", "UNSEEN")
        for uid in uids.decode().split():
            # Peeking does not mark it: killed before it was registered, it waits for the next run.
            _, [(_, data), *_] = server.uid("FETCH", uid, "(BODY.PEEK[])")
            yield data, partial(server.uid, "STORE", uid, "+FLAGS", r"(\Seen)")


@contextmanager
def _signed_in(location: SplitResult) -> Iterator[imaplib.IMAP4]:
    with _connection(location) as server:
        server.login(unquote(location.username or ""), unquote(location.password or ""))
        answer, [detail] = server.select(location.path.strip("/") or "INBOX")
        if answer != "OK":
            raise server.error(_text(detail))
        yield server


def _connection(location: SplitResult) -> imaplib.IMAP4:
    host = location.hostname or ""
    if location.scheme == "imaps":
        return imaplib.IMAP4_SSL(host, location.port or 993, timeout=TIMEOUT)
    return imaplib.IMAP4(host, location.port or 143, timeout=TIMEOUT)


def _text(detail: bytes | None) -> str:
    return detail.decode() if detail else ""
