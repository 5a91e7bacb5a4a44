"""Actions on the files that become plans: upload, answer, hand over, send back, discard."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction

from common.errors import Refused, Stale
from common.files.media_types import media_type_of
from common.files.text_files import Source
from departments.models import User
from departments.roles import RELEASE_ROLES, Role
from ledger.actions import Actor, LedgerEvent, append
from tasks.actions.plans import describe_plan, discard_draft
from tasks.choices import ImportState
from tasks.importing.apply import import_plan
from tasks.importing.blocks import Document
from tasks.importing.corrections import Corrections, corrected, new_units
from tasks.importing.draft import PlanDraft
from tasks.importing.parse import parse
from tasks.importing.readers import document_from_bytes
from tasks.importing.run_data import draft_data, questions_data
from tasks.importing.summaries import write_shipped_words
from tasks.models import ImportRun, Plan


@transaction.atomic
def upload_import(*, document: Document, by: User | None, at: datetime) -> ImportRun:
    """Keeps a file and what was read from it; nothing of it becomes a plan yet.

    Raises Refused where nothing was recognised, or where the same file is on its way already.
    """
    draft, source = parse(document), document.source
    same = ImportRun.objects.filter(sha256=source.sha256)
    if same.filter(state__in=[ImportState.READ, ImportState.CHECKED]).exists():
        raise Refused("这份文件已经上传，请在列表里打开它。")
    if not draft.tasks:
        raise Refused(*(map(str, draft.fatal) if draft.fatal else ["没有识别出任务。"]))
    run = ImportRun.objects.create(
        **_file_columns(source),
        draft=draft_data(draft),
        questions=questions_data(draft, [], {}),
        uploaded_by=by,
        uploaded_at=at,
    )
    _record("upload_import", run, by, at)
    return run


@transaction.atomic
def keep_import(
    *, plan: Plan, source: Source, draft: PlanDraft, answers: Mapping[str, str], at: datetime
) -> ImportRun:
    """Keeps the file of a draft that a command has written, so that a publisher finds it.

    `draft`: what was read with the `answers`. Raises nothing of its own.
    """
    facts = Corrections(
        title=plan.title,
        slug=plan.slug,
        starts_on=plan.starts_on,
        ends_on=plan.ends_on,
        short_title=plan.short_title,
        document_number=plan.document_number,
        tracked_from=plan.tracked_from,
    )
    return ImportRun.objects.create(
        **_file_columns(source),
        draft=draft_data(draft),
        answers=dict(answers),
        corrections=facts.as_json(),
        state=ImportState.CHECKED,
        uploaded_at=at,
        handed_over_at=at,
        plan=plan,
    )


@transaction.atomic
def save_import(
    *, run: ImportRun, answers: Mapping[str, str], corrections: Corrections
) -> ImportRun:
    """Keeps what was answered and set right, and reads the file again with the answers.

    `answers`: by the key of the question, the value of the choice. Raises Refused where the file is
    no longer being checked.
    """
    _lock(run, ImportState.READ)
    run.answers, run.corrections = dict(answers), corrections.as_json()
    draft = parse(document_of(run), run.answers)
    run.draft = draft_data(draft)
    run.questions = questions_data(draft, run.questions, run.answers)
    run.save(update_fields=["answers", "corrections", "draft", "questions"])
    return run


@transaction.atomic
def hand_over_import(*, run: ImportRun, indicators: Path, by: User | None, at: datetime) -> Plan:
    """Writes the plan as a draft, for a publisher to look at and publish.

    `indicators`: the folder of the curated numbers.

    Raises Refused where nothing was saved yet, a question is open, or the plan cannot be written;
    Stale where the file is read differently now than what the person has seen.
    """
    _lock(run, ImportState.READ)
    if not run.corrections:
        raise Refused("请先保存名称、日期和单位。")
    if "file" in run.answers.values():
        raise Refused("有一处您选了“换一份完整的文件”：请作废这一份，再上传完整的。")
    document, corrections = document_of(run), Corrections.from_json(run.corrections)
    draft = parse(document, run.answers)
    if draft_data(draft) != run.draft:
        raise Stale("读取文件的程序更新了，读到的内容有变化。请先保存，再核对一遍。")
    actor = _actor(by, Role.SUPERVISOR)
    result = import_plan(
        draft=corrected(draft, corrections),
        source=document.source,
        slug=corrections.slug,
        indicators=indicators,
        tracked_from=corrections.tracked_from,
        days=(corrections.starts_on, corrections.ends_on),
        by=actor,
        at=at,
    )
    if not result.changed:
        raise Refused(f"这份文件已经收录为 {result.plan.slug}《{result.plan.title}》。")
    write_shipped_words(result.plan, at=at)
    _describe(result.plan, corrections, actor, at)
    ImportRun.objects.filter(pk=run.pk).update(
        state=ImportState.CHECKED,
        plan=result.plan,
        # Kept for the publication, which registers them.
        corrections=run.corrections | {"new_units": new_units(draft, corrections)},
        handed_over_by=by,
        handed_over_at=at,
        return_reason="",
    )
    run.refresh_from_db(fields=["state", "plan", "handed_over_by", "handed_over_at"])
    return result.plan


@transaction.atomic
def return_import(*, run: ImportRun, reason: str, by: User, at: datetime) -> None:
    """Sends a checked file back to the supervisors: its plan is unwritten, its answers stay.

    Raises Refused without a reason, or where the file does not wait for a publisher.
    """
    _lock(run, ImportState.CHECKED)
    if not reason.strip():
        raise Refused("请写明退回的理由。")
    _let_go(run, {"state": ImportState.READ, "return_reason": reason.strip()}, by, at)
    _record("return_import", run, by, at)


@transaction.atomic
def discard_import(*, run: ImportRun, by: User, at: datetime) -> None:
    """Gives a file up; the draft of its plan is deleted, and who uploaded what is kept.

    Raises Refused where its plan is published, or it was discarded already.
    """
    _lock(run, ImportState.READ, ImportState.CHECKED)
    _let_go(run, {"state": ImportState.DISCARDED, "closed_at": at}, by, at)
    _record("discard_import", run, by, at)


def document_of(run: ImportRun) -> Document:
    """The file as it was uploaded, read."""
    return document_from_bytes(bytes(run.source_bytes), run.name)


def _file_columns(source: Source) -> dict[str, Any]:
    return {
        "name": source.name,
        "media_type": media_type_of(source.name),
        "sha256": source.sha256,
        "source_bytes": source.data,
        "source_text": source.text,
    }


def _describe(plan: Plan, corrections: Corrections, by: Actor, at: datetime) -> None:
    if corrections.short_title:
        describe_plan(plan=plan, short_title=corrections.short_title, source_url="", by=by, at=at)


def _let_go(run: ImportRun, values: dict, by: User, at: datetime) -> None:
    """Saves the values of a run that has no plan any more, and deletes the draft it had."""
    plan = run.plan
    ImportRun.objects.filter(pk=run.pk).update(plan=None, **values)
    if plan:
        discard_draft(plan=plan, by=_actor(by, *RELEASE_ROLES), at=at)
    run.refresh_from_db()


def _lock(run: ImportRun, *states: ImportState) -> None:
    current = ImportRun.objects.select_for_update().values_list("state", flat=True).get(pk=run.pk)
    if current not in states:
        raise Refused(f"这份文件现在{ImportState(current).label}，请刷新页面再看。")


def _actor(by: User | None, *roles: str) -> Actor:
    return by.actor(*roles) if by else Actor()


def _record(verb: str, run: ImportRun, by: User | None, at: datetime) -> None:
    """Tells the inner record alone: nothing of a draft is public."""
    event = LedgerEvent(
        verb, "import", str(run.pk), {"sha256": run.sha256}, public=False, affects_public=False
    )
    append([event], by=_actor(by, *RELEASE_ROLES), at=at)
