"""Command that verifies the record and all that was published, and can note what it found."""

from argparse import ArgumentParser
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.core.management.base import CommandError
from django.db import DatabaseError, connection
from django.utils import timezone

from common.commands import WritingCommand
from common.text.wording import stamp
from feedback.read_models.verification import letter_faults
from ledger.actions import keep_check, record_verification
from ledger.safeguards import owns_record
from ledger.verification import Verification, verify
from ledger.witnesses import NoWitness, contradictions, head, keep_witness
from publishing.read_models.verification import published_faults
from subscriptions import channels
from subscriptions.auditors import tell_auditors
from tasks.read_models.verification import promised_faults

BROKEN, NOT_CHECKED = 1, 2
OWNER = "提醒：现在用的数据库账号拥有公开记录的表，可以关掉防改触发器。网站应另用受限账号。"


class Command(WritingCommand):
    help = (
        "核对公开记录：重算校验链，试着改动看数据库是否拒绝，比对全部公布内容。"
        "相符以 0 结束，不符以 1 结束，没有核对成以 2 结束"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--record",
            action="store_true",
            help="保存结果，公开页面会显示；相符时记入公开记录和见证文件，并告知审计员",
        )
        parser.add_argument(
            "--against",
            action="append",
            default=[],
            type=Path,
            metavar="FILE",
            help="再与这个文件比对：见证文件、通报或邮件的文字、从公开记录下载的文件",
        )

    def handle(self, *, record: bool = False, against: list[Path], **_options: object) -> None:
        at = timezone.now()
        try:
            result = verify(
                promised_faults(),
                published_faults(),
                letter_faults(),
                *map(contradictions, self.files(against)),
            )
        except (DatabaseError, OSError, NoWitness) as error:
            if record:
                self.note(None, at)
            raise CommandError(f"没有核对成：{error}", returncode=NOT_CHECKED) from error
        self.report(result)
        if record:
            self.note(result, at)
        if not result.sound:
            raise CommandError(f"公开记录有 {result.fault_count} 处不符。", returncode=BROKEN)

    def files(self, given: list[Path]) -> list[Path]:
        """The files to compare with: those given, and the one of the nights before."""
        own = settings.LEDGER_WITNESS_FILE
        return [*given, Path(own)] if own and Path(own).exists() else given

    def report(self, result: Verification) -> None:
        for fault in result.faults:
            self.stderr.write(fault)
        if more := result.fault_count - len(result.faults):
            self.stderr.write(f"还有 {more} 处不符，没有逐条列出。")
        if owns_record(connection):
            self.stderr.write(OWNER)
        if result.sound:
            self.stdout.write(
                f"公开记录 {result.count} 条，首尾相接，逐条相符，公布内容与记录一致。"
                f"最新校验值 {result.head}"
            )

    def note(self, result: Verification | None, at: datetime) -> None:
        """Notes the outcome inside the database and, where it holds, the head outside of it."""
        try:
            if result and result.sound:
                record_verification(result, at=at)
                words = f"{stamp(at)} 核对公开记录，逐条相符。\n{self.keep_head()}"
            else:
                keep_check(result, at=at)
                found = f"有 {result.fault_count} 处不符" if result else "没有核对成"
                words = f"{stamp(at)} 核对公开记录，{found}。请看服务器上的核对结果。"
        except DatabaseError as error:
            words = f"{stamp(at)} 核对公开记录，没有核对成，结果也没有存下：{error}"
        subject = f"{settings.SITE['name']}公开记录核对结果"
        self.stdout.write(tell_auditors(channels.configured(), subject, words))

    def keep_head(self) -> str:
        """Writes the head into the file of witnesses, if there is one; returns its words.

        The head is the entry by which the check itself was recorded.
        """
        witness = head()
        if witness is None:
            return ""
        if path := settings.LEDGER_WITNESS_FILE:
            try:
                keep_witness(Path(path), witness)
            except OSError as error:
                raise CommandError(f"见证文件没有写成：{error}", returncode=NOT_CHECKED) from error
        return f"{witness}。\n请留存这封邮件：日后可用它核对记录有没有被改写。"
