"""Sends the notices that wait in the outbox."""

from django.core.management.base import CommandError, CommandParser
from django.utils import timezone

from common.commands import WritingCommand
from subscriptions import channels
from subscriptions.models import Notice
from subscriptions.outbox import SendingResult, note_run, send


class Command(WritingCommand):
    help = "把发件箱里的提醒发出去：每人一天最多一封；没有发成的留着，下次再发"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--now", action="store_true", help="今天已经收到过的人也再发一封")

    def handle(self, *args: str, now: bool, **options: object) -> None:
        at, channel = timezone.now(), channels.configured()
        result = send(channel=channel, clock=timezone.now, at_once=now)
        summary = self.summarize(result) if channel else "没有配置发送方式，提醒留在发件箱。"
        summary += f"待发送 {Notice.objects.waiting().count()} 条。"
        note_run("send_notices", summary, at=at)
        if result.broken:
            raise CommandError(summary)
        self.stdout.write(summary)

    def summarize(self, result: SendingResult) -> str:
        summary = (
            f"发出 {result.mails} 封（{result.notices} 条），发送前已办结 {result.settled} 条。"
        )
        summary += f"{result.unreached} 人没有送达。" if result.unreached else ""
        return summary + (f"中途停止：{result.broken}。" if result.broken else "")
