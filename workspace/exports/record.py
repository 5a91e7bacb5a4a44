"""The record as the staff page shows it, as a workbook, and whole, to be verified elsewhere."""

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.http import FileResponse

from common.office.worksheets import Worksheet, download
from common.text.canonical import canonical
from common.text.wording import stamp
from ledger.models import Entry
from public.read_models.ledger import entry_line, export_row

# Rows of one workbook. It is built in memory.
MOST_ROWS = 5_000
COLUMNS = [
    ("序号", 8),
    ("记入时间", 18),
    ("发生时间", 18),
    ("范围", 8),
    ("事项", 22),
    ("对象", 30),
    ("经手", 22),
    ("账号", 8),
    ("内容", 60),
    ("演示", 8),
    ("校验值", 66),
]


def record_workbook(entries: QuerySet[Entry]) -> FileResponse:
    """The entries, newest first, at most MOST_ROWS of them."""
    newest = entries.order_by("-seq")[:MOST_ROWS]
    rows = (_row(entry) for entry in newest.iterator(chunk_size=1000))
    return download([Worksheet("全部记录", COLUMNS, rows)], "全部记录.xlsx")


def _row(entry: Entry) -> list[Any]:
    line = entry_line(entry, internal=True)
    return [
        entry.seq,
        stamp(entry.recorded_at),
        stamp(entry.happened_at),
        entry.get_visibility_display(),
        line.verb,
        line.subject,
        line.actor,
        entry.actor_id,
        line.details,
        "演示" if line.demonstration else "",
        entry.hash,
    ]


def whole_record() -> Iterator[str]:
    """Every entry with all it holds, as JSON Lines that the program for strangers verifies too."""
    for entry in Entry.objects.order_by("seq").iterator(chunk_size=2000):
        yield canonical(export_row(entry, internal=True)) + "\n"
