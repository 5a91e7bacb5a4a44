"""Command that loads the built-in working calendar of given years."""

from django.core.management.base import CommandError, CommandParser
from django.utils import timezone

from common.commands import WritingCommand
from departments.actions import load_calendar
from departments.models import CalendarDay
from departments.rules.holidays import BUILT_IN, Day, built_in
from ledger.actions import Actor


class Command(WritingCommand):
    help = (
        "载入法定工作日和节假日，例如 load_calendar 2026；已有的年份不动，加 --replace 才换成内置的"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("years", nargs="+", type=int, metavar="年份")
        parser.add_argument("--replace", action="store_true", help="已有的年份换成内置的")

    def handle(self, *, years: list[int], replace: bool, **_options: object) -> None:
        try:
            tables = {year: built_in(year) for year in years}
        except ValueError as error:
            raise CommandError(
                f"{error}国务院办公厅通知公布后，"
                "可在“参考数据 › 工作日历 › 增加”里按通知填写；也可更新本系统。"
            ) from error
        for year, days in tables.items():
            self.load(year, days, replace=replace)

    def load(self, year: int, days: list[Day], *, replace: bool) -> None:
        known = list(
            CalendarDay.objects.filter(date__year=year).values_list("date", "is_workday", "note")
        )
        if known == days:
            self.stdout.write(f"没有变化：{year} 年工作日历已载入过。")
            return
        if known and not replace:
            count = len(set(known) ^ set(days)) // 2
            self.stdout.write(f"没有变化：{year} 年已有工作日历，与内置的有 {count} 天不同，未动。")
            return
        working = load_calendar(
            year=year, days=days, source=BUILT_IN, by=Actor(), at=timezone.now()
        )
        self.stdout.write(f"已载入 {year} 年工作日历，工作日 {working} 天。")
