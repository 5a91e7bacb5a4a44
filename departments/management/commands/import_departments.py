"""Command that loads the list of units from a CSV file."""

from collections.abc import Sequence
from datetime import datetime

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from common.errors import Refused
from common.files.csv_rows import CsvRow, read_csv_rows
from common.files.text_files import ImportProblem, read
from departments.actions import save_department
from departments.choices import DepartmentLevel, NameBasis
from departments.models import Department
from ledger.actions import Actor

FieldValues = dict[str, str | int | None]
COPIED = ("slug", "short_name", "full_name", "first_named_in", "name_basis", "note")
LEVELS = {
    "区": DepartmentLevel.DISTRICT,
    "驻": DepartmentLevel.STATIONED,
    "街": DepartmentLevel.STREET,
}


class Command(BaseCommand):
    help = "载入单位表（CSV）；已有的按简称更新，同一张表再次载入没有变化"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file")

    def handle(self, *, file: str, **_options: object) -> None:
        try:
            rows = read_csv_rows(read(file), (*COPIED, "level", "successor"))
            changed = save_units(rows, timezone.now())
        except Refused as refusal:
            raise CommandError("\n".join(refusal.reasons)) from refusal
        done = f"已载入或更新 {len(changed)} 个单位" if changed else "没有变化"
        self.stdout.write(f"{done}，表中共 {len(rows)} 个。")


@transaction.atomic
def save_units(rows: Sequence[CsvRow], at: datetime) -> set[str]:
    """Writes the rows; returns the short names of the units that were new or changed."""
    changed = {row["short_name"] for row in rows if save_unit(row, own_fields(row), at)}
    # Successors second: a unit may be succeeded by one further down the list.
    return changed | {row["short_name"] for row in rows if save_unit(row, successor_field(row), at)}


def save_unit(row: CsvRow, values: FieldValues, at: datetime) -> bool:
    """Writes the values to the unit of the row; False if it has them all already."""
    unit = Department.objects.filter(short_name=row["short_name"]).first() or Department()
    if unit.pk and all(getattr(unit, name) == value for name, value in values.items()):
        return False
    for name, value in values.items():
        setattr(unit, name, value)
    save_department(department=unit, by=Actor(), at=at)
    return True


def own_fields(row: CsvRow) -> FieldValues:
    """The fields of a unit without its successor; raises ImportProblem naming the line."""
    if empty := [name for name in ("slug", "short_name", "full_name") if not row[name]]:
        raise ImportProblem(f"{'、'.join(empty)} 不能为空", row.line)
    if row["level"][:1] not in LEVELS:
        raise ImportProblem(f"类别“{row['level']}”不是区属、驻区或街道", row.line)
    if row["name_basis"] not in NameBasis.values:
        raise ImportProblem(f"全称依据“{row['name_basis']}”不是 documented 或 inferred", row.line)
    return {**{name: row[name] for name in COPIED}, "level": LEVELS[row["level"][:1]]}


def successor_field(row: CsvRow) -> FieldValues:
    """The successor's id by its short name; raises ImportProblem if there is no such unit."""
    if not row["successor"]:
        return {"successor_id": None}
    successor = Department.objects.filter(short_name=row["successor"]).first()
    if successor is None:
        raise ImportProblem(f"承接单位“{row['successor']}”不在表中", row.line)
    return {"successor_id": successor.pk}
