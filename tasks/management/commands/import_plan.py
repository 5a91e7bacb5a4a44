"""Imports a document, or shows what importing it would do."""

from datetime import date
from json import dumps, loads

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from common.commands import WritingCommand
from common.errors import Refused
from common.files.text_files import read
from ledger.actions import Actor
from tasks.actions.imports import keep_import
from tasks.importing.apply import ImportResult, import_plan, proposed_slug, registered_units
from tasks.importing.blocks import Document
from tasks.importing.curated import INDICATORS
from tasks.importing.draft import PlanDraft
from tasks.importing.dry_run import find_problems
from tasks.importing.parse import parse
from tasks.importing.preview import as_json, counts
from tasks.importing.readers import read_document
from tasks.importing.summaries import write_shipped_words

MAX_REASONS_PRINTED = 30
SHIPPED_UNITS = settings.FIXTURES / "departments.csv"


class Command(WritingCommand):
    help = "导入行动计划或白皮书：逐字读入原文、任务、季度目标和指标；同一文件再次导入没有变化"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", help="Word（.docx）、Excel（.xlsx）、网页或文本文件")
        parser.add_argument("--dry-run", action="store_true", help="照常读入并核对，但什么也不写")
        parser.add_argument(
            "--json", action="store_true", help="与 --dry-run 合用：只输出读到的内容（JSON）"
        )
        parser.add_argument("--slug", help="网址名，不填则按种类和年份，例如 ap2017")
        parser.add_argument(
            "--answers", help="回答问题的 JSON 文件：问题的 key 对选项的 value，--json 列出它们"
        )
        parser.add_argument(
            "--tracked-from", type=date.fromisoformat, help="开始跟踪日期，例如 2017-01-01"
        )

    def handle(
        self,
        *,
        file: str,
        dry_run: bool,
        json: bool,
        slug: str | None,
        tracked_from: date | None,
        answers: str | None = None,
        **_options: object,
    ) -> None:
        if json and not dry_run:
            raise CommandError("--json 只能与 --dry-run 合用。")
        try:
            document, given = read_document(file), read_answers(answers)
            draft = parse(document, given)
            if json:
                self.print_json(draft)
            else:
                slug = slug or proposed_slug(draft)
                self.run(document, draft, slug, tracked_from, answers=given, dry_run=dry_run)
        except Refused as refusal:
            raise CommandError(format_reasons(refusal.reasons)) from refusal

    def print_json(self, draft: PlanDraft) -> None:
        problems = find_problems(draft, indicators=INDICATORS, shipped_units=SHIPPED_UNITS)
        self.stdout.write(dumps(as_json(draft, problems), ensure_ascii=False, indent=2))
        if draft.blocking:
            raise Refused(*map(str, draft.blocking))

    def run(
        self,
        document: Document,
        draft: PlanDraft,
        slug: str,
        tracked_from: date | None,
        *,
        answers: dict[str, str],
        dry_run: bool,
    ) -> None:
        for problem in draft.problems:
            if not problem.fatal:
                self.stdout.write(f"提示：{problem}")
        with transaction.atomic():
            self.load_shipped_units()
            now = timezone.now()
            outcome = import_plan(
                draft=draft,
                source=document.source,
                slug=slug,
                indicators=INDICATORS,
                tracked_from=tracked_from,
                by=Actor(),
                at=now,
            )
            if outcome.changed:
                keep_import(
                    plan=outcome.plan,
                    source=document.source,
                    draft=draft,
                    answers=answers,
                    at=now,
                )
                write_shipped_words(outcome.plan, at=now)
            transaction.set_rollback(dry_run)
        self.report(outcome, draft, dry_run=dry_run)

    def load_shipped_units(self) -> None:
        """Loads the site's own list of units where the document comes into an empty database."""
        if not registered_units():
            call_command("import_departments", SHIPPED_UNITS, stdout=self.stdout)

    def report(self, outcome: ImportResult, draft: PlanDraft, *, dry_run: bool) -> None:
        if not outcome.changed:
            self.stdout.write(f"没有变化：{outcome.plan.slug}《{outcome.plan.title}》已导入过。")
        else:
            done = "可以导入（未写入）" if dry_run else "已导入"
            self.stdout.write(
                f"{done} {outcome.plan.slug}《{outcome.plan.title}》：{counts(draft)}"
            )
            if not dry_run:
                self.stdout.write("这是草稿，公众看不到：请发布员在“文件导入”里核对、公布。")


def read_answers(path: str | None) -> dict[str, str]:
    """The answers of a file, by the key of the question; none without a file.

    Raises Refused where it is no JSON object of texts.
    """
    if path is None:
        return {}
    try:
        answers = loads(read(path).text)
    except ValueError as error:
        raise Refused(f"回答文件 {path} 不是 JSON：{error}") from error
    if not isinstance(answers, dict) or not all(isinstance(one, str) for one in answers.values()):
        raise Refused(f"回答文件 {path} 要写成“问题”对“回答”的 JSON，回答都是文字。")
    return answers


def format_reasons(reasons: list[str]) -> str:
    """The first reasons, one a line, and how many more there are."""
    more = len(reasons) - MAX_REASONS_PRINTED
    return "\n".join([*reasons[:MAX_REASONS_PRINTED], *([f"……另有 {more} 处"] if more > 0 else [])])
