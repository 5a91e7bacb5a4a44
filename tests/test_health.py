"""Who watches the site is told what is wrong, and by whatever name and way they ask."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.db import OperationalError, connection
from django.test import Client

from feedback.models import SetAsideMail
from ledger.actions import keep_check
from ledger.verification import Verification
from public import health
from subscriptions.models import Notice
from subscriptions.outbox import note_run

NIGHT = datetime(2026, 12, 1, 2, 30, tzinfo=UTC)
MORNING = NIGHT + timedelta(hours=6)
MAIL = {"reason": "automatic", "sealed_words": "x", "sealed_original": "x", "size": 1}


@pytest.fixture(autouse=True)
def asked_afresh(monkeypatch, time_machine):
    time_machine.move_to(MORNING, tick=False)
    monkeypatch.setattr(health, "FRESH", 0)


@pytest.fixture
def site(db, settings, tmp_path):
    """A real site on a good morning."""
    settings.TRIAL, settings.NOTICE_CHANNEL = False, "subscriptions.channels.MailChannel"
    settings.MEDIA_ROOT = tmp_path
    keep_check(Verification(count=1), at=NIGHT)
    note_run("backup", "备份了", at=NIGHT)
    return settings


def wrong() -> dict[str, str]:
    answer = Client().get("/readyz")
    checks = answer.json()["checks"]
    assert answer.json()["ok"] == all(check["ok"] for check in checks.values())
    assert answer.status_code == (200 if answer.json()["ok"] else 503)
    assert checks.keys() == health.CHECKS.keys()
    return {name: check["detail"] for name, check in checks.items() if not check["ok"]}


@pytest.mark.both
def test_a_good_morning_has_nothing_wrong(site):
    assert wrong() == {}


def raising(error):
    def ask(*_given, **_options):
        raise error

    return ask


def unmigrated(monkeypatch):
    planned = SimpleNamespace(
        loader=SimpleNamespace(graph=SimpleNamespace(leaf_nodes=list)),
        migration_plan=lambda nodes: ["one"],
    )
    monkeypatch.setattr(health, "MigrationExecutor", lambda _connection: planned)


def no_cache(monkeypatch):
    monkeypatch.setattr(health.cache, "get", raising(ConnectionError("redis://:geheim@host")))


def no_storage(monkeypatch):
    monkeypatch.setattr(health.default_storage, "exists", raising(PermissionError(13, "no")))


def full_disk(monkeypatch):
    usage = SimpleNamespace(free=499 * 1024 * 1024)
    monkeypatch.setattr(health.shutil, "disk_usage", lambda _path: usage)


def not_collected(monkeypatch):
    monkeypatch.setattr(health.staticfiles_storage, "url", raising(ValueError("page.js")))


def stuck_outbox(monkeypatch):
    stuck = SimpleNamespace(count=lambda: 3)
    waiting = SimpleNamespace(filter=lambda created_at__lt: stuck)
    monkeypatch.setattr(Notice.objects, "waiting", lambda: waiting)


def mail_left_aside(_monkeypatch):
    for number, days in enumerate((4, 5, 2)):
        SetAsideMail.objects.create(
            mark=str(number), received_at=MORNING - timedelta(days=days), **MAIL
        )


def record_unchecked(monkeypatch):
    monkeypatch.setattr(health, "last_verification", lambda: None)


def record_broken(_monkeypatch):
    broken = Verification(count=1)
    broken.add(["第 1 条"])
    keep_check(broken, at=NIGHT)


def no_backup(_monkeypatch):
    note_run("backup", "备份了", at=NIGHT - timedelta(days=2))


REASONS = [
    (unmigrated, {"migrations": "有 1 步升级没有做，请运行 bootstrap。"}),
    (no_cache, {"shared_cache": "检查不了：ConnectionError。"}),
    (no_storage, {"storage": "检查不了：PermissionError。"}),
    (full_disk, {"disk": "磁盘只剩 499 MB，应不少于 500 MB。"}),
    (not_collected, {"static_files": "没有收集静态文件，请运行 collectstatic。"}),
    (stuck_outbox, {"outbox": "有 3 条提醒等了两小时以上没有发出。"}),
    (mail_left_aside, {"mail_set_aside": "有 2 封另放的邮件三天没有人处理。"}),
    (record_unchecked, {"record": "公开记录一天半没有核对过，请看 portal-verify-ledger。"}),
    (record_broken, {"record": "公开记录上次核对的结果：发现不符。"}),
    (no_backup, {"backup": "一天半没有备份过，请看 portal-backup。"}),
]


@pytest.mark.parametrize(("spoil", "words"), REASONS, ids=[spoil.__name__ for spoil, _ in REASONS])
def test_each_thing_that_is_wrong_is_named_alone(spoil, words, site, monkeypatch):
    spoil(monkeypatch)
    assert wrong() == words


def test_a_database_that_is_away_is_told_without_its_password(site, monkeypatch):
    """What needs none still answers."""
    with monkeypatch.context() as patch:
        patch.setattr(connection, "cursor", raising(OperationalError("password=geheim")))
        said = wrong()
        assert Client().get("/healthz").json() == {"ok": True}
    assert said["database"] == "检查不了：OperationalError。"
    assert not {"disk", "storage", "static_files"} & said.keys()
    assert "geheim" not in str(said)


def test_every_check_has_a_reason_here():
    told = {name for _, words in REASONS for name in words} | {"database"}
    assert told == health.CHECKS.keys()


@pytest.mark.parametrize("address", ["/healthz", "/readyz"])
def test_a_watcher_asks_by_any_name_and_without_https(address, site):
    site.SECURE_SSL_REDIRECT, site.ALLOWED_HOSTS = True, ["portal.example"]
    answer = Client().get(address, headers={"host": "10.0.0.7:8000"})
    assert (answer.status_code, answer["Cache-Control"]) == (200, "no-store")
    assert not answer.cookies
    assert Client().head(address).status_code == 200
    assert Client().post(address).status_code == 405


def test_who_asks_often_is_told_what_was_found_seconds_ago(site, monkeypatch):
    monkeypatch.setattr(health, "FRESH", 5)
    readiness = health.Readiness()
    assert not any(readiness.said(MORNING).values())
    full_disk(monkeypatch)
    assert not any(readiness.said(MORNING).values())
    monkeypatch.setattr(health, "FRESH", 0)
    assert any(readiness.said(MORNING).values())


def test_a_trial_needs_no_nights(db):
    assert not {"record", "backup", "static_files"} & wrong().keys()
