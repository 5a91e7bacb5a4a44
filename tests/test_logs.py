"""The log says when, how grave, and of which request; never what people typed."""

import io
import json
import logging
import re

import pytest
from django.contrib.auth.decorators import login_not_required
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import IntegrityError, OperationalError
from django.test import Client
from django.urls import include, path

from common import logs
from tests.fixtures import letter_form
from yantian_portal import urls

handler404, handler500 = urls.handler404, urls.handler500
SECRETS = ["13800138000", "张三家的井盖", "geheim-kennwort", "zhang@example.org", "李四的名单"]


@login_not_required
def broken(request):
    try:
        raise IntegrityError(f"Key (contact)=({' '.join(SECRETS)}) already exists")
    except IntegrityError as error:
        raise ValueError(" ".join(SECRETS)) from error


@login_not_required
def away(request):
    raise OperationalError(f"could not connect with {SECRETS[2]}")


urlpatterns = [path("broken/", broken), path("away/", away), path("", include(urls))]


@pytest.fixture(params=[logs.PlainFormatter, logs.JsonFormatter])
def written(request):
    """What the handler of the console would have written, in both forms."""
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(request.param())
    loggers = [logging.getLogger(name) for name in ("", "portal.request", "django.request")]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.INFO)
    loggers[0].addHandler(handler)
    yield out
    loggers[0].removeHandler(handler)
    for logger, level in zip(loggers, levels, strict=True):
        logger.setLevel(level)


@pytest.mark.urls(__name__)
def test_a_day_of_use_leaves_nothing_personal_in_the_log(
    written, people, units, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path
    client = Client(raise_request_exception=False)
    client.get("/search/", {"q": SECRETS[1]})
    client.get(f"/{SECRETS[1]}/{SECRETS[0]}/")
    client.get(f"/feedback/track/?number={SECRETS[0]}")
    typed = letter_form.answers(text=SECRETS[1], contact=SECRETS[0])
    client.post(letter_form.SEND, typed | {"photo": SimpleUploadedFile(SECRETS[4], b"no photo")})
    client.post("/staff/sign-in/", {"username": SECRETS[3], "password": SECRETS[2]})
    client.post("/feedback/track/", {"number": SECRETS[0], "code": SECRETS[2]})
    client.get("/broken/", {"q": SECRETS[0]})
    client.post("/broken/", {"text": SECRETS[1]})
    client.get("/away/")
    call_command("tend_tickets", verbosity=0, stdout=io.StringIO())
    said = written.getvalue()
    assert [secret for secret in SECRETS if secret in said] == []
    assert len(re.findall(r"/broken/ 500 \d+ms", said)) == 2
    assert "test_logs.py" in said
    assert "ValueError" in said
    # A database that is away is one line below the two of the request, not a traceback.
    assert said.count("OperationalError") == 1
    assert "Not Found" not in said.replace("Not Found: ", "", 1)


def test_lines_of_one_request_have_its_number_and_it_goes_back(written, db):
    answer = Client().get("/robots.txt", headers={"x-request-id": "from-the-proxy-1"})
    assert answer["X-Request-ID"] == "from-the-proxy-1"
    assert "from-the-proxy-1" in written.getvalue()
    for forged in ("x", "y" * 65, "a b c d e f g h"):
        own = Client().get("/robots.txt", headers={"x-request-id": forged})["X-Request-ID"]
        assert re.fullmatch(r"[0-9a-f]{16}", own)


def record(message: str = "lost", error: BaseException | None = None) -> logging.LogRecord:
    given = (type(error), error, error.__traceback__) if error else None
    return logging.LogRecord("portal.x", logging.ERROR, __file__, 1, message, None, given)


def test_a_line_can_be_read_by_people_and_by_programs():
    line = logs.PlainFormatter().format(record("two\nlines\x1b[31m"))
    assert re.fullmatch(r"\d{4}-\d\d-\d\d [\d:]{8}\+0800 ERROR portal\.x \S+ two lines \[31m", line)
    told = json.loads(logs.JsonFormatter().format(record("中文")))
    assert list(told) == ["time", "level", "logger", "request", "message"]
    assert (told["message"], told["level"]) == ("中文", "ERROR")


def test_of_an_error_stand_its_kind_and_its_places_and_what_the_system_said():
    try:
        raise OSError(28, "No space left on device", "/srv/portal/李四的名单")
    except OSError as error:
        line = logs.PlainFormatter().format(record(error=error))
    assert line.splitlines()[1].startswith("  tests/test_logs.py:")
    assert line.endswith("  OSError: No space left on device")


def test_errors_are_mailed_once_in_ten_minutes_and_without_what_was_typed(settings, monkeypatch):
    settings.ADMINS = [("", "admin@example.org")]
    handler = logs.MailToAdmins()
    handler.setFormatter(logs.PlainFormatter())
    clock = iter([0, 10, 20, 700])
    monkeypatch.setattr(logs.time, "monotonic", lambda: next(clock))
    error = ValueError(SECRETS[0])
    for message in ("lost", "lost", "other", "lost"):
        handler.emit(record(message, error))
    assert [letter.to for letter in mail.outbox] == [["admin@example.org"]] * 3
    assert SECRETS[0] not in "".join(letter.body for letter in mail.outbox)


def test_a_mail_that_cannot_be_sent_stops_nothing(settings, monkeypatch, capsys):
    def refused(*_given):
        raise ConnectionRefusedError(111, "Connection refused")

    monkeypatch.setattr(logs, "mail_admins", refused)
    logs.MailToAdmins().emit(record())
    assert "Connection refused" in capsys.readouterr().err
