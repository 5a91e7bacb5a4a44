from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction

from common.errors import Refused
from common.text.canonical import digest
from departments.models import Membership, Role
from ledger.actions import Actor, LedgerEvent, append
from tasks.choices import PlanState
from tasks.models import Plan, Section, Task

MOVES = {
    "publish_plan": [PlanState.DRAFT, PlanState.ARCHIVED],
    "archive_plan": [PlanState.PUBLISHED],
}


@transaction.atomic
def publish_plan(*, plan: Plan, by: Actor, at: datetime) -> None:
    _move(plan, "publish_plan", PlanState.PUBLISHED, by, at)


@transaction.atomic
def archive_plan(*, plan: Plan, by: Actor, at: datetime) -> None:
    _move(plan, "archive_plan", PlanState.ARCHIVED, by, at)


@transaction.atomic
def set_tracked_from(*, plan: Plan, day: date | None, by: Actor, at: datetime) -> None:
    """From this day on progress is collected; before it every axis says 平台启用前,未采集."""
    _change(plan, "set_tracked_from", {"tracked_from": day}, by, at)


@transaction.atomic
def describe_plan(*, plan: Plan, short_title: str, source_url: str, by: Actor, at: datetime) -> None:
    """Our own words about a document: how it is called for short and where it was found."""
    _change(plan, "describe_plan", {"short_title": short_title, "source_url": source_url}, by, at)


@transaction.atomic
def set_slips_public(*, plan: Plan, public: bool, by: Actor, at: datetime) -> None:
    """Whether the public reads on a task that a supervision slip is open, and of which level."""
    _change(plan, "set_slips_public", {"slips_public": public}, by, at)


def _move(plan: Plan, verb: str, state: str, by: Actor, at: datetime) -> None:
    if Plan.objects.select_for_update().values_list("state", flat=True).get(pk=plan.pk) not in MOVES[verb]:
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
def set_section_leaders(*, section: Section, posts: Iterable[Membership], by: Actor, at: datetime) -> None:
    """分管: which leaders a whole 行动 or 总体目标 comes first to; none means all alike."""
    posts = sorted(posts, key=lambda post: post.pk)
    if any(post.role != Role.LEADER or post.ended_at for post in posts):
        raise Refused("分管只登记在在岗的区领导名下。")
    section.leaders.set(posts)
    facts = {"leaders": " ".join(str(post.user_id) for post in posts)}
    append(
        [LedgerEvent("set_section_leaders", "section", f"{section.plan.slug}:{section.number}", facts, public=False)],
        by=by,
        at=at,
    )


@transaction.atomic
def save_summary(*, task: Task, summary: str, by: Actor, at: datetime) -> None:
    """The plain sentence above the official wording, signed by the unit that wrote it."""
    if summary and not by.unit:
        raise Refused("一句话说明要有署名单位。")
    task.summary, task.summary_by = summary, by.unit if summary else ""
    task.save(update_fields=["summary", "summary_by"])
    append([LedgerEvent("save_summary", "task", task.code, {"summary": digest(summary)})], by=by, at=at)
