"""Actions on a plan, its sections and its tasks that leave the printed wording alone."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import models, transaction
from django.db.models import ProtectedError, Q

from common.errors import Refused
from common.text.canonical import digest
from common.time.days import local_day
from departments.models import Membership
from departments.roles import Role
from ledger.actions import Actor, LedgerEvent, append
from tasks.actions.new_units import add_new_units
from tasks.choices import PUBLIC_STATES, ImportState, PlanState
from tasks.models import (
    Commitment,
    ImportRun,
    Indicator,
    Milestone,
    Plan,
    Responsibility,
    Section,
    Target,
    Task,
    Track,
)

# From which states each action moves a plan.
MOVES = {
    "publish_plan": [PlanState.DRAFT, PlanState.ARCHIVED],
    "archive_plan": [PlanState.PUBLISHED],
    "withdraw_plan": PUBLIC_STATES,
    "discard_plan": [PlanState.DRAFT],
}


@transaction.atomic
def publish_plan(*, plan: Plan, by: Actor, at: datetime) -> None:
    """Shows a draft to the public, or makes an archived plan run again.

    A draft that ended before the day of `at` without being tracked becomes history at once.

    Raises Refused where the plan is neither, or where `by` had a hand in the draft: nobody
    publishes what nobody else has looked at.
    """
    current = _locked_in(plan, "publish_plan", PlanState.PUBLISHED)
    is_draft = current.state == PlanState.DRAFT
    if is_draft:
        _check_another_person(plan, by)
        add_new_units(plan, by, at)
        ImportRun.objects.filter(plan=plan).update(state=ImportState.APPLIED, closed_at=at)
    is_history = is_draft and current.is_history_on(local_day(at))
    state = PlanState.ARCHIVED if is_history else PlanState.PUBLISHED
    # The import of a draft is not told in public, so that this entry vouches for the document.
    facts = _document_facts(current) if is_draft else {}
    _change(plan, "publish_plan", {"state": state}, by, at, facts=facts)


@transaction.atomic
def archive_plan(*, plan: Plan, by: Actor, at: datetime) -> None:
    """Makes a published plan history. Raises Refused where it is not published."""
    _locked_in(plan, "archive_plan", PlanState.ARCHIVED)
    _change(plan, "archive_plan", {"state": PlanState.ARCHIVED}, by, at)


@transaction.atomic
def set_tracked_from(*, plan: Plan, day: date | None, by: Actor, at: datetime) -> None:
    """Sets the first day for which progress is collected; None collects none.

    Before that day every status reads 平台启用前,未采集. Raises nothing of its own.
    """
    _change(plan, "set_tracked_from", {"tracked_from": day}, by, at)


@transaction.atomic
def describe_plan(
    *, plan: Plan, short_title: str, source_url: str, by: Actor, at: datetime
) -> None:
    """Saves our own words about a document: its short title and where it was found.

    Raises nothing of its own.
    """
    _change(plan, "describe_plan", {"short_title": short_title, "source_url": source_url}, by, at)


@transaction.atomic
def set_slips_public(*, plan: Plan, public: bool, by: Actor, at: datetime) -> None:
    """Shows or hides on the public task pages that a supervision slip is open, and its level.

    Raises nothing of its own.
    """
    _change(plan, "set_slips_public", {"slips_public": public}, by, at)


@transaction.atomic
def withdraw_plan(*, plan: Plan, reason: str, by: Actor, at: datetime) -> None:
    """Takes a published plan back: in its place everybody reads since when, and `reason`.

    Its rows stay, and nothing of them is shown. Raises Refused without a reason, or where the plan
    is not public.
    """
    if not reason.strip():
        raise Refused("请写明撤回的理由，理由会公开。")
    _locked_in(plan, "withdraw_plan", PlanState.WITHDRAWN)
    words = {"withdrawn_on": local_day(at), "withdrawal_reason": reason.strip()}
    before = plan.state
    _save(plan, {"state": PlanState.WITHDRAWN, **words})
    facts = {"state": [before, PlanState.WITHDRAWN], "reason": digest(reason.strip())}
    append([LedgerEvent("withdraw_plan", "plan", plan.slug, facts)], by=by, at=at)


@transaction.atomic
def discard_draft(*, plan: Plan, by: Actor, at: datetime) -> None:
    """Deletes a draft with all its rows, as if it had never been read.

    The run of its import is not touched: whoever discards decides what becomes of it first.

    Raises Refused where the plan is no draft, or where something else refers to it already.
    """
    _locked_in(plan, "discard_plan", PlanState.DRAFT)
    try:
        delete_rows(plan)
    except ProtectedError as error:
        raise Refused("已经有别的内容引用这份草稿，不能作废。") from error
    facts = {"sha256": plan.source_sha256}
    append([LedgerEvent("discard_plan", "plan", plan.slug, facts, public=False)], by=by, at=at)


def delete_rows(plan: Plan) -> None:
    """Deletes the rows of a plan, those that refer to others first."""
    of_task = {"task__plan": plan}
    rows: list[models.QuerySet] = [
        Target.objects.filter(indicator__task__plan=plan),
        Indicator.objects.filter(**of_task),
        Commitment.objects.filter(**of_task),
        Track.objects.filter(**of_task),
        Milestone.objects.filter(**of_task),
        Responsibility.objects.filter(**of_task),
        plan.passages.all(),
        plan.tasks.all(),
        plan.sections.all(),
        Plan.objects.filter(pk=plan.pk),
    ]
    for queryset in rows:
        queryset.delete()


def _check_another_person(plan: Plan, by: Actor) -> None:
    """Raises Refused where the person uploaded or checked the file of this plan."""
    runs = ImportRun.objects.filter(plan=plan)
    if by.id and runs.filter(Q(uploaded_by=by.id) | Q(handed_over_by=by.id)).exists():
        raise Refused("这份文件是您导入的，要由另一位发布员公布。")


def _document_facts(plan: Plan) -> dict[str, object]:
    return {"kind": plan.kind, "sha256": plan.source_sha256, "tasks": plan.tasks.count()}


def _locked_in(plan: Plan, verb: str, state: PlanState) -> Plan:
    """The plan as it is stored, locked; raises Refused where `verb` does not lead on from there."""
    current = Plan.objects.select_for_update().without_source_document().get(pk=plan.pk)
    if current.state not in MOVES[verb]:
        raise Refused(f"文件现在的状态不能改为“{PlanState(state).label}”，请刷新页面再看。")
    plan.state = current.state
    return current


def _save(plan: Plan, values: dict) -> None:
    Plan.objects.filter(pk=plan.pk).update(**values)
    for name, value in values.items():
        setattr(plan, name, value)


def _change(
    plan: Plan, verb: str, values: dict, by: Actor, at: datetime, *, facts: dict | None = None
) -> None:
    """Saves the values, and says before and after each; nothing of a draft is told in public."""
    before = Plan.objects.select_for_update().values(*values).get(pk=plan.pk)
    _save(plan, values)
    changes = {name: [before[name], value] for name, value in values.items()}
    event = LedgerEvent(verb, "plan", plan.slug, changes | (facts or {}), public=plan.is_public)
    append([event], by=by, at=at)


@transaction.atomic
def set_section_leaders(
    *, section: Section, memberships: Iterable[Membership], by: Actor, at: datetime
) -> None:
    """Puts a whole section into the portfolio (分管) of these leaders, in place of those before.

    Raises Refused where a membership is ended or is not that of a leader.
    """
    memberships = sorted(memberships, key=lambda membership: membership.pk)
    if any(membership.role != Role.LEADER or membership.ended_at for membership in memberships):
        raise Refused("分管只登记在在岗的区领导名下。")
    section.leaders.set(memberships)
    facts = {"leaders": " ".join(str(membership.user_id) for membership in memberships)}
    subject_id = f"{section.plan.slug}:{section.number}"
    event = LedgerEvent("set_section_leaders", "section", subject_id, facts, public=False)
    append([event], by=by, at=at)


@dataclass(frozen=True)
class PlainWords:
    """The plain name and the sentence that stand above the official wording; empty for none."""

    task: Task
    plain_name: str
    summary: str

    def __bool__(self) -> bool:
        return bool(self.plain_name or self.summary)


@transaction.atomic
def save_plain_words(words: Sequence[PlainWords], *, by: Actor, at: datetime) -> None:
    """Saves plain names and sentences, signed by the unit of `by`, with an entry for each task.

    Where both are empty nobody signs. Raises Refused where `by` has no unit to sign with.
    """
    if not by.unit and any(words):
        raise Refused("通俗名称和一句话说明要有署名单位。")
    for one in words:
        one.task.plain_name, one.task.summary = one.plain_name, one.summary
        one.task.summary_by = by.unit if one else ""
    Task.objects.bulk_update([one.task for one in words], ["plain_name", "summary", "summary_by"])
    append([_words_event(one) for one in words], by=by, at=at)


def _words_event(words: PlainWords) -> LedgerEvent:
    facts = {"summary": digest(words.summary), "plain_name": digest(words.plain_name)}
    is_public = words.task.plan.is_public
    return LedgerEvent("save_summary", "task", words.task.code, facts, public=is_public)
