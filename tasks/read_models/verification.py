"""Whether documents and the plain words on tasks are still those that the ledger knows."""

import hashlib
from collections.abc import Iterator, Mapping

from django.db.models import Q

from common.batches import batches
from common.text.canonical import digest
from ledger.models import Entry
from ledger.verification import told_by
from tasks.models import Plan, Task

TASKS_AT_ONCE = 500
# What is said of a task without an entry: no sentence, no plain name, no unit.
UNSIGNED = (digest(""), digest(""), "")


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
    """Compares each plain name and sentence with the newest entry about them.

    What was said of a draft that was discarded says nothing of the next document at its address.
    """
    signed = Entry.objects.filter(subject_type="task", verb="save_summary").order_by("seq")
    ours = ~Q(summary="", plain_name="")
    tasks = Task.objects.filter(ours | Q(code__in=signed.values("subject_id"))).order_by("pk")
    discarded = _discarded()
    columns = ("plan__slug", "code", "summary", "plain_name", "summary_by")
    rows = tasks.values_list(*columns).iterator(chunk_size=2000)
    for batch in batches(rows, TASKS_AT_ONCE):
        since = {code: discarded.get(slug, 0) for slug, code, *_ in batch}
        newest = {
            entry.subject_id: (*_digests(told_by(entry).facts), entry.actor_unit)
            for entry in signed.filter(subject_id__in=list(since))
            if entry.seq > since[entry.subject_id]
        }
        wrong = [row[1] for row in batch if not _is_signed(row[2:], newest.get(row[1], UNSIGNED))]
        yield from map("任务 {}：通俗名称或一句话说明与公开记录不符".format, wrong)


def _discarded() -> dict[str, int]:
    """The number of the newest entry by which a draft at an address was discarded."""
    entries = Entry.objects.filter(subject_type="plan", verb="discard_plan").order_by("seq")
    return dict(entries.values_list("subject_id", "seq"))


def _digests(facts: Mapping[str, str]) -> tuple[str, str]:
    """Those of the sentence and of the plain name; entries of old know of no plain name."""
    return facts.get("summary", ""), facts.get("plain_name", digest(""))


def _is_signed(row: tuple[str, str, str], said: tuple[str, str, str]) -> bool:
    """Whether sentence, plain name and signing unit of the row are those of the entry."""
    summary, plain_name, unit = row
    signer = unit if summary or plain_name else said[2]
    return said == (digest(summary), digest(plain_name), signer)
