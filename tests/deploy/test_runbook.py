"""The runbook is followed word for word in a fresh folder: its own commands, behind nginx."""

import contextlib
import gzip
import os
import re
import shlex
import sqlite3
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import get_commands, load_command_class

from demo.bench.proxy import NGINX, adapted, nginx_before, trusting
from demo.bench.servers import free_port
from tests.fixtures.web_service import serving
from tests.rules import ROOT
from tests.upgrades import record

RUNBOOK = (ROOT / "docs" / "runbook.zh.md").read_text("utf-8")
# Only root of a real machine may do these.
OF_THE_MACHINE = ("useradd", "install -d", "cp ", "systemctl", "nginx", "deploy/scripts/install.sh")


def commands(chapter: str) -> list[str]:
    """What the code blocks of a chapter say, in their order."""
    text = re.search(rf"^## {chapter}.*?(?=^## |\Z)", RUNBOOK, re.MULTILINE | re.DOTALL)[0]
    blocks = re.findall(r"^ *```\n(.*?)^ *```", text, re.MULTILINE | re.DOTALL)
    return [line.strip() for block in blocks for line in block.splitlines()]


CHAPTERS = ("一、安装", "二、升级", "三、备份", "四、恢复", "五、更换密钥")
ALL = [command for chapter in CHAPTERS for command in commands(chapter)]


def test_every_command_of_the_runbook_is_one_that_exists():
    assert len(ALL) > 15
    for command in ALL:
        if command.startswith(".venv/bin/python manage.py "):
            name, *options = shlex.split(command.partition("manage.py ")[2])
            parser = load_command_class(get_commands()[name], name).create_parser("x", name)
            parser.parse_args(options)
        else:
            assert command.startswith(OF_THE_MACHINE), command


class Site:
    """A copy of the tree with an environment file of its own."""

    # The port of nginx, while it stands before the site.
    tls = 0

    def __init__(self, folder: Path, **changes: str) -> None:
        self.folder, self.port = folder, free_port()
        folder.mkdir()
        given = {
            "SECRET_KEY": "k" * 60,
            "CONTACT_KEYS": "c" * 60,
            "ALLOWED_HOSTS": "127.0.0.1",
            "DATABASE_URL": f"sqlite:///{folder}/portal.sqlite3",
            "MEDIA_ROOT": str(folder / "media"),
            "STATIC_ROOT": str(folder / "static"),
            "BACKUP_DIR": str(folder.parent / "backups"),
            "PORT": str(self.port),
        }
        self.file = folder / "portal.env"
        lines = (f"{name}={value}\n" for name, value in (given | changes).items())
        self.file.write_text("".join(lines), "utf-8")
        path = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8"}
        self.environment = path | {"PORTAL_ENV_FILE": str(self.file), "PORT": str(self.port)}

    def follow(self, chapter: str, **places: str) -> str:
        """Runs what an operator types of a chapter; what belongs to the machine is left out."""
        said = ""
        for command in commands(chapter):
            if not command.startswith(OF_THE_MACHINE):
                said += self.type(command, **places)
        return said

    def type(self, command: str, **places: str) -> str:
        for place, here in places.items():
            command = command.replace(f"/var/backups/portal/<{place}>", here)
        words = [sys.executable, *shlex.split(command)[1:]]
        done = subprocess.run(
            words, cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, (command, done.stderr)
        return done.stdout

    def served(self) -> contextlib.AbstractContextManager[int]:
        """With the command of the shipped web service."""
        unit = (ROOT / "deploy" / "systemd" / "portal-web.service").read_text("utf-8")
        command = re.search(r"^ExecStart=\S+python (.+)$", unit, re.MULTILINE)[1]
        return serving(shlex.split(command), self.environment)

    @contextlib.contextmanager
    def behind_nginx(self) -> Iterator[None]:
        """With the shipped file of the web server; without nginx the portal is asked itself."""
        if NGINX is None:
            yield
            return
        plain, self.tls = free_port(), free_port()
        folder = self.folder / "nginx"
        folder.mkdir()
        (folder / "static").symlink_to(self.folder / "static")
        text = adapted(folder, web=self.port, http_port=plain, https_port=self.tls)
        with nginx_before(folder, text, self.tls):
            yield

    def ask(self, path: str) -> str:
        """As a reader does; where there is no nginx, with the header it would set."""
        address = f"https://127.0.0.1:{self.tls}" if self.tls else f"http://127.0.0.1:{self.port}"
        headers = {} if self.tls else {"X-Forwarded-Proto": "https"}
        asked = urllib.request.Request(address + path, headers=headers)
        with urllib.request.urlopen(asked, context=trusting()) as answer:
            return answer.read().decode()


@pytest.mark.long
def test_the_runbook_leads_from_nothing_to_a_site_its_backup_and_its_restoration(tmp_path):
    site = Site(tmp_path / "one", TRUSTED_PROXY_HOPS="1")
    said = site.follow("一、安装")
    assert "还没有系统管理员" in said
    assert "首次密码（只显示这一次）" in said
    with site.served(), site.behind_nginx():
        page = site.ask("/tasks/wp2013-18/")
        assert "平台启用前" in page
        style = re.search(r'href="(/static/[^"]+\.css)"', page)[1]
        assert "{" in site.ask(style)
        assert '"database": {"ok": true' in refused(site)
    assert "公开记录到第" in site.follow("三、备份")
    folder = next(path for path in (tmp_path / "backups").iterdir() if path.name != "files")
    other = Site(tmp_path / "two")
    restored = other.follow("四、恢复", 备份=str(folder))
    assert "逐条相符" in restored
    assert "不在了 0 个，内容变了 0 个" in restored
    assert "没有变化" in other.follow("二、升级")
    other.follow("五、更换密钥")


def refused(site: Site) -> str:
    """What /readyz says before the first night."""
    try:
        return site.ask("/readyz")
    except urllib.error.HTTPError as answer:
        return answer.read().decode()


@pytest.mark.long
def test_a_site_of_the_first_version_is_upgraded_by_the_runbook(tmp_path):
    site = Site(tmp_path / "old", SITE_PROFILE="yantian")
    script = record.script_path("1.1", "sqlite")
    with contextlib.closing(sqlite3.connect(tmp_path / "old" / "portal.sqlite3")) as database:
        database.executescript(gzip.decompress(script.read_bytes()).decode())
    said = site.follow("二、升级")
    assert "逐条相符" in said
