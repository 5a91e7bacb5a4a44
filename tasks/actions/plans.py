"""Actions on a plan, its sections and its tasks that leave the printed wording alone."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction

from common.errors import Refused
from common.text.canonical import digest
from departments.models import Membership
from departments.roles import Role
from ledger.actions import Actor, LedgerEvent, append
from tasks.choices import PlanState
from tasks.models import Plan, Section, Task

# From which states each action moves a plan.
MOVES = {
    "publish_plan": [PlanState.DRAFT, PlanState.ARCHIVED],
    "archive_plan": [PlanState.PUBLISHED],
}


@transaction.atomic
def publish_plan(*, plan: Plan, by: Actor, at: datetime) -> None:
    """Shows a plan to the public: a draft, or one that was archived.

    Raises Refused where the plan is published already.
    """
    _move(plan, "publish_plan", PlanState.PUBLISHED, by, at)


@transaction.atomic
def archive_plan(*, plan: Plan, by: Actor, at: datetime) -> None:
    """Makes a published plan history. Raises Refused where it is not published."""
    _move(plan, "archive_plan", PlanState.ARCHIVED, by, at)


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


def _move(plan: Plan, verb: str, state: str, by: Actor, at: datetime) -> None:
    if (
        Plan.objects.select_for_update().values_list("state", flat=True).get(pk=plan.pk)
        not in MOVES[verb]
    ):
        raise Refused(f"文件现在的状态不能改为“{PlanState(state).label}”，请刷新页面再看。")
    _change(plan, verb, {"state": state}, by, at)


def _change(plan: Plan, verb: str, values: dict, by: Actor, at: datetime) -> None:
    before = Plan.objects.select_for_update().values(*values).get(pk=plan.pk)
    Plan.objects.filter(pk=plan.pk).update(**values)
    for name, value in values.items():
        setattr(plan, name, value)
    facts = {name: [before[name], value] for name, value in values.items()}
    append([LedgerEvent(verb, "plan", plan.slug, facts)], by=by, at=at)


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


@transaction.atomic
def save_summary(*, task: Task, summary: str, by: Actor, at: datetime) -> None:
    """Saves the plain sentence above the official wording, signed by the unit of `by`.

    An empty summary removes it. Raises Refused where `by` has no unit to sign with.
    """
    if summary and not by.unit:
        raise Refused("一句话说明要有署名单位。")
    task.summary, task.summary_by = summary, by.unit if summary else ""
    task.save(update_fields=["summary", "summary_by"])
    append(
        [LedgerEvent("save_summary", "task", task.code, {"summary": digest(summary)})], by=by, at=at
    )
