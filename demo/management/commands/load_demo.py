"""Loads the demonstration into an empty demonstration database."""

from django.conf import settings
from django.core.management.base import CommandError
from django.db import transaction
from django.utils import timezone

from common.commands import WritingCommand
from demo.guard import refuse_real_data
from demo.samples.people import load_people
from demo.samples.slips import load_slips
from demo.samples.tickets import load_tickets
from demo.stage import Stage
from departments.models import User
from subscriptions.outbox import fill

FOLDER = settings.FIXTURES / "demo"


class Command(WritingCommand):
    help = "用真实的操作装入演示数据；只能装进以 DEMO=1 启动、没有正式数据的库"

    def handle(self, **_options: object) -> None:
        if not settings.DEMO:
            raise CommandError("演示数据只能装入演示库：请用 DEMO=1 启动。")
        refuse_real_data()
        if User.objects.exists():
            self.stdout.write("演示数据已经在了，没有变化。")
            return
        now = timezone.now()
        with transaction.atomic():
            accounts = load_people(FOLDER, at=now)
            for script in ("wp2013.toml", "ap2017.toml"):
                Stage(FOLDER / script).play(today=timezone.localdate(now))
            load_slips(FOLDER / "slips.toml", today=timezone.localdate(now))
            load_tickets(FOLDER / "tickets.toml", today=timezone.localdate(now))
            fill(at=now)
        self._print_accounts(accounts)

    def _print_accounts(self, accounts: list[tuple[str, str, str, str]]) -> None:
        self.stdout.write("\n演示账号（密码随机生成，只显示这一次）：")
        for username, password, unit, roles in accounts:
            self.stdout.write(f"  {username:<24} {password:<20} {unit} {roles}")
