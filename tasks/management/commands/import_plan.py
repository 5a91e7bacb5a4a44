from datetime import date
from json import dumps

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, transaction
from django.utils import timezone

from common.errors import Refused
from common.files.csv_rows import read_csv_rows
from common.files.text_files import Source, read
from ledger.actions import Actor
from tasks.importing import apply, curated, preview
from tasks.importing.draft import PlanDraft, Problem
from tasks.importing.parse import parse

MOST_REASONS = 30
INDICATORS = settings.FIXTURES / "indicators"
SHIPPED_UNITS = settings.FIXTURES / "departments.csv"


class Command(BaseCommand):
    help = "导入行动计划或白皮书：逐字读入原文、任务、季度目标和指标；同一文件再次导入没有变化"

    def add_arguments(self, parser):
        parser.add_argument("file", help="文本文件，UTF-8 或 GB18030，不超过 5 MB")
        parser.add_argument("--dry-run", action="store_true", help="照常读入并核对，但什么也不写")
        parser.add_argument("--json", action="store_true", help="与 --dry-run 合用：只输出读到的内容（JSON）")
        parser.add_argument("--slug", help="网址名，不填则按种类和年份，例如 ap2017")
        parser.add_argument("--tracked-from", type=date.fromisoformat, help="开始跟踪日期，例如 2017-01-01")

    def handle(self, *, file, dry_run, json, slug, tracked_from, **options):
        if json and not dry_run:
            raise CommandError("--json 只能与 --dry-run 合用。")
        try:
            source = read(file)
            draft = parse(source)
            if json:
                return self.print_json(draft)
            self.run(source, draft, slug or apply.proposed_slug(draft), tracked_from, dry_run)
        except Refused as refusal:
            raise CommandError(told(refusal.reasons)) from refusal

    def print_json(self, draft: PlanDraft) -> None:
        problems = [*draft.problems, *units_unknown(draft), *quotes_missing(draft)]
        self.stdout.write(dumps(preview.as_json(draft, problems), ensure_ascii=False, indent=2))
        if draft.fatal:
            raise Refused(*map(str, draft.fatal))

    def run(self, source: Source, draft: PlanDraft, slug: str, tracked_from: date | None, dry_run: bool) -> None:
        for problem in draft.problems:
            if not problem.fatal:
                self.stdout.write(f"提示：{problem}")
        with transaction.atomic():
            self.load_shipped_units()
            outcome = apply.import_plan(
                draft=draft,
                source=source,
                slug=slug,
                indicators=INDICATORS,
                tracked_from=tracked_from,
                by=Actor(),
                at=timezone.now(),
            )
            transaction.set_rollback(dry_run)
        self.report(outcome, draft, dry_run)

    def load_shipped_units(self) -> None:
        """A document can come first into an empty database: the site's own list of units comes with it."""
        if not apply.known_units():
            call_command("import_departments", SHIPPED_UNITS, stdout=self.stdout)

    def report(self, outcome: apply.ImportResult, draft: PlanDraft, dry_run: bool) -> None:
        if not outcome.changed:
            self.stdout.write(f"没有变化：{outcome.plan.slug}《{outcome.plan.title}》已导入过。")
        else:
            done = "可以导入（未写入）" if dry_run else "已导入"
            self.stdout.write(f"{done} {outcome.plan.slug}《{outcome.plan.title}》：{preview.counts(draft)}")


def told(reasons: list[str]) -> str:
    more = len(reasons) - MOST_REASONS
    return "\n".join([*reasons[:MOST_REASONS], *([f"……另有 {more} 处"] if more > 0 else [])])


def units_unknown(draft: PlanDraft) -> list[Problem]:
    try:
        known = apply.known_units()
    except DatabaseError:
        # A preview is possible before there is any table.
        known = set()
    return apply.unknown_units(
        draft, known or {row["short_name"] for row in read_csv_rows(read(SHIPPED_UNITS), ("short_name",))}
    )


def quotes_missing(draft: PlanDraft) -> list[Problem]:
    try:
        curated.load(INDICATORS, draft)
    except Refused as refusal:
        return [Problem(None, reason) for reason in refusal.reasons]
    return []
