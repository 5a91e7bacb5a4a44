from datetime import timedelta

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone

from feedback import actions
from ledger.actions import Actor


class Command(BaseCommand):
    help = "每天运行一次：工作日历公布后重算暂定的答复期限，删除到期的联系方式"

    def handle(self, **options):
        now = timezone.now()
        settled = actions.settle_due_days(by=Actor(), at=now)
        before = now - timedelta(days=settings.CONTACT_KEEP_DAYS)
        forgotten = actions.forget_contacts(before=before, by=Actor(), at=now)
        self.stdout.write(f"重算期限 {settled} 件，删除联系方式 {forgotten} 件。")
