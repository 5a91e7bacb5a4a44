"""The two commands and a real mail server: nothing is lost while it is away,
and nothing is sent twice.
"""

import socket
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command

from subscriptions import channels
from subscriptions.models import Notice, Run
from tests.fixtures.mail_server import mail_server
from tests.fixtures.outbox import Kept, states
from tests.fixtures.quarter import moment

pytestmark = pytest.mark.usefixtures("calendar_2013")
MORNING = moment("2013-07-09T08:00:00")


@pytest.fixture
def port(settings) -> int:
    """Where the portal looks for a mail server; nobody listens there yet."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        settings.EMAIL_PORT = probe.getsockname()[1]
    settings.EMAIL_BACKEND, settings.EMAIL_HOST = (
        "django.core.mail.backends.smtp.EmailBackend",
        "127.0.0.1",
    )
    settings.NOTICE_CHANNEL, settings.SITE_URL = (
        "subscriptions.channels.MailChannel",
        "https://portal.example",
    )
    settings.DEFAULT_FROM_EMAIL = "portal@portal.example"
    return settings.EMAIL_PORT


@pytest.fixture
def owed(office):
    """A reporter and a head with addresses, each with two notices in the outbox."""
    for person in (office.people.reporter, office.people.colleague):
        person.email = f"{person.username}@unit.example"
        person.save()
    with time_machine.travel(MORNING, tick=False):
        run("remind")
    return office


def run(command: str, **options) -> str:
    out = StringIO()
    call_command(command, stdout=out, **options)
    return out.getvalue()


def send_at(when: str, **options) -> str:
    with time_machine.travel(moment(when), tick=False):
        return run("send_notices", **options)


def test_one_readable_mail_reaches_each_person(owed, port):
    with mail_server(port) as received:
        assert "发出 2 封（4 条）" in send_at("2013-07-09T08:05:00")
    assert {mail["To"] for mail in received} == {"reporter@unit.example", "colleague@unit.example"}
    mail = next(mail for mail in received if mail["To"].startswith("reporter"))
    assert mail["From"] == "portal@portal.example"
    assert mail["Subject"].endswith("您有 2 件事要办")
    assert mail.get_content_type() == "text/plain"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["X-Auto-Response-Suppress"] == "All"
    assert "陈填报，您好：" in mail.get_content()
    assert "https://portal.example/staff/reports/wp2013-18/2013-2/" in mail.get_content()


def test_a_dead_server_is_survived_and_the_mail_goes_out_later_once(owed, port):
    with pytest.raises(CommandError, match="连不上邮件服务器"):
        send_at("2013-07-09T08:05:00")
    assert states() == {"waiting": 4}
    assert "连不上邮件服务器" in Notice.objects.exclude(last_error="").first().last_error
    assert "连不上邮件服务器" in Run.objects.get(command="send_notices").result
    with mail_server(port) as received:
        send_at("2013-07-09T09:05:00")
        send_at("2013-07-09T10:05:00")
    assert len(received) == 2
    assert states() == {"sent": 4}


def test_whoever_is_in_a_hurry_sends_a_second_mail_on_one_day(owed, port):
    with mail_server(port) as received:
        send_at("2013-07-09T08:05:00")
        Notice.objects.filter(event="report_due").update(state="waiting", sent_at=None)
        assert "发出 0 封" in send_at("2013-07-09T09:05:00")
        assert "发出 2 封（2 条）" in send_at("2013-07-09T10:05:00", now=True)
    assert len(received) == 4


def test_a_person_without_an_address_waits_and_the_command_says_so(owed, port):
    owed.people.reporter.email = ""
    owed.people.reporter.save()
    with mail_server(port) as received:
        assert "1 人没有送达" in send_at("2013-07-09T08:05:00")
        assert len(received) == 1
        owed.people.reporter.email = "late@unit.example"
        owed.people.reporter.save()
        send_at("2013-07-09T09:05:00")
    assert [mail["To"] for mail in received] == ["colleague@unit.example", "late@unit.example"]


def test_a_server_that_refuses_one_address_still_gets_the_others(owed, port):
    with mail_server(port, refused=("reporter",)) as received:
        assert "1 人没有送达" in send_at("2013-07-09T08:05:00")
    assert [mail["To"] for mail in received] == ["colleague@unit.example"]
    assert "no such person" in Notice.objects.waiting().first().last_error


def test_the_commands_say_what_they_did_and_when(owed):
    assert Run.objects.get(command="remind").result == "放进发件箱 4 条，待发送 4 条。"
    assert Run.objects.get(command="remind").ran_at == MORNING
    assert "没有配置发送方式" in send_at("2013-07-09T08:05:00")
    assert states() == {"waiting": 4}


def test_a_site_brings_a_channel_of_its_own(settings):
    settings.NOTICE_CHANNEL = "tests.fixtures.outbox.Kept"
    assert isinstance(channels.configured(), Kept)
    settings.NOTICE_CHANNEL = ""
    assert channels.configured() is None
