"""Reads letters that came by mail from an IMAP mailbox or a maildir;
a mail is marked as read only after it was dealt with.
"""

import imaplib
import os
import ssl
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from ipaddress import ip_address
from operator import attrgetter
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit

TIMEOUT = 30
PORTS = {"imaps": 993, "imap": 143, "imap+tls": 143}
# Mail servers take no longer ones; of a longer mail only the beginning is fetched.
MOST_BYTES = 40 * 1024 * 1024


class NotFetched(Exception):
    """One mail that the mailbox names and does not give; the others may still come."""


@dataclass(frozen=True)
class WaitingMail:
    """An unread mail.

    `name`: what the mailbox calls it; `fetch`: gives its bytes, at most one more than MOST_BYTES;
    `mark_read`: so that it is not fetched again.
    """

    name: str
    fetch: Callable[[], bytes]
    mark_read: Callable[[], object]


UnreadMails = Generator[WaitingMail, None, None]


def unread_mails(url: str) -> UnreadMails:
    """The unread mails.

    `url`: imaps://user:password@host/INBOX, imap+tls://… for a server that begins to encrypt when
    asked, or maildir:///path; imap://… only on this machine, because the password is readable.

    Raises OSError or imaplib.IMAP4.error when the mailbox cannot be read.
    """
    location = urlsplit(url)
    if location.scheme == "maildir":
        return _in_maildir(Path(location.path))
    return _on_server(location)


def mailbox_address(url: str) -> str:
    """The e-mail address to which the mailbox belongs, where its user name is one."""
    user = unquote(urlsplit(url).username or "")
    return user if "@" in user else ""


def _in_maildir(path: Path) -> UnreadMails:
    """Only names of files are read: they hold the marks, and a mail may be hard to read."""
    found = [file for folder in ("new", "cur") for file in (path / folder).iterdir()]
    for file in sorted(found, key=attrgetter("name")):
        if _is_unread(file):
            yield WaitingMail(file.name, partial(_read, file), partial(_mark_seen, file))


def _is_unread(file: Path) -> bool:
    return not file.name.startswith(".") and "S" not in _flags(file)


def _flags(file: Path) -> str:
    return file.name.partition(":2,")[2]


def _read(file: Path) -> bytes:
    try:
        with file.open("rb") as opened:
            return opened.read(MOST_BYTES + 1)
    except OSError as error:
        raise NotFetched(str(error)) from error


def _mark_seen(file: Path) -> None:
    flags = "".join(sorted({*_flags(file), "S"}))
    # Another program may have moved it meanwhile.
    with suppress(FileNotFoundError):
        os.rename(file, file.parent.parent / "cur" / f"{file.name.partition(':2,')[0]}:2,{flags}")


def _on_server(location: SplitResult) -> UnreadMails:
    with _signed_in(location) as server:
        answer, [uids] = server.uid("SEARCH", "UNSEEN")
        if answer != "OK":
            raise server.error(_text(uids))
        for uid in (uids or b"").decode().split():
            mark = partial(server.uid, "STORE", uid, "+FLAGS", r"(\Seen)")
            yield WaitingMail(f"UID {uid}", partial(_fetch, server, uid), mark)


def _fetch(server: imaplib.IMAP4, uid: str) -> bytes:
    # Peeking does not mark it: killed before it was registered, it waits for the next run.
    answer, found = server.uid("FETCH", uid, f"(BODY.PEEK[]<0.{MOST_BYTES + 1}>)")
    for piece in found:
        if answer == "OK" and isinstance(piece, tuple):
            return piece[1]
    raise NotFetched("邮件服务器没有给出这封邮件")


@contextmanager
def _signed_in(location: SplitResult) -> Iterator[imaplib.IMAP4]:
    server = _connection(location)
    try:
        server.login(unquote(location.username or ""), unquote(location.password or ""))
        answer, [detail] = server.select(location.path.strip("/") or "INBOX")
        if answer != "OK":
            raise server.error(_text(detail))
        yield server
    finally:
        # What went wrong before is told, not that the connection is gone.
        with suppress(OSError, imaplib.IMAP4.error):
            server.logout()
        with suppress(OSError):
            server.shutdown()


def _connection(location: SplitResult) -> imaplib.IMAP4:
    """Encrypted, and with a server that proves its name, before the password is sent."""
    _check_scheme(location)
    host, port = location.hostname or "", location.port or PORTS[location.scheme]
    verified = ssl.create_default_context()
    if location.scheme == "imaps":
        return imaplib.IMAP4_SSL(host, port, ssl_context=verified, timeout=TIMEOUT)
    server = imaplib.IMAP4(host, port, timeout=TIMEOUT)
    if location.scheme == "imap+tls":
        _begin_to_encrypt(server, verified)
    return server


def _check_scheme(location: SplitResult) -> None:
    if location.scheme not in PORTS:
        raise OSError(f"不认识 {location.scheme}://，请写 imaps://、imap+tls:// 或 maildir://")
    if location.scheme == "imap" and not _is_this_machine(location.hostname or ""):
        raise OSError("imap:// 不加密，密码会被看见，请改用 imaps:// 或 imap+tls://")


def _begin_to_encrypt(server: imaplib.IMAP4, verified: ssl.SSLContext) -> None:
    try:
        server.starttls(verified)
    except BaseException:
        server.shutdown()
        raise


def _is_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _text(detail: bytes | None) -> str:
    return detail.decode("utf-8", "replace") if detail else ""
