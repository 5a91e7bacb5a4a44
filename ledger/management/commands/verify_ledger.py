"""Command that verifies the ledger and can record the result in it."""

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from ledger.actions import record_verification
from ledger.verification import verify


class Command(BaseCommand):
    help = (
        "Recomputes the hash chain of the public record and proves that the database refuses"
        " changes to it."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--record", action="store_true", help="核对相符时记入公开记录，公开页面显示最近一次核对"
        )

    def handle(self, *, record: bool = False, **_options: object) -> None:
        result = verify()
        for fault in result.faults:
            self.stderr.write(fault)
        if result.faults:
            raise CommandError(f"公开记录有 {len(result.faults)} 处不符。")
        self.stdout.write(
            f"公开记录 {result.count} 条，首尾相接，逐条相符。最新校验值 {result.head}"
        )
        if record:
            record_verification(result, at=timezone.now())
