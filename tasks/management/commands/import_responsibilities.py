"""Loads the units responsible for a plan's tasks."""

from django.core.management.base import CommandError, CommandParser
from django.utils import timezone

from common.commands import WritingCommand
from common.errors import Refused
from common.files.text_files import read
from ledger.actions import Actor
from tasks.choices import PlanKind, ResponsibilityBasis
from tasks.importing.unit_list import assign_units, read_assignments
from tasks.models import Plan


class Command(WritingCommand):
    help = "载入责任单位清单（CSV:task_number,lead,supporting,why）；同一清单再次载入没有变化"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file")
        parser.add_argument(
            "--basis",
            required=True,
            choices=[ResponsibilityBasis.PROPOSED.value, ResponsibilityBasis.PUBLISHED.value],
        )
        parser.add_argument("--plan", help="文件的网址名，例如 ap2017；只有一份行动计划时可不填")

    def handle(self, *, file: str, basis: str, plan: str | None, **_options: object) -> None:
        try:
            target_plan = find_plan(plan)
            rows = read_assignments(read(file))
            changed = assign_units(
                plan=target_plan, rows=rows, basis=basis, by=Actor(), at=timezone.now()
            )
        except Refused as refusal:
            raise CommandError("\n".join(refusal.reasons)) from refusal
        outcome = f"已载入 {changed} 项任务的责任单位" if changed else "没有变化"
        self.stdout.write(f"{outcome}：{target_plan.slug}（{ResponsibilityBasis(basis).label}）")


def find_plan(slug: str | None) -> Plan:
    """The plan with this slug, or the only action plan. Raises Refused where there is not one."""
    plans = (
        Plan.objects.filter(slug=slug) if slug else Plan.objects.filter(kind=PlanKind.ACTION_PLAN)
    )
    if len(plans) != 1:
        raise Refused(
            f"没有 {slug} 这份文件，请先导入。" if slug else "请用 --plan 指明是哪一份文件。"
        )
    return plans[0]
