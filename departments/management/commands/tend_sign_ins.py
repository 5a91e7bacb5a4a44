"""`manage.py tend_sign_ins`: deletes ended sessions and what the sign-in log need not keep."""

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

from common.commands import WritingCommand
from departments import actions


class Command(WritingCommand):
    """Meant to run every night."""

    help = "删除已经结束的会话和超过保存期限的登录记录。"

    def handle(self, *_args: Any, **_options: Any) -> None:
        call_command("clearsessions")
        days = settings.SIGN_IN_KEEP_DAYS
        number = actions.forget_old_sign_ins(at=timezone.now(), days=days)
        self.stdout.write(f"删除了 {number} 条超过 {days} 天的登录记录。")
