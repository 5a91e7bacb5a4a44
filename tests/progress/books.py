"""The sheet a unit fills in offline, as a person with a spreadsheet program handles it."""

from dataclasses import dataclass
from datetime import date
from io import BytesIO
from types import SimpleNamespace

from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook, load_workbook

from departments.models import Department, Membership, Role, User
from progress.models import ReportingPeriod
from progress.requirements.report import ReportRequirements
from progress.workbook.rows import ANSWERS, COLUMNS, NARRATIVE, NUMBERS, SUMMARY
from tasks.models import Plan, Responsibility, Task

TODAY = date(2018, 1, 10)
PAGE, FILE = "/staff/reports/sheet/", "/staff/reports/sheet.xlsx"


@dataclass
class Book:
    """A downloaded sheet. Cells are named by page, what the row is about, and the head of the column."""

    book: Workbook

    def row(self, title: str, about: str) -> int:
        """`about` as in the hidden key: c12, r3, whole; with a task and a quarter before it where there are several."""
        keys = [cell.value or "" for cell in self.book[title]["A"]]
        return next(number for number, key in enumerate(keys, 1) if f" {about} v" in key)

    def cell(self, title: str, about: str, head: str):
        column = [name for name, _ in COLUMNS[title]].index(head) + 1
        return self.book[title].cell(self.row(title, about), column)

    def fill(self, title: str, about: str, **heads) -> "Book":
        for head, value in heads.items():
            self.cell(title, about, head).value = value
        return self

    def upload(self, name: str = "填好的表.xlsx") -> SimpleUploadedFile:
        out = BytesIO()
        self.book.save(out)
        return SimpleUploadedFile(name, out.getvalue())


def download(client, unit: str = "anjianju") -> Book:
    response = client.get(FILE, {"unit": unit})
    assert response.status_code == 200
    return Book(load_workbook(BytesIO(b"".join(response.streaming_content))))


def look(client, book: "Book | SimpleUploadedFile", unit: str = "anjianju"):
    """The dry run; its `context["reading"]` is what was understood."""
    upload = book.upload() if isinstance(book, Book) else book
    return client.post(f"{PAGE}?unit={unit}", {"file": upload})


def keep(client, looked, unit: str = "anjianju", **more):
    answers = looked.context["keep"].initial["answers"]
    return client.post(f"{PAGE}?unit={unit}", {"answers": answers} | more, follow=True)


def open_both_quarters() -> SimpleNamespace:
    """A quarter of each real document open, and a reporter of the unit with tasks in both, which leads them all."""
    for slug, year, quarter in (("ap2017", 2017, 4), ("wp2013", 2013, 2)):
        plan = Plan.objects.get(slug=slug)
        plan.state, plan.tracked_from = "published", plan.starts_on
        plan.save()
        days = dict.fromkeys(["opens_on", "due_on", "review_due_on", "release_on"], date(year + 1, 1, 10))
        ReportingPeriod.objects.create(plan=plan, year=year, index=quarter, state="open", **days)
    unit = Department.objects.get(slug="jingcuju")
    no_lead = Task.objects.answered_for_by([unit.pk]).exclude(responsibilities__kind="lead")
    Responsibility.objects.filter(task__in=list(no_lead), department=unit).update(kind="lead")
    user = User.objects.create(username="jingcuju", name="经促局填报员")
    Membership.objects.create(user=user, department=unit, role=Role.REPORTER)
    return SimpleNamespace(unit=unit, user=user)


def fill_everything(book: Book, sheets: list[ReportRequirements]) -> int:
    """Every verdict, every number, every narrative; how many cells that was."""
    filled = 0
    for sheet in sheets:
        where = f"{sheet.task.code} {sheet.period.address}"
        cells = [(ANSWERS, f"c{q.commitment.pk}", "自评", q.words[0].label) for q in sheet.questions]
        for number in sheet.numbers:
            value = number.target.value if number.target else 12.5
            cells.append((NUMBERS, f"r{number.indicator.pk}", "实际值", value))
        cells.append((SUMMARY, "whole", NARRATIVE, f"{sheet.task.title}:按计划推进。\n下一步继续。"))
        cells += [(SUMMARY, "whole", "其余事项确认", "是")] if sheet.rest else []
        for title, about, head, value in cells:
            book.fill(title, f"{where} {about}", **{head: value})
        filled += len(cells)
    return filled
