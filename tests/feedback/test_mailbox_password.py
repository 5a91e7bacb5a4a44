"""The password of the mailbox is sent only to a server that proves its name."""

import ssl

import pytest
from django.core.management import CommandError, call_command

from demo.bench.certificates import self_signed
from feedback.models import Ticket
from tests.fixtures.imap_server import imap_server
from tests.fixtures.mailbox import written

pytestmark = pytest.mark.usefixtures("taking_letters")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    return self_signed(tmp_path_factory.mktemp("tls"))


@pytest.fixture
def server(certificate, settings):
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate)
    with imap_server({9: written().as_bytes()}, tls=tls) as running:
        settings.MAILBOX_URL = (
            f"imaps://office:a_p%40ss@127.0.0.1:{running.server_address[1]}/INBOX"
        )
        yield running


def test_a_server_that_cannot_prove_its_name_is_not_told_the_password(server):
    with pytest.raises(CommandError, match=r"邮箱读不下去了.*CERTIFICATE_VERIFY_FAILED"):
        call_command("fetch_mail")
    assert server.heard == []


def test_a_server_whose_certificate_the_machine_trusts_is_read(server, certificate, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    call_command("fetch_mail")
    assert "login" in server.heard
    assert Ticket.objects.count() == 1


@pytest.mark.parametrize("scheme", ["imap", "pop3"])
def test_no_password_goes_unencrypted_to_another_machine(scheme, settings):
    settings.MAILBOX_URL = f"{scheme}://u:secret@mail.example/INBOX"
    with pytest.raises(CommandError, match="imaps://") as told:
        call_command("fetch_mail")
    assert "secret" not in str(told.value)


def test_a_server_that_does_not_begin_to_encrypt_is_not_told_the_password(settings):
    with imap_server({}) as running:
        settings.MAILBOX_URL = f"imap+tls://u:p@127.0.0.1:{running.server_address[1]}/INBOX"
        with pytest.raises(CommandError, match="邮箱读不下去了"):
            call_command("fetch_mail")
        assert "login" not in running.heard
