"""Actions that give one task more time: an extension before the due day, an unlock after it."""

from collections.abc import Mapping
from datetime import date, datetime

from django.conf import settings
from django.db import transaction

from common.errors import Refused
from common.text.wording import cn_date
from common.time.days import local_day
from departments.models import CalendarDay, User
from departments.roles import UNIT_ROLES, Role
from ledger.actions import LedgerEvent, append
from progress.actions.locks import locked, locked_period, report_subject
from progress.choices import FILED, ExtensionState, PeriodState, ReportStatus
from progress.models import ExtensionRequest, ProgressReport, ReportingPeriod, Unlock
from progress.requirements.deadlines import Deadline, deadline_for
from tasks.choices import ResponsibilityKind
from tasks.models import Responsibility, Task
from tasks.recusal import check_not_recused


def extension_refusal_reason(
    deadline: Deadline, report: ProgressReport | None, *, today: date
) -> str:
    """Why no extension can be requested on this day, for page and action; empty when one can."""
    if deadline.period.state == PeriodState.SCHEDULED:
        return "这一期还没有开放，不需要延期。"
    if deadline.period.state == PeriodState.RELEASED:
        return "这一期已经公布，可以直接补报，不需要延期。"
    if report and (refusal := _no_more_time_needed(report)):
        return refusal
    if deadline.latest and deadline.latest.is_waiting:
        return "已经申请过延期，请等督查室答复。"
    due_on = cn_date(deadline.due_on)
    return f"报送截止日（{due_on}）已过，不能再申请延期。" if today > deadline.due_on else ""


def _no_more_time_needed(report: ProgressReport) -> str:
    """Why a report that was begun needs no more time; empty when it may."""
    if report.is_handed_in:
        return "这一期已经报送过，不需要延期。"
    if report.status == ReportStatus.SIGNING:
        return "填报正在审签。需要更多时间的，先收回修改，再申请延期。"
    return ""


def answering_for(task: Task, by: User) -> Responsibility:
    """The responsible unit for which the person acts, the lead before the others.

    Raises Refused if the person belongs to none of the responsible units.
    """
    own_units = by.department_ids(*UNIT_ROLES)
    own = task.responsibilities.in_force().filter(department__in=own_units)
    lead_first = sorted(
        own.select_related("department"), key=lambda row: row.kind != ResponsibilityKind.LEAD
    )
    if not lead_first:
        raise Refused("只有这项任务的责任单位可以申请。")
    return lead_first[0]


@transaction.atomic
def ask_extension(
    *,
    task: Task,
    period: ReportingPeriod,
    reason: str,
    progress_so_far: str,
    requested_until: date,
    by: User,
    at: datetime,
) -> ExtensionRequest:
    """Requests a later due day for one task; nothing changes before it is granted.

    `requested_until`: the day proposed. `at`: the moment of the request, at latest on the due day.

    Raises Refused if no extension can be requested (`extension_refusal_reason`), the reason or the
    progress so far is empty, the day is not after the present due day, or the person belongs to no
    responsible unit.
    """
    # Locked, so that of two people with the same request the second one is refused.
    period = locked(period)
    deadline = deadline_for(task, period)
    report = ProgressReport.objects.filter(task=task, period=period).first()
    if refusal := extension_refusal_reason(deadline, report, today=local_day(at)):
        raise Refused(refusal)
    if not reason.strip() or not progress_so_far.strip():
        raise Refused("请写明延期理由和目前进展。")
    _check_later(requested_until, deadline)
    extension = ExtensionRequest.objects.create(
        task=task,
        period=period,
        department=answering_for(task, by).department,
        reason=reason.strip(),
        progress_so_far=progress_so_far.strip(),
        requested_until=requested_until,
        requested_by=by,
        requested_at=at,
    )
    facts = {"due_on": deadline.due_on, "asked_until": requested_until}
    actor = by.actor(*UNIT_ROLES, of=extension.department_id)
    append([_event("ask_extension", extension, facts)], by=actor, at=at)
    return extension


@transaction.atomic
def grant_extension(
    *, extension: ExtensionRequest, until: date, note: str = "", by: User, at: datetime
) -> ExtensionRequest:
    """Grants an extension: `until` becomes the due day of this one task.

    The period keeps its own day, which is shown beside it. `at`: the moment of the decision.

    Raises Refused if the request is answered already, the day is not after the present due day, or
    the person must recuse themselves.
    """
    extension = _lock_pending(extension, by)
    before = deadline_for(extension.task, extension.period)
    _check_later(until, before)
    extension.state, extension.granted_until = ExtensionState.GRANTED, until
    facts = {"due_on": before.due_on, "granted_until": until}
    return _save_decision(extension, "grant_extension", note, facts, by=by, at=at)


@transaction.atomic
def refuse_extension(
    *, extension: ExtensionRequest, note: str, by: User, at: datetime
) -> ExtensionRequest:
    """Refuses an extension, with a note the unit can read. `at`: the moment of the decision.

    Raises Refused if the request is answered already, the note is empty, or the person must recuse
    themselves.
    """
    extension = _lock_pending(extension, by)
    if not note.strip():
        raise Refused("不同意延期请写明理由，申请单位会看到。")
    extension.state = ExtensionState.REFUSED
    return _save_decision(extension, "refuse_extension", note, {}, by=by, at=at)


def _lock_pending(extension: ExtensionRequest, by: User) -> ExtensionRequest:
    # The period first, so that due days do not change while a release is under way.
    locked(extension.period)
    extension = locked(extension)
    check_not_recused(extension.task, by, "答复")
    if extension.state != ExtensionState.ASKED:
        raise Refused(f"这份延期申请已经答复过：{extension.get_state_display()}。")
    return extension


def _save_decision(
    extension: ExtensionRequest,
    verb: str,
    note: str,
    facts: Mapping[str, object],
    *,
    by: User,
    at: datetime,
) -> ExtensionRequest:
    extension.note, extension.decided_by, extension.decided_at = note.strip(), by, at
    extension.save()
    append([_event(verb, extension, facts)], by=by.actor(Role.SUPERVISOR), at=at)
    return extension


def _check_later(day: date, deadline: Deadline) -> None:
    if day <= deadline.due_on:
        raise Refused(f"延期到的日子须晚于现在的报送截止日（{cn_date(deadline.due_on)}）。")


def unlock_refusal_reason(deadline: Deadline, report: ProgressReport | None, *, today: date) -> str:
    """Why this report cannot be unlocked on this day, for page and action; empty when it can."""
    if deadline.period.state != PeriodState.CLOSED:
        is_released = deadline.period.state == PeriodState.RELEASED
        return (
            "公布之后单位可以直接补报，不需要单项开放。"
            if is_released
            else "填报期截止以后才需要单项开放。"
        )
    if report and report.status in FILED:
        return "这份填报已经报送；需要单位修改的，请退回修改。"
    if unlock := deadline.running_unlock(today):
        return f"这一项已经开放，{cn_date(unlock.expires_on)}为止。"
    return ""


@transaction.atomic
def unlock_report(
    *, task: Task, period: ReportingPeriod, reason: str, by: User, at: datetime
) -> Unlock:
    """Lets the units write and submit one report of a closed period again; it stays late.

    It ends by itself after settings.UNLOCK_DAYS working days. `at`: the moment of the decision.

    Raises Refused if the period is not closed, the report cannot be unlocked
    (`unlock_refusal_reason`), the reason is empty, or the person must recuse themselves.
    """
    period = locked_period(period, PeriodState.CLOSED)
    check_not_recused(task, by, "开放")
    today = local_day(at)
    report = ProgressReport.objects.filter(task=task, period=period).first()
    if refusal := unlock_refusal_reason(deadline_for(task, period), report, today=today):
        raise Refused(refusal)
    if not reason.strip():
        raise Refused("单项开放请写明理由。")
    Unlock.objects.filter(task=task, period=period, is_current=True).update(is_current=False)
    unlock = Unlock.objects.create(
        task=task,
        period=period,
        reason=reason.strip(),
        opened_by=by,
        opened_at=at,
        expires_on=unlock_until(today),
    )
    append(
        [_event("unlock_report", unlock, {"expires_on": unlock.expires_on})],
        by=by.actor(Role.SUPERVISOR),
        at=at,
    )
    return unlock


def unlock_until(today: date) -> date:
    """The last day of an unlock made today: settings.UNLOCK_DAYS working days later."""
    return CalendarDay.objects.working_day_after(today, settings.UNLOCK_DAYS)[0]


def _event(verb: str, row: ExtensionRequest | Unlock, facts: Mapping[str, object]) -> LedgerEvent:
    return LedgerEvent(verb, "report", report_subject(row), dict(facts), public=False)
