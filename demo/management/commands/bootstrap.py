from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.utils import timezone

from departments.models import CalendarDay, Membership, Role
from departments.rules.holidays import built_in_years, calendar_reminder
from ledger.actions import Actor
from tasks.actions.plans import publish_plan
from tasks.choices import PlanState, ResponsibilityBasis
from tasks.models import Plan

FIRST_ADMINISTRATOR = """
还没有系统管理员。请在另一个终端里建立第一个账号（密码自动生成，只显示一次）：
  .venv/bin/python manage.py create_administrator 用户名 --name 姓名 --department 单位网址名 --generate
登录后在“参考数据”里建立其他账号。"""


class Command(BaseCommand):
    help = "从空库到可以打开的站点：建表，载入单位、日历和文件；演示库再装演示数据。可以反复运行"

    def handle(self, **options):
        call_command("migrate", verbosity=0)
        call_command("createcachetable", verbosity=0)
        self.run("import_departments", settings.FIXTURES / "departments.csv")
        for document in settings.SITE["documents"]:
            self.load(document)
        self.run("load_calendar", *self.years())
        for year in CalendarDay.objects.missing_years(timezone.localdate()):
            self.stdout.write(f"提示：{calendar_reminder(year)}")
        if settings.DEMO:
            self.run("load_demo")
        elif not Membership.objects.current().of_role(Role.ADMINISTRATOR).exists():
            self.stdout.write(FIRST_ADMINISTRATOR)

    def run(self, command: str, *arguments, **options) -> None:
        call_command(command, *map(str, arguments), stdout=self.stdout, **options)

    def load(self, document: dict) -> None:
        """A document of the site and the units proposed for it, unless it is here already."""
        slug = document["slug"]
        if Plan.objects.filter(slug=slug).exists():
            self.stdout.write(f"没有变化：{slug} 已导入过。")
            return
        self.run("import_plan", settings.FIXTURES / document["file"], slug=slug)
        if "responsibilities" in document:
            path: Path = settings.FIXTURES / document["responsibilities"]
            self.run("import_responsibilities", path, basis=ResponsibilityBasis.PROPOSED, plan=slug)
        if settings.DEMO:
            self.reopen(Plan.objects.get(slug=slug))

    def reopen(self, plan: Plan) -> None:
        """The demonstration plays the years of a plan that is history everywhere else."""
        if plan.state == PlanState.ARCHIVED:
            publish_plan(plan=plan, by=Actor(), at=timezone.now())

    def years(self) -> list[int]:
        """Those of the documents, this one, and the next of each, where last quarters are still reported."""
        this = timezone.localdate().year
        first = {this, *Plan.objects.values_list("ends_on__year", flat=True)}
        first |= set(Plan.objects.values_list("starts_on__year", flat=True))
        return sorted((first | {year + 1 for year in first}) & set(built_in_years()))
