"""Sets up a site, or the demonstration, in an empty database."""

from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

from common.commands import WritingCommand
from demo.guard import refuse_real_data
from departments.models import CalendarDay, Department, Membership
from departments.roles import Role
from departments.rules.holidays import built_in_years, calendar_reminder
from ledger.actions import Actor
from ledger.models import RecordCheck
from tasks.actions.plans import publish_plan
from tasks.choices import PlanState, ResponsibilityBasis
from tasks.models import Plan

FIRST_ADMINISTRATOR = """
还没有系统管理员。请在另一个终端里建立第一个账号（密码自动生成，只显示一次）：
  .venv/bin/python manage.py create_administrator \
      用户名 --name 姓名 --department 单位网址名 --generate
登录后在“参考数据”里建立其他账号。"""


class Command(WritingCommand):
    help = (
        "从空库到可以打开的站点：建表，载入单位、日历和文件；演示库再装演示数据。可以反复运行："
        "已有的单位、日历、文件和账号一概不动"
    )

    def handle(self, **_options: object) -> None:
        if settings.DEMO:
            refuse_real_data()
        call_command("migrate", verbosity=0)
        call_command("createcachetable", verbosity=0)
        new = [document for document in settings.SITE["documents"] if not is_in(document)]
        if new or not Department.objects.exists():
            self.run("import_departments", settings.FIXTURES / "departments.csv")
        else:
            self.stdout.write("没有变化：已有单位，不再载入单位表。")
        for document in settings.SITE["documents"]:
            self.load(document)
        self.fill_calendar()
        if settings.DEMO:
            self.run("load_demo")
        self.check_once()
        if not (settings.DEMO or Membership.objects.current().of_role(Role.ADMINISTRATOR).exists()):
            self.stdout.write(FIRST_ADMINISTRATOR)

    def run(self, command: str, *arguments: object, **options: object) -> None:
        # This command has said already which site and which database these are.
        call_command(command, *map(str, arguments), stdout=self.stdout, verbosity=0, **options)

    def fill_calendar(self) -> None:
        self.run("load_calendar", *self.years())
        for year in CalendarDay.objects.missing_years(timezone.localdate()):
            self.stdout.write(f"提示：{calendar_reminder(year)}")

    def check_once(self) -> None:
        """Checks the record of a fresh site; from then on the timer does it each night."""
        if not RecordCheck.objects.exists():
            self.run("verify_ledger", record=True)

    def load(self, document: dict) -> None:
        """Imports a document of the site and its proposed units, unless it was imported before."""
        slug = document["slug"]
        if is_in(document):
            self.stdout.write(f"没有变化：{slug} 已导入过。")
            return
        self.run("import_plan", settings.FIXTURES / document["file"], slug=slug)
        if "responsibilities" in document:
            path: Path = settings.FIXTURES / document["responsibilities"]
            self.run("import_responsibilities", path, basis=ResponsibilityBasis.PROPOSED, plan=slug)
        self.publish(Plan.objects.get(slug=slug))

    def publish(self, plan: Plan) -> None:
        """Publishes what the site ships; the demonstration plays the years of what is history."""
        publish_plan(plan=plan, by=Actor(), at=timezone.now())
        if settings.DEMO and plan.state == PlanState.ARCHIVED:
            publish_plan(plan=plan, by=Actor(), at=timezone.now())

    def years(self) -> list[int]:
        """The calendar years needed: those of the plans, this one, and the year after each.

        The last quarter of a year is reported in the next.
        """
        years = {timezone.localdate().year, *Plan.objects.values_list("ends_on__year", flat=True)}
        years |= set(Plan.objects.values_list("starts_on__year", flat=True))
        return sorted((years | {year + 1 for year in years}) & set(built_in_years()))


def is_in(document: dict) -> bool:
    """Whether this document of the site was imported before."""
    return Plan.objects.filter(slug=document["slug"]).exists()
