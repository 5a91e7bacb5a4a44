"""Whether the site is well: /healthz for whoever starts and stops processes, /readyz for whoever
watches the site. Each check is one function that answers "" or what is wrong, in Chinese.

Neither tells an outsider anything of use: no version, no path, no address.
"""

import shutil
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from threading import Lock

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.cache import cache
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone

from feedback.models import SetAsideMail
from ledger.verification import last_verification
from subscriptions.models import Notice
from subscriptions.outbox import has_run

Answer = Callable[[HttpRequest], HttpResponse]
# Seconds for which an answer counts: whoever asks often costs nothing.
FRESH = 5
# Milliseconds after which the database is given up.
PATIENCE = 3000
# What runs each night has run within this time.
A_NIGHT = timedelta(hours=36)
LONGEST_WAIT = timedelta(hours=2)
LONGEST_ASIDE = timedelta(days=3)
MEGABYTE = 1024 * 1024


def database(_now: datetime) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return ""


def migrations(_now: datetime) -> str:
    executor = MigrationExecutor(connection)
    pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return f"有 {len(pending)} 步升级没有做，请运行 bootstrap。" if pending else ""


def shared_cache(_now: datetime) -> str:
    cache.get("readyz")
    return ""


def storage(_now: datetime) -> str:
    default_storage.exists("readyz")
    return ""


def disk(_now: datetime) -> str:
    for folder in {settings.VAR, Path(settings.MEDIA_ROOT)}:
        there = next(path for path in (folder, *folder.parents) if path.exists())
        free = shutil.disk_usage(there).free // MEGABYTE
        if free < settings.READY_DISK_MB:
            return f"磁盘只剩 {free} MB，应不少于 {settings.READY_DISK_MB} MB。"
    return ""


def static_files(_now: datetime) -> str:
    if settings.TRIAL or has_static_files():
        return ""
    return "没有收集静态文件，请运行 collectstatic。"


def has_static_files() -> bool:
    """Whether a file that every page names was collected."""
    try:
        staticfiles_storage.url("js/page.js")
    except ValueError:
        return False
    return True


def outbox(now: datetime) -> str:
    if not settings.NOTICE_CHANNEL:
        return ""
    late = Notice.objects.waiting().filter(created_at__lt=now - LONGEST_WAIT).count()
    return f"有 {late} 条提醒等了两小时以上没有发出。" if late else ""


def mail_set_aside(now: datetime) -> str:
    left = SetAsideMail.objects.filter(settled_at=None, received_at__lt=now - LONGEST_ASIDE).count()
    return f"有 {left} 封另放的邮件三天没有人处理。" if left else ""


def record(now: datetime) -> str:
    if settings.TRIAL:
        return ""
    last = last_verification()
    if last is None or now - last.checked_at > A_NIGHT:
        return "公开记录一天半没有核对过，请看 portal-verify-ledger。"
    return "" if last.holds else f"公开记录上次核对的结果：{last.get_outcome_display()}。"


def backup(now: datetime) -> str:
    if settings.TRIAL or has_run("backup", since=now - A_NIGHT):
        return ""
    return "一天半没有备份过，请看 portal-backup。"


CHECKS: dict[str, Callable[[datetime], str]] = {
    check.__name__: check
    for check in (
        database, migrations, shared_cache, storage, disk, static_files, outbox, mail_set_aside,
        record, backup,
    )
}  # fmt: skip
WITHOUT_DATABASE = {"storage", "disk", "static_files"}


class Readiness:
    """What the checks said last, asked again after some seconds by one request at a time."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._said: dict[str, str] = {}
        self._asked_at = float("-inf")

    def said(self, now: datetime) -> dict[str, str]:
        """From the name of each check to what is wrong, "" for nothing."""
        with self._lock:
            if time.monotonic() - self._asked_at >= FRESH:
                self._said = {name: _asked(name, now) for name in CHECKS}
                self._asked_at = time.monotonic()
            return self._said


def _asked(name: str, now: datetime) -> str:
    """A check that fails is wrong too; why stands in the log and not in public."""
    try:
        if name in WITHOUT_DATABASE:
            return CHECKS[name](now)
        with transaction.atomic():
            _be_quick()
            return CHECKS[name](now)
    except Exception as error:
        return f"检查不了：{type(error).__name__}。"


def _be_quick() -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL statement_timeout = {PATIENCE}")


readiness = Readiness()


def tell_health(get_response: Answer) -> Answer:
    """Answers both addresses before anything else is asked: by any name, over HTTP as well."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.path_info not in {"/healthz", "/readyz"}:
            return get_response(request)
        if request.method not in {"GET", "HEAD"}:
            return HttpResponse(status=405, headers={"Allow": "GET, HEAD"})
        answer = _alive() if request.path_info == "/healthz" else _ready()
        answer["Cache-Control"] = "no-store"
        return answer

    return middleware


def _alive() -> HttpResponse:
    return JsonResponse({"ok": True})


def _ready() -> HttpResponse:
    said = readiness.said(timezone.now())
    checks = {name: {"ok": not words, "detail": words} for name, words in said.items()}
    is_well = not any(said.values())
    return JsonResponse(
        {"ok": is_well, "checks": checks},
        status=200 if is_well else 503,
        json_dumps_params={"ensure_ascii": False},
    )
