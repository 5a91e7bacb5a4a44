"""Does what the calendar asks for, once a day: days recounted, letters escalated and closed,
contacts, photos, mails set aside and what staff typed and never sent deleted.
"""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from common.commands import WritingCommand
from departments.actions import forget_unsent
from feedback import actions
from ledger.actions import Actor

# By then no letter with a photo is still being saved.
PHOTO_GRACE = timedelta(days=1)


class Command(WritingCommand):
    help = (
        "每天运行一次：重算暂定的答复期限，超期和久等的提请督办，到期办结，删除到期的联系方式、照片、"
        "另放的邮件和没有提交的内容"
    )

    def handle(self, *args: str, **options: object) -> None:
        now, portal = timezone.now(), Actor()
        settled = actions.settle_due_days(by=portal, at=now)
        # Before closing, so that a letter answered long ago and closed only today keeps its contact
        # for the full time.
        before = now - timedelta(days=settings.CONTACT_KEEP_DAYS)
        forgotten = sum(iter(lambda: actions.forget_contacts(before=before, by=portal, at=now), 0))
        mails = sum(iter(lambda: actions.forget_mails(before=before, by=portal, at=now), 0))
        closed = actions.close_answered(by=portal, at=now)
        escalated = actions.escalate_waiting(by=portal, at=now)
        swept = actions.sweep_photos(before=now - PHOTO_GRACE)
        forget_unsent(before=now - timedelta(days=settings.UNSENT_KEEP_DAYS))
        summary = f"重算期限 {settled} 件，提请督办 {escalated} 件，自动办结 {closed} 件"
        deleted = f"删除联系方式 {forgotten} 件、另放的邮件 {mails} 封"
        self.stdout.write(f"{summary}，{deleted}，清除无主照片 {swept} 张。")
