"""The password of the mailbox is sent only to a server that proves its name."""

import ssl
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.core.management import CommandError, call_command

from feedback.models import Ticket
from tests.fixtures.imap_server import imap_server
from tests.fixtures.mailbox import written

pytestmark = pytest.mark.usefixtures("taking_letters")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A certificate for this machine that nobody has signed but its own key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "server.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + signed.public_bytes(serialization.Encoding.PEM)
    )
    return path


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
