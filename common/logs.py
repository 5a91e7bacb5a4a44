"""Lines of the log: when, how grave, by whom, of which request - and never what people typed.

The text of an exception may hold a row or a value: PostgreSQL quotes the row that broke a rule. Of
exceptions stand here their kind and where they happened, and their text only where it comes from
the system.
"""

import json
import logging
import re
import secrets
import time
import traceback
from contextvars import ContextVar
from datetime import datetime
from pathlib import Path

from django.core.mail import mail_admins
from django.db import InterfaceError, OperationalError
from django.utils import timezone

_request = ContextVar("request", default="-")
ASKED = re.compile(r"[A-Za-z0-9-]{8,64}")
TYPED = re.compile(r"[^\x21-\x7e]+|\d{11,}")
# Of a database that is away one line says all.
WITHOUT_FRAMES = (OperationalError, InterfaceError)
ROOT = Path(__file__).resolve().parent.parent


def begin_request(asked: str) -> str:
    """The number of the request that now begins: the one asked for if it looks like one."""
    number = asked if ASKED.fullmatch(asked) else secrets.token_hex(8)
    _request.set(number)
    return number


def path_in_words(path: str) -> str:
    """An address without what a person may have put into it: signs beyond ASCII, long numbers."""
    return TYPED.sub("…", path[:200])


def exception_in_words(error: BaseException) -> str:
    """The kind of an exception, and its text where that is of the system: what a disk said."""
    name = type(error).__name__
    said = error.strerror if isinstance(error, OSError) else None
    return f"{name}: {said}" if said else name


class PlainFormatter(logging.Formatter):
    """One line for people, and the places of an exception below it."""

    def format(self, record: logging.LogRecord) -> str:
        """2026-12-01 10:00:00+0800 ERROR django.request 1f2e3d4c Internal Server Error: /tasks/"""
        head = f"{_moment(record):%Y-%m-%d %H:%M:%S%z} {record.levelname} {record.name}"
        lines = [f"{head} {_request.get()} {_message(record)}"]
        return "\n".join([*lines, *_places(record)])


class JsonFormatter(logging.Formatter):
    """One line of JSON for programs."""

    def format(self, record: logging.LogRecord) -> str:
        told: dict[str, object] = {
            "time": _moment(record).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "request": _request.get(),
            "message": _message(record),
        }
        if places := _places(record):
            told["exception"] = places
        return json.dumps(told, ensure_ascii=False)


def _moment(record: logging.LogRecord) -> datetime:
    return datetime.fromtimestamp(record.created, tz=timezone.get_default_timezone())


def _message(record: logging.LogRecord) -> str:
    """On one line, whatever somebody put into a path, which Django's own loggers quote."""
    message = record.getMessage()
    if record.name.startswith("django"):
        message = " ".join(map(path_in_words, message.split(" ")))
    return re.sub(r"[\x00-\x1f\x7f]+", " ", message)


def _places(record: logging.LogRecord) -> list[str]:
    """The exception of a record, the places it came through first."""
    error = record.exc_info[1] if record.exc_info else None
    if error is None:
        return []
    if isinstance(error, WITHOUT_FRAMES):
        return [f"  {exception_in_words(error)}"]
    frames = traceback.extract_tb(error.__traceback__)
    places = [f"  {_place(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames]
    return [*places, f"  {exception_in_words(error)}"]


def _place(filename: str) -> str:
    path = Path(filename)
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else path.name


class MailToAdmins(logging.Handler):
    """Sends errors to ADMINS, the same one once in ten minutes, and never the request itself."""

    WINDOW = 600

    def __init__(self, level: int | str = logging.NOTSET) -> None:
        super().__init__(level)
        self._sent: dict[tuple[str, str, str], float] = {}

    def emit(self, record: logging.LogRecord) -> None:
        """A mail that cannot be sent is told by the handler of the console, not by another mail."""
        error = record.exc_info[1] if record.exc_info else None
        kind = (record.name, str(record.msg), type(error).__name__)
        now = time.monotonic()
        if now - self._sent.get(kind, float("-inf")) < self.WINDOW:
            return
        self._sent[kind] = now
        try:
            mail_admins(f"{record.levelname} {record.name}", self.format(record))
        except OSError:
            self.handleError(record)
