"""Puts the reminders of the day into the outbox."""

from django.utils import timezone

from common.commands import WritingCommand
from subscriptions.models import Notice
from subscriptions.outbox import fill, note_run


class Command(WritingCommand):
    help = "每天运行一次：把今天该提醒的放进发件箱；可以反复运行，同一件事同一时点只放一次"

    def handle(self, *args: str, **options: object) -> None:
        now = timezone.now()
        added = fill(at=now)
        summary = f"放进发件箱 {added} 条，待发送 {Notice.objects.waiting().count()} 条。"
        note_run("remind", summary, at=now)
        self.stdout.write(summary)
