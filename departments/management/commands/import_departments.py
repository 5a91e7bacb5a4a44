"""Command that loads the list of units from a CSV file."""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.management.base import CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from common.commands import WritingCommand
from common.errors import Refused
from common.files.csv_rows import CsvRow, read_csv_rows
from common.files.text_files import ImportProblem, read
from departments.actions import save_department
from departments.choices import DepartmentLevel, NameBasis
from departments.models import Department
from ledger.actions import Actor

FieldValues = dict[str, str | int | None]
# A row and the fields it gives its unit.
CheckedRow = tuple[CsvRow, FieldValues]
# Without these there is no unit; the others may be empty, and an empty cell says nothing.
NEEDED = ("slug", "short_name", "full_name")
COPIED = (*NEEDED, "first_named_in", "name_basis", "note")
LEVELS = {
    "区": DepartmentLevel.DISTRICT,
    "驻": DepartmentLevel.STATIONED,
    "街": DepartmentLevel.STREET,
}


@dataclass(frozen=True)
class Difference:
    """One field of a unit that is not as the table has it; `column`: its attribute."""

    unit: Department
    column: str
    value: str | int | None

    def __str__(self) -> str:
        label = getattr(Department._meta.get_field(self.column), "verbose_name", self.column)
        now, then = map(self._in_words, (getattr(self.unit, self.column), self.value))
        return f"{self.unit.short_name}（{self.unit.slug}）{label}：{now} → {then}"

    def _in_words(self, value: str | int | None) -> str:
        if self.column == "successor_id" and value:
            return Department.objects.get(pk=value).short_name
        return dict(DepartmentLevel.choices + NameBasis.choices).get(str(value), str(value or "空"))


class Command(WritingCommand):
    help = (
        "载入单位表（CSV）：只增加没有的单位，按网址名认；已有的不动，不同之处列出来。"
        "加 --update 才按表修改，修改前列出并询问；网址名永不修改，表中空着的格不改"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file")
        parser.add_argument("--update", action="store_true", help="按表修改已有的单位")
        parser.add_argument("--yes", action="store_true", help="不再询问，直接修改")

    def handle(self, *, file: str, update: bool, yes: bool, **_options: object) -> None:
        try:
            read_rows = read_csv_rows(read(file), (*COPIED, "level", "successor"))
            rows = [(row, own_fields(row)) for row in read_rows]
            with transaction.atomic():
                added = add_units(rows, at=timezone.now())
                differences = list(differences_of(rows))
        except Refused as refusal:
            raise CommandError("\n".join(refusal.reasons)) from refusal
        self.stdout.write(f"增加了 {added} 个单位。" if added else "没有变化：表中单位都已有。")
        if differences:
            self.stdout.write("\n".join(["已有单位与表不同：", *map(str, differences)]))
            self.settle(differences, update=update, yes=yes)

    def settle(self, differences: list[Difference], *, update: bool, yes: bool) -> None:
        if not update:
            self.stdout.write("这些都没有改动；确实要按表修改，请加 --update。")
        elif yes or (sys.stdin.isatty() and input("按表修改？[y/N] ").strip().lower() == "y"):
            count = update_units(differences, at=timezone.now())
            self.stdout.write(f"修改了 {count} 个单位，已记入公开记录。")
        else:
            raise CommandError("没有修改。没有终端可问时，看过上面的不同之处再加 --yes。")


def add_units(rows: Sequence[CheckedRow], *, at: datetime) -> int:
    """Creates the units whose slug and short name are both new; returns how many.

    Raises ImportProblem naming the line whose successor is no unit.
    """
    known = set(Department.objects.values_list("slug", flat=True))
    names = set(Department.objects.values_list("short_name", flat=True))
    new = [
        (row, save(Department(**values), at))
        for row, values in rows
        if row["slug"] not in known and row["short_name"] not in names
    ]
    # Successors second: a unit may be succeeded by one further down the list.
    for row, unit in new:
        unit.successor = successor_of(row)
        if unit.successor:
            save(unit, at)
    return len(new)


def differences_of(rows: Sequence[CheckedRow]) -> Iterator[Difference]:
    """What the table says otherwise of the units that exist; an empty cell says nothing."""
    for row, own in rows:
        unit = Department.objects.filter(slug=row["slug"]).first()
        unit = unit or Department.objects.get(short_name=row["short_name"])
        successor = successor_of(row)
        values = {**own, "successor_id": successor.pk if successor else None}
        for column, value in values.items():
            if column != "slug" and value and value != getattr(unit, column):
                yield Difference(unit, column, value)


@transaction.atomic
def update_units(differences: Sequence[Difference], *, at: datetime) -> int:
    """Changes the units as the table has them; returns how many."""
    units = {difference.unit.slug: difference.unit for difference in differences}
    for difference in differences:
        setattr(units[difference.unit.slug], difference.column, difference.value)
    for unit in units.values():
        save(unit, at)
    return len(units)


def save(unit: Department, at: datetime) -> Department:
    return save_department(department=unit, by=Actor(), at=at)


def own_fields(row: CsvRow) -> FieldValues:
    """The fields of a unit without its successor; raises ImportProblem naming the line."""
    if empty := [name for name in NEEDED if not row[name]]:
        raise ImportProblem(f"{'、'.join(empty)} 不能为空", row.line)
    if row["level"][:1] not in LEVELS:
        raise ImportProblem(f"类别“{row['level']}”不是区属、驻区或街道", row.line)
    if row["name_basis"] not in NameBasis.values:
        raise ImportProblem(f"全称依据“{row['name_basis']}”不是 documented 或 inferred", row.line)
    return {**{name: row[name] for name in COPIED}, "level": LEVELS[row["level"][:1]]}


def successor_of(row: CsvRow) -> Department | None:
    """The successor by its short name; raises ImportProblem if there is no such unit."""
    if not row["successor"]:
        return None
    successor = Department.objects.filter(short_name=row["successor"]).first()
    if successor is None:
        raise ImportProblem(f"承接单位“{row['successor']}”不在表中", row.line)
    return successor
