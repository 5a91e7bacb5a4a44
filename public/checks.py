"""`check --deploy` for what a site forgets: each row names a setting or a fact, and what to do."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core import checks
from django.db import DatabaseError
from django.utils import timezone

from departments.models import CalendarDay, Membership
from departments.roles import NEEDED_ROLES
from public.health import A_NIGHT, has_static_files
from subscriptions.outbox import has_run

NIGHTLY = {"remind": "portal-remind", "backup": "portal-backup"}


@dataclass(frozen=True)
class Forgotten:
    """One thing a site may have forgotten: `found` tells what, "" for nothing."""

    id: str
    found: Callable[[], str]
    hint: str


def proxy_hops() -> str:
    return "" if settings.TRUSTED_PROXY_HOPS else "TRUSTED_PROXY_HOPS 没有设置"


def media_in_the_tree() -> str:
    if settings.S3_BUCKET:
        return ""
    inside = Path(settings.MEDIA_ROOT).resolve().is_relative_to(settings.BASE_DIR)
    return "上传的文件存放在程序目录里" if inside else ""


def no_mail() -> str:
    return "" if settings.NOTICE_CHANNEL else "没有设置 EMAIL_URL，提醒和回执发不出去"


def no_site_url() -> str:
    return "" if settings.SITE_URL else "没有设置 SITE_URL，信里的链接写不出来"


def no_admins() -> str:
    return "" if settings.ADMINS else "没有设置 ADMINS，程序出错没有人收到通知"


def any_host() -> str:
    return "ALLOWED_HOSTS 里有 *" if "*" in settings.ALLOWED_HOSTS else ""


def no_witness() -> str:
    return "" if settings.LEDGER_WITNESS_FILE else "没有设置 LEDGER_WITNESS_FILE"


def no_backup_dir() -> str:
    return "" if settings.BACKUP_DIR else "没有设置 BACKUP_DIR"


def not_collected() -> str:
    return "" if has_static_files() else "静态文件没有收集"


def silent_timers() -> str:
    since = timezone.now() - A_NIGHT
    silent = [unit for command, unit in NIGHTLY.items() if not has_run(command, since=since)]
    return f"定时任务一天半没有运行：{'、'.join(silent)}" if silent else ""


def missing_calendar() -> str:
    years = CalendarDay.objects.missing_years(timezone.localdate())
    return f"缺工作日历：{'、'.join(map(str, years))} 年" if years else ""


def missing_staff() -> str:
    held = set(Membership.objects.current().values_list("role", flat=True))
    missing = [str(post.label) for post in NEEDED_ROLES if post not in held]
    return f"没有人任：{'、'.join(missing)}" if missing else ""


FORGOTTEN = (
    Forgotten("portal.W101", proxy_hops, "在反向代理后面请设为代理的层数，通常是 1。"),
    Forgotten("portal.W102", media_in_the_tree, "请把 MEDIA_ROOT 设到程序目录以外，重装不会丢。"),
    Forgotten("portal.W103", no_mail, "见 docs/notices.md。"),
    Forgotten("portal.W104", no_site_url, "例如 SITE_URL=https://portal.example。"),
    Forgotten("portal.W105", no_admins, "例如 ADMINS=it@example.org。"),
    Forgotten("portal.W106", any_host, "请写明站点的域名。"),
    Forgotten("portal.W107", no_witness, "请设到另一块磁盘上的文件，见 docs/operation.md。"),
    Forgotten("portal.W108", no_backup_dir, "请设到另一块磁盘，并启用 portal-backup。"),
    Forgotten("portal.W109", not_collected, "请运行 manage.py collectstatic --no-input。"),
    Forgotten("portal.W110", silent_timers, "请启用 deploy/systemd 里的定时器。"),
    Forgotten("portal.W111", missing_calendar, "国办通知公布后在“参考数据 › 工作日历”里增加。"),
    Forgotten("portal.W112", missing_staff, "请在“参考数据”里建立账号并任职。"),
)


def check_what_is_forgotten(**_asked_for: object) -> list[checks.CheckMessage]:
    """A warning for each thing forgotten; a trial is on nobody's network and needs none of it."""
    if settings.TRIAL:
        return []
    found = ((row, _found(row)) for row in FORGOTTEN)
    return [checks.Warning(words, hint=row.hint, id=row.id) for row, words in found if words]


def _found(row: Forgotten) -> str:
    """What a database that is not there yet or away would tell, the other checks tell."""
    try:
        return row.found()
    except DatabaseError:
        return ""
