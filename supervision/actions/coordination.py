"""需协调事项: raised by a unit or a supervisor, decided above, carried out by its owner, closed with its outcome."""

from datetime import date, datetime

from django.db import transaction

from common.errors import Refused
from common.time.days import local_day
from departments.models import Department, Role, User
from departments.permissions import is_leader
from departments.roles import OVERSIGHT_ROLES, UNIT_ROLES
from ledger.actions import LedgerEvent, append
from progress.actions.locks import locked, report_subject
from progress.choices import PeriodState
from progress.models import ProgressReport, ReportingPeriod
from supervision.models import CoordinationItem, CoordinationNote
from supervision.transitions import COORDINATION_TRANSITIONS, FollowUpTransition
from tasks.models import Task
from tasks.recusal import answering_unit, is_recused, recusing_units


def coordination_raising_refusal_reason(task: Task, period: ReportingPeriod, by: User) -> str:
    """Why nothing can be raised about this task now; empty when it can. The page asks it as the deed does."""
    if period.state == PeriodState.SCHEDULED:
        return "这一期还没有开放。"
    if CoordinationItem.objects.active().filter(task=task, period=period).exists():
        return "这项任务这一期已经提出了需协调事项，还没有办结。"
    if _answering(task, by) and not wants_help(ProgressReport.objects.filter(task=task, period=period).first()):
        return "请先在填报里写明需协调事项并报送，再提请协调。"
    return ""


def wants_help(report: ProgressReport | None) -> bool:
    """What a unit raises stands in its report, and the report has left the unit."""
    return report is not None and report.first_submitted_at is not None and bool(report.help_needed.strip())


@transaction.atomic
def raise_coordination(*, task: Task, period: ReportingPeriod, text: str, by: User, at: datetime) -> CoordinationItem:
    """For a responsible unit by whoever files for it, else by a supervisor; one for each report at a time."""
    period = locked(period)
    if refusal := coordination_raising_refusal_reason(task, period, by):
        raise Refused(refusal)
    if not text.strip():
        raise Refused("请写明需要协调什么。")
    own = _answering(task, by)
    role = Role.REPORTER if own else Role.SUPERVISOR
    unit = _unit(by, role, own)
    transition = COORDINATION_TRANSITIONS["raise"]
    said = {"text": text.strip(), "department": unit, "raised_by": by, "raised_at": at}
    said |= {"state": transition.moves[None]}
    item = CoordinationItem.objects.create(task=task, period=period, **said)
    append([_event(transition, item)], by=by.actor(role, of=unit.pk), at=at)
    return item


def _unit(by: User, role: str, among: set[int] | None = None) -> Department:
    """The unit for which the person acts in that post."""
    unit = by.acting_department(role, among=among or None)
    if unit is None:
        raise Refused("您现在的岗位不能办这一步。")
    return unit


def _answering(task: Task, by: User) -> set[int]:
    own = by.department_ids(Role.REPORTER)
    return set(task.responsibilities.in_force().filter(department__in=own).values_list("department", flat=True))


def coordination_decision_refusal_reason(item: CoordinationItem, by: User) -> str:
    """Why this person may not write a decision down; empty when it may be.

    Leaders order their own units about; who only records a meeting does not write what it decided about the own unit.
    """
    if not is_leader(by) and is_recused(item.task, by):
        return "您所在的单位是这项任务的责任单位，按回避规定由其他单位的督查员登记。"
    return ""


@transaction.atomic
def decide_coordination(
    *,
    item: CoordinationItem,
    meeting: str,
    decision: str,
    decided_on: date,
    owner: Department,
    due_on: date,
    by: User,
    at: datetime,
) -> CoordinationItem:
    """What was decided, where, who carries it out and by when; by a leader, or by a supervisor who records it."""
    transition = COORDINATION_TRANSITIONS["decide"]
    item = _held(item, transition)
    if refusal := coordination_decision_refusal_reason(item, by):
        raise Refused(refusal)
    if not meeting.strip() or not decision.strip():
        raise Refused("请写明在什么会上、决定了什么。")
    if decided_on > local_day(at) or due_on < decided_on:
        raise Refused("决定日期不晚于今天，落实期限不早于决定日期。")
    item.meeting, item.decision, item.decided_on = meeting.strip(), decision.strip(), decided_on
    item.owner, item.due_on, item.decided_by, item.decided_at = owner, due_on, by, at
    item.state = transition.moves[item.state]
    item.save()
    facts = {"decided_on": decided_on, "due_on": due_on, "department": owner.slug}
    actor = by.actor(*OVERSIGHT_ROLES)
    append([_event(transition, item, facts)], by=actor, at=at)
    return item


@transaction.atomic
def instruct_coordination(*, item: CoordinationItem, text: str, day: date, by: User, at: datetime) -> CoordinationNote:
    """批示: a leader's own words on the matter, before or after the decision; a later one stands beside the earlier."""
    transition = COORDINATION_TRANSITIONS["instruct"]
    item = _held(item, transition)
    if not text.strip():
        raise Refused("请写明批示内容。")
    if day > local_day(at):
        raise Refused("批示日期不晚于今天。")
    unit = _unit(by, Role.LEADER)
    said = {"text": text, "day": day, "unit": unit}
    return _noted(item, transition, said, (Role.LEADER,), by=by, at=at)


@transaction.atomic
def reply_coordination(*, item: CoordinationItem, text: str, by: User, at: datetime) -> CoordinationNote:
    """How the owner unit carried out the decision, and the instructions with it; again whenever there is news."""
    transition = COORDINATION_TRANSITIONS["reply"]
    item = _held(item, transition)
    unit = answering_unit(item.owner_id, by)
    if unit is None:
        raise Refused("落实情况由落实单位的填报员或审签人报告。")
    if not text.strip():
        raise Refused("请写明落实情况。")
    said = {"text": text, "day": local_day(at), "unit": unit}
    return _noted(item, transition, said, UNIT_ROLES, by=by, at=at)


def coordination_closing_refusal_reason(item: CoordinationItem, by: User) -> str:
    """Why this person may not say what became of it: neither for the own task nor for what the own unit carried out."""
    if is_recused(item.task, by) or item.owner_id in recusing_units(by):
        return "您所在的单位是责任单位或落实单位，按回避规定由其他单位的督查员办结。"
    return ""


@transaction.atomic
def close_coordination(*, item: CoordinationItem, outcome: str, by: User, at: datetime) -> CoordinationItem:
    """What became of it, also where it settled itself before anybody decided."""
    transition = COORDINATION_TRANSITIONS["close"]
    item = _held(item, transition)
    if refusal := coordination_closing_refusal_reason(item, by):
        raise Refused(refusal)
    if not outcome.strip():
        raise Refused("请写明落实结果。")
    item.state, item.outcome = transition.moves[item.state], outcome.strip()
    item.closed_by, item.closed_at = by, at
    item.save()
    append([_event(transition, item)], by=by.actor(Role.SUPERVISOR), at=at)
    return item


def _held(item: CoordinationItem, transition: FollowUpTransition) -> CoordinationItem:
    now = locked(item)
    if not transition.starts_from(now.state):
        raise Refused(f"这件需协调事项现在是“{now.get_state_display()}”，不能再做这一步。")
    return now


def _noted(
    item: CoordinationItem, transition: FollowUpTransition, said: dict, roles: tuple, *, by: User, at: datetime
) -> CoordinationNote:
    said |= {"kind": transition.kind, "text": said["text"].strip()}
    note = CoordinationNote.objects.create(item=item, written_by=by, written_at=at, **said)
    append([_event(transition, item)], by=by.actor(*roles, of=note.unit_id), at=at)
    return note


def _event(transition: FollowUpTransition, item: CoordinationItem, facts: dict | None = None) -> LedgerEvent:
    facts = {"item": item.pk} | (facts or {})
    return LedgerEvent(transition.ledger_verb, "report", report_subject(item), facts, public=False)
