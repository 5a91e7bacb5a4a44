"""Command that saves a whole site."""

from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.core.management.base import CommandError, CommandParser
from django.utils import timezone

from common.commands import WritingCommand
from common.errors import Refused
from ledger.saving.backup import Backup, drop_old_backups, make_backup
from subscriptions.outbox import note_run

KEYS = (
    "密钥（SECRET_KEY、CONTACT_KEYS）不在备份里，请另处妥善保存：没有 CONTACT_KEYS，"
    "备份里的联系方式谁也读不出来。"
)


class Command(WritingCommand):
    help = (
        "备份整个站点：数据库（某一时刻的，不用停站）和上传的文件，附清单和校验值。"
        "较早的备份只留每月第一份，一年为限"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", nargs="?", type=Path, help="备份放在哪里；不写用 BACKUP_DIR")
        parser.add_argument(
            "--keep-days", type=int, default=settings.BACKUP_KEEP_DAYS, help="全部保留多少天"
        )

    def handle(self, *, folder: Path | None, keep_days: int, **_options: object) -> None:
        if not (folder or settings.BACKUP_DIR):
            raise CommandError("请写明备份放在哪里，例如 manage.py backup /backup/portal。")
        root, at = folder or Path(settings.BACKUP_DIR), timezone.now()
        try:
            made = make_backup(root, site=settings.SITE["ticket_prefix"].lower(), at=at)
            dropped = drop_old_backups(root, keep_days=keep_days, at=at)
        except (Refused, OSError) as error:
            raise CommandError(f"没有备份成：{error}") from error
        self.tell(made, dropped, at)

    def tell(self, made: Backup, dropped: int, at: datetime) -> None:
        """Notes the run and says what was made; CommandError where a file was not there."""
        summary = f"备份了 {in_words(made)}"
        note_run("backup", summary, at=at)
        self.stdout.write(f"{summary}\n{made.folder}\n{KEYS}")
        if dropped:
            self.stdout.write(f"删去较早的备份 {dropped} 份。")
        if made.missing:
            raise CommandError(
                "有文件没有备份到，不在存放处或与登记的校验值不同：\n" + "\n".join(made.missing)
            )


def in_words(backup: Backup) -> str:
    rows = sum(backup.counts.values())
    return f"{rows} 行，{len(backup.files)} 个文件，公开记录到第 {backup.head[0]} 条。"
