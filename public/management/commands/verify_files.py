"""Command that compares the uploaded files with the rows that name them."""

from django.core.management.base import CommandError
from django.db import DatabaseError
from django.utils import timezone

from common.commands import WritingCommand
from ledger.saving.checking import FileCheck, check_files
from subscriptions.outbox import note_run

FAULTY, NOT_CHECKED = 1, 2
KINDS = {"missing": "不在了", "changed": "内容变了", "orphaned": "没有记录指向它"}


class Command(WritingCommand):
    help = (
        "核对上传的文件：逐个读出，与登记的校验值比对，找出不在的、变了的、多余的。"
        "相符以 0 结束，不符以 1 结束，没有核对成以 2 结束"
    )

    def handle(self, **_options: object) -> None:
        at = timezone.now()
        try:
            found = check_files(at=at)
        except (DatabaseError, OSError) as error:
            raise CommandError(f"没有核对成：{error}", returncode=NOT_CHECKED) from error
        summary = in_words(found)
        note_run("verify_files", summary, at=at)
        self.stdout.write(summary)
        for kind, words in KINDS.items():
            for line in getattr(found, kind):
                self.stdout.write(f"{words}：{line}")
        if not found.is_sound:
            raise CommandError("文件与登记不符，见上。", returncode=FAULTY)


def in_words(found: FileCheck) -> str:
    counts = "，".join(f"{words} {len(getattr(found, kind))} 个" for kind, words in KINDS.items())
    return f"核对文件 {found.checked} 个：{counts}。"
