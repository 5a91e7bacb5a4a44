"""Whether documents and the plain sentences on tasks are still those that the ledger knows."""

import hashlib
from collections.abc import Iterator

from django.db.models import Q

from common.batches import batches
from common.text.canonical import digest
from ledger.models import Entry
from ledger.verification import told_by
from tasks.models import Plan, Task

TASKS_AT_ONCE = 500


def promised_faults() -> Iterator[str]:
    """All that does not agree, as Chinese sentences that name the row and the entry."""
    yield from _document_faults()
    yield from _summary_faults()


def _document_faults() -> Iterator[str]:
    """Compares each document that was imported, as it is kept and offered, with its digest.

    A draft that was discarded is gone, and its address may have been given to another document.
    """
    told = Entry.objects.filter(subject_type="plan", verb__in=["import_plan", "discard_plan"])
    newest = {entry.subject_id: entry for entry in told.order_by("seq")}
    for entry in (entry for entry in newest.values() if entry.verb == "import_plan"):
        plan = Plan.objects.filter(slug=entry.subject_id).first()
        if plan is None:
            yield f"公开记录第 {entry.seq} 条导入的文件 {entry.subject_id} 已经不在"
            continue
        kept = hashlib.sha256(bytes(plan.source_bytes)).hexdigest()
        if not kept == plan.source_sha256 == told_by(entry).facts.get("sha256"):
            yield f"文件 {plan.slug}：原文件与公开记录第 {entry.seq} 条的校验值不符"


def _summary_faults() -> Iterator[str]:
    signed = Entry.objects.filter(subject_type="task", verb="save_summary").order_by("seq")
    tasks = Task.objects.filter(~Q(summary="") | Q(code__in=signed.values("subject_id")))
    rows = tasks.order_by("pk").values_list("code", "summary", "summary_by")
    for batch in batches(rows.iterator(chunk_size=2000), TASKS_AT_ONCE):
        newest = {
            entry.subject_id: (told_by(entry).facts.get("summary"), entry.actor_unit)
            for entry in signed.filter(subject_id__in=[code for code, *_ in batch])
        }
        wrong = [row[0] for row in batch if not _is_signed(row, newest.get(row[0], ("", "")))]
        yield from map("任务 {}：一句话说明与公开记录不符".format, wrong)


def _is_signed(row: tuple[str, str, str], said: tuple[str | None, str]) -> bool:
    """Whether code, summary and signing unit of the row fit digest and unit of the entry."""
    _, summary, unit = row
    return said == (digest(summary), unit if summary else said[1])
