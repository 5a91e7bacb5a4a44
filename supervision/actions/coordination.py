"""Actions on coordination items (需协调事项): raise, decide, instruct, reply and close.

A unit or a supervisor raises an item, a leader decides it, the owner unit carries the decision
out, and a supervisor closes the item with its outcome.
"""

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction

from common.errors import Refused
from common.time.days import local_day
from departments.models import Department, User
from departments.permissions import is_leader
from departments.roles import OVERSIGHT_ROLES, UNIT_ROLES, Role
from ledger.actions import LedgerEvent, append
from progress.actions.locks import locked, report_subject
from progress.choices import PeriodState
from progress.models import ProgressReport, ReportingPeriod
from supervision.models import CoordinationItem, CoordinationNote
from supervision.transitions import COORDINATION_TRANSITIONS, FollowUpTransition
from tasks.models import Task
from tasks.recusal import answering_unit, is_recused, recusing_units


def coordination_raising_refusal_reason(task: Task, period: ReportingPeriod, by: User) -> str:
    """Why this person cannot raise an item about the task in the period; empty when they can.

    The page asks it before it offers the form, the action asks it again.
    """
    if period.state == PeriodState.SCHEDULED:
        return "这一期还没有开放。"
    if CoordinationItem.objects.active().filter(task=task, period=period).exists():
        return "这项任务这一期已经提出了需协调事项，还没有办结。"
    if _responsible_unit_ids(task, by):
        report = ProgressReport.objects.filter(task=task, period=period).first()
        if not has_submitted_help_request(report):
            return "请先在填报里写明需协调事项并报送，再提请协调。"
    return ""


def has_submitted_help_request(report: ProgressReport | None) -> bool:
    """Whether the report says what needs coordination and has been submitted."""
    return report is not None and report.is_handed_in and bool(report.help_needed.strip())


@transaction.atomic
def raise_coordination(
    *, task: Task, period: ReportingPeriod, text: str, by: User, at: datetime
) -> CoordinationItem:
    """Raises an item about a task in a period, for a responsible unit or else as a supervisor.

    `text` says what needs coordination; `at` is the moment it happens. A task has one open item
    in a period at most.

    Raises Refused when the period is not open yet, when an open item exists, when the unit's report
    does not say so or is not submitted, without a text, and for a person without the role.
    """
    period = locked(period)
    if refusal := coordination_raising_refusal_reason(task, period, by):
        raise Refused(refusal)
    if not text.strip():
        raise Refused("请写明需要协调什么。")
    own_units = _responsible_unit_ids(task, by)
    role = Role.REPORTER if own_units else Role.SUPERVISOR
    unit = _require_acting_unit(by, role, own_units)
    transition = COORDINATION_TRANSITIONS["raise"]
    item = CoordinationItem.objects.create(
        task=task,
        period=period,
        text=text.strip(),
        department=unit,
        raised_by=by,
        raised_at=at,
        state=transition.moves[None],
    )
    append([_event(transition, item)], by=by.actor(role, of=unit.pk), at=at)
    return item


def _require_acting_unit(by: User, role: str, among: set[int] | None = None) -> Department:
    """The unit for which the person acts in the role; Refused without one."""
    unit = by.acting_department(role, among=among or None)
    if unit is None:
        raise Refused("您现在的岗位不能办这一步。")
    return unit


def _responsible_unit_ids(task: Task, by: User) -> set[int]:
    """Ids of the units that are responsible for the task and for which the person reports."""
    reporting_units = by.department_ids(Role.REPORTER)
    own = task.responsibilities.in_force().filter(department__in=reporting_units)
    return set(own.values_list("department", flat=True))


def coordination_decision_refusal_reason(item: CoordinationItem, by: User) -> str:
    """Why this person may not record a decision on the item; empty when they may.

    A leader may decide about their own units. A supervisor only records what a meeting decided,
    and does not do so where their own unit is responsible.
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
    """Records a decision, made by a leader or recorded by a supervisor.

    `meeting` says where it was made, `decided_on` on which day; `owner` carries it out by
    `due_on`. `at` is the moment of recording.

    Raises Refused when the item does not wait for a decision, for a supervisor who is recused,
    without a meeting or decision, for a future day of decision, and when `due_on` lies before it.
    """
    transition = COORDINATION_TRANSITIONS["decide"]
    item = _locked_item(item, transition)
    if refusal := coordination_decision_refusal_reason(item, by):
        raise Refused(refusal)
    if not (meeting.strip() and decision.strip()):
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
def instruct_coordination(
    *, item: CoordinationItem, text: str, day: date, by: User, at: datetime
) -> CoordinationNote:
    """Adds an instruction (批示) of a leader, before or after the decision; earlier ones stay.

    `day` is the day of the instruction, `at` the moment of recording.

    Raises Refused when the item is closed, without a text, for a day after the day of `at`, and
    for a person who is no leader.
    """
    transition = COORDINATION_TRANSITIONS["instruct"]
    item = _locked_item(item, transition)
    if not text.strip():
        raise Refused("请写明批示内容。")
    if day > local_day(at):
        raise Refused("批示日期不晚于今天。")
    unit = _require_acting_unit(by, Role.LEADER)
    note = _add_note(item, transition, text=text, day=day, unit=unit, by=by, at=at)
    append([_event(transition, item)], by=by.actor(Role.LEADER, of=unit.pk), at=at)
    return note


@transaction.atomic
def reply_coordination(
    *, item: CoordinationItem, text: str, by: User, at: datetime
) -> CoordinationNote:
    """Adds a report of the owner unit on how it carries out the decision; it may report again.

    `at` is the moment of the report.

    Raises Refused when the item is not decided or is closed, for a person of another unit, and
    without a text.
    """
    transition = COORDINATION_TRANSITIONS["reply"]
    item = _locked_item(item, transition)
    unit = answering_unit(item.owner_id, by)
    if unit is None:
        raise Refused("落实情况由落实单位的填报员或审签人报告。")
    if not text.strip():
        raise Refused("请写明落实情况。")
    note = _add_note(item, transition, text=text, day=local_day(at), unit=unit, by=by, at=at)
    append([_event(transition, item)], by=by.actor(*UNIT_ROLES, of=unit.pk), at=at)
    return note


def coordination_closing_refusal_reason(item: CoordinationItem, by: User) -> str:
    """Why this person may not close the item; empty when they may.

    They may not where their own unit is responsible for the task or carries out the decision.
    """
    if is_recused(item.task, by) or item.owner_id in recusing_units(by):
        return "您所在的单位是责任单位或落实单位，按回避规定由其他单位的督查员办结。"
    return ""


@transaction.atomic
def close_coordination(
    *, item: CoordinationItem, outcome: str, by: User, at: datetime
) -> CoordinationItem:
    """Closes the item with its outcome, also when it settled itself before a decision.

    `at` is the moment it happens.

    Raises Refused when the item is closed already, for a person who is recused, and without an
    outcome.
    """
    transition = COORDINATION_TRANSITIONS["close"]
    item = _locked_item(item, transition)
    if refusal := coordination_closing_refusal_reason(item, by):
        raise Refused(refusal)
    if not outcome.strip():
        raise Refused("请写明落实结果。")
    item.state, item.outcome = transition.moves[item.state], outcome.strip()
    item.closed_by, item.closed_at = by, at
    item.save()
    append([_event(transition, item)], by=by.actor(Role.SUPERVISOR), at=at)
    return item


def _locked_item(item: CoordinationItem, transition: FollowUpTransition) -> CoordinationItem:
    """The locked item; Refused when the transition is not possible now."""
    current = locked(item)
    if not transition.starts_from(current.state):
        raise Refused(f"这件需协调事项现在是“{current.get_state_display()}”，不能再做这一步。")
    return current


def _add_note(
    item: CoordinationItem,
    transition: FollowUpTransition,
    *,
    text: str,
    day: date,
    unit: Department,
    by: User,
    at: datetime,
) -> CoordinationNote:
    """Adds the note that the transition leaves behind."""
    return CoordinationNote.objects.create(
        item=item,
        kind=transition.kind,
        text=text.strip(),
        day=day,
        unit=unit,
        written_by=by,
        written_at=at,
    )


def _event(
    transition: FollowUpTransition,
    item: CoordinationItem,
    facts: Mapping[str, object] | None = None,
) -> LedgerEvent:
    """The internal ledger event of a step, filed under the report of the task and period."""
    subject = report_subject(item)
    item_facts = {"item": item.pk, **(facts or {})}
    return LedgerEvent(transition.ledger_verb, "report", subject, item_facts, public=False)
