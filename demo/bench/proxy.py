"""nginx with the files of the project, before a server on loopback.

Ports, folders and the certificate are those of whoever starts it; every other line is the shipped
one.
"""

import contextlib
import http.client
import os
import shutil
import socket
import ssl
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from demo.bench.certificates import self_signed
from demo.bench.servers import Server, free_port

SHIPPED = settings.BASE_DIR / "deploy" / "nginx"
NGINX = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin:/sbin")
# The limit for one address: a benchmark asks for a whole city from one.
LIMIT, NO_LIMIT = "rate=20r/s", "rate=100000r/s"
KINDS = "types { text/html html; text/css css; image/svg+xml svg; application/json json; }"
TEMPORARY = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")


def adapted(folder: Path, *, web: int, http_port: int, https_port: int) -> str:
    """The shipped file with other places; raises LookupError where one is not there."""
    text = (SHIPPED / "portal.conf").read_text("utf-8")
    places = {
        "127.0.0.1:8000": f"127.0.0.1:{web}",
        "listen [::]:80;": "",
        "listen [::]:443 ssl http2;": "",
        "listen 80;": f"listen 127.0.0.1:{http_port};",
        "listen 443 ssl http2;": f"listen 127.0.0.1:{https_port} ssl http2;",
        "/etc/ssl/portal/fullchain.pem": f"{folder}/server.pem",
        "/etc/ssl/portal/key.pem": f"{folder}/server.pem",
        "/srv/portal/var/static/": f"{folder}/static/",
        "/var/cache/portal-pages": f"{folder}/kept",
        "/srv/portal/deploy/nginx": f"{SHIPPED}",
    }
    for place, here in places.items():
        if place not in text:
            raise LookupError(place)
        text = text.replace(place, here)
    return text


@contextlib.contextmanager
def nginx_before(folder: Path, portal: str, https_port: int) -> Iterator[subprocess.Popen]:
    """nginx with what `adapted` made, once it answers; ended afterwards."""
    if NGINX is None:
        raise RuntimeError("nginx is not installed")
    self_signed(folder)
    (folder / "portal.conf").write_text(portal, "utf-8")
    (folder / "nginx.conf").write_text(_around(folder), "utf-8")
    command = [NGINX, "-p", str(folder), "-c", str(folder / "nginx.conf")]
    subprocess.run([*command, "-t"], check=True, capture_output=True)  # noqa: S603
    running = subprocess.Popen(command)  # noqa: S603
    try:
        _wait_for(https_port)
        yield running
    finally:
        running.terminate()
        running.wait(10)


def _around(folder: Path) -> str:
    """What a distribution ships around the file of the project."""
    temporary = " ".join(f"{kind}_temp_path {folder}/{kind};" for kind in TEMPORARY)
    user = "user root;" if os.getuid() == 0 else ""
    return (
        f"daemon off; pid {folder}/pid; error_log {folder}/error.log; {user} worker_processes 1;"
        f"events {{ worker_connections 512; }} http {{ {KINDS} {temporary} access_log off;"
        f"include {folder}/portal.conf; }}"
    )


def _wait_for(port: int) -> None:
    for _ in range(100):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.05)
    raise RuntimeError("nginx does not answer")


def trusting() -> ssl.SSLContext:
    """For a certificate that nobody has signed."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


class Proxy(Server):
    """nginx and the server behind it, weighed together."""

    def __init__(self, port: int, process: subprocess.Popen, behind: Server) -> None:
        super().__init__(port, process)
        self.behind = behind

    def pids(self) -> list[int]:
        return [*super().pids(), *self.behind.pids()]

    def connect(self) -> http.client.HTTPConnection:
        return http.client.HTTPSConnection("127.0.0.1", self.port, timeout=120, context=trusting())


@contextlib.contextmanager
def proxy_before(behind: Server) -> Iterator[Proxy]:
    """nginx before a server, with the static files of the project and no limit for one address."""
    plain, tls = free_port(), free_port()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "static").symlink_to(settings.BASE_DIR / "static")
        text = adapted(folder, web=behind.port, http_port=plain, https_port=tls)
        with nginx_before(folder, text.replace(LIMIT, NO_LIMIT), tls) as process:
            yield Proxy(tls, process, behind)
