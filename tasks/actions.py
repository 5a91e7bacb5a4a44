"""Deeds about plans and what they promise: official wording is never among what they change."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.db.models import Max

from departments.models import Department, Membership, Role
from ledger.actions import Actor, Deed, append
from tasks.models import Plan, Responsibility, Section, Task
from yantian_portal.lib.canonical import digest
from yantian_portal.lib.days import local_day
from yantian_portal.lib.errors import Refused

Kind, Basis = Responsibility.Kind, Responsibility.Basis
MOVES = {
    "publish_plan": [Plan.State.DRAFT, Plan.State.ARCHIVED],
    "archive_plan": [Plan.State.PUBLISHED],
}


@transaction.atomic
def publish_plan(*, plan: Plan, by: Actor, at: datetime) -> None:
    _move(plan, "publish_plan", Plan.State.PUBLISHED, by, at)


@transaction.atomic
def archive_plan(*, plan: Plan, by: Actor, at: datetime) -> None:
    _move(plan, "archive_plan", Plan.State.ARCHIVED, by, at)


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
        raise Refused(f"文件现在的状态不能改为“{Plan.State(state).label}”，请刷新页面再看。")
    _change(plan, verb, {"state": state}, by, at)


def _change(plan: Plan, verb: str, values: dict, by: Actor, at: datetime) -> None:
    before = Plan.objects.select_for_update().values(*values).get(pk=plan.pk)
    Plan.objects.filter(pk=plan.pk).update(**values)
    for name, value in values.items():
        setattr(plan, name, value)
    facts = {name: [before[name], value] for name, value in values.items()}
    append([Deed(verb, "plan", plan.slug, facts)], by=by, at=at)


@transaction.atomic
def set_section_leaders(*, section: Section, posts: Iterable[Membership], by: Actor, at: datetime) -> None:
    """分管: which leaders a whole 行动 or 总体目标 comes first to; none means all alike."""
    posts = sorted(posts, key=lambda post: post.pk)
    if any(post.role != Role.LEADER or post.ended_at for post in posts):
        raise Refused("分管只登记在在岗的区领导名下。")
    section.leaders.set(posts)
    facts = {"leaders": " ".join(str(post.user_id) for post in posts)}
    append(
        [Deed("set_section_leaders", "section", f"{section.plan.slug}:{section.number}", facts, public=False)],
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
    append([Deed("save_summary", "task", task.code, {"summary": digest(summary)})], by=by, at=at)


@transaction.atomic
def designate(*, task: Task, department: Department, kind: str, by: Actor, at: datetime) -> Responsibility:
    """督查室 names a unit, as lead or supporting. What a document prints stays above it."""
    lock_tasks([task])
    held = _in_force(task)
    if kind == Kind.LISTED:
        raise Refused("请选择牵头或配合。")
    _keep_printed(held, department, kind)
    closed = [r for r in held if r.department_id == department.pk or kind == r.kind == Kind.LEAD]
    close_rows(closed, at)
    put_back_printed([r for r in closed if r.department_id != department.pk], at)
    order = next((r.order for r in closed if r.department_id == department.pk), None) or next_order(task)
    made = _designated(task, department, kind, order, by, at)
    append([_deed("designate", task, made)], by=by, at=at)
    return made


@transaction.atomic
def confirm_proposed(*, tasks: Iterable[Task], by: Actor, at: datetime) -> int:
    """Turns the proposed units of these tasks into designated ones; returns how many units that were."""
    rows = Responsibility.objects.in_force().filter(task__in=lock_tasks(tasks), basis=Basis.PROPOSED)
    proposed = list(rows.select_related("task", "department"))
    close_rows(proposed, at)
    made = [_designated(row.task, row.department, row.kind, row.order, by, at) for row in proposed]
    append([_deed("confirm_proposed", row.task, row) for row in made], by=by, at=at)
    return len(made)


def lock_tasks(tasks: Iterable[Task]) -> list[Task]:
    """Whoever changes the units of a task holds the task, always in the same order."""
    rows = Task.objects.select_for_update(of=("self",)).filter(pk__in=[task.pk for task in tasks])
    return list(rows.only("pk").order_by("pk"))


def _in_force(task: Task) -> list[Responsibility]:
    return list(task.responsibilities.in_force().select_related("department"))


def _keep_printed(held: list[Responsibility], department: Department, kind: str) -> None:
    printed_lead = next((r for r in held if r.kind == Kind.LEAD and r.basis == Basis.PUBLISHED), None)
    if printed_lead and (kind == Kind.LEAD or printed_lead.department_id == department.pk):
        raise Refused(f"文件载明由{printed_lead.department}牵头，要变更请先办理调整。")
    same = next((r for r in held if r.department_id == department.pk), None)
    if same and same.basis == Basis.PUBLISHED and kind == Kind.SUPPORTING:
        raise Refused(f"{department}已由文件载明为责任单位。")
    if same and same.basis == Basis.DESIGNATED and same.kind == kind:
        raise Refused(f"{department}已经指定过了。")


def close_rows(rows: list[Responsibility], at: datetime) -> None:
    Responsibility.objects.filter(pk__in=[row.pk for row in rows]).update(valid_to=local_day(at))


def put_back_printed(former_leads: list[Responsibility], at: datetime) -> None:
    """A unit the document names stays named when the lead passes from it to another."""
    for row in former_leads:
        printed = (
            row.task.responsibilities.filter(department=row.department, basis=Basis.PUBLISHED).order_by("id").last()
        )
        if printed:
            printed.pk, printed.valid_from, printed.valid_to = None, local_day(at), None
            printed.save(force_insert=True)


def next_order(task: Task) -> int:
    return (task.responsibilities.aggregate(last=Max("order"))["last"] or 0) + 1


def _designated(task, department, kind: str, order: int, by: Actor, at: datetime) -> Responsibility:
    if not by.unit:
        raise Refused("指定责任单位要写明由哪个单位指定。")
    day = local_day(at)
    return Responsibility.objects.create(
        task=task,
        department=department,
        order=order,
        kind=kind,
        basis=Basis.DESIGNATED,
        source=f"{by.unit}于{day.year}年{day.month}月{day.day}日指定",
        decided_by=by.unit,
        valid_from=day,
    )


def _deed(verb: str, task: Task, row: Responsibility) -> Deed:
    facts = {"department": row.department.slug, "kind": row.kind, "basis": row.basis}
    return Deed(verb, "task", task.code, facts)
