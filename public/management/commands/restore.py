"""Command that restores a backup into an empty site."""

from pathlib import Path

from django.core.management import call_command
from django.core.management.base import CommandError, CommandParser
from django.db import connection

from common.commands import WritingCommand
from common.errors import Refused
from ledger.saving.backup import read_backup
from ledger.saving.restore import restore
from public.management.commands.backup import in_words


class Command(WritingCommand):
    help = "把一份备份恢复到空的站点；核对清单、行数、校验值和公开记录，不符即停"
    # The tables that the checks look at are only about to come.
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, help="里面有 manifest.json 的那个文件夹")

    def handle(self, *, folder: Path, **_options: object) -> None:
        try:
            backup = read_backup(folder)
            restore(backup)
        except Refused as error:
            raise CommandError("\n".join(error.reasons)) from error
        except OSError as error:
            raise CommandError(f"没有恢复成，可以再运行一次：{error}") from error
        self.stdout.write(f"恢复了 {in_words(backup)}")
        call_command("migrate", verbosity=0)
        call_command("verify_ledger", stdout=self.stdout, verbosity=0)
        for name in backup.missing:
            self.stdout.write(f"备份时就没有：{name}")
        if connection.vendor == "postgresql":
            self.stdout.write("网站另用受限账号的，请再运行 grant_web_role。")
