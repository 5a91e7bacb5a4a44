"""Actions on supervision slips (督办单) that were issued: reply, send back, raise, close, withdraw.

The unit replies; a supervisor of the unit that issued the slip judges the reply and ends it.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from django.conf import settings
from django.db import transaction

from common.errors import Refused
from common.files.uploads import CheckedFile
from common.text.canonical import digest
from common.time.days import local_day
from departments.models import CalendarDay, Department, User
from departments.roles import UNIT_ROLES, Role
from ledger.actions import LedgerEvent, append
from progress.actions.evidence import MAX_FILES
from progress.actions.locks import locked
from supervision.models import SlipFile, SlipStep, SupervisionSlip
from supervision.rules.slip_levels import higher_levels
from supervision.transitions import SLIP_TRANSITIONS, DueDay, FollowUpTransition
from tasks.recusal import answering_unit, is_recused, recusing_units

# The longest time to reply, in working days.
MAX_DAYS = 60


@transaction.atomic
def reply_slip(
    *, slip: SupervisionSlip, words: str, files: Iterable[CheckedFile], by: User, at: datetime
) -> SlipStep:
    """Replies to the slip for the unit that has to answer it; the unit that issued it acts next.

    `words` is the reply, `files` is its evidence, `at` the moment of the reply.

    Raises Refused when no reply is awaited, for a person of another unit, without words, and for
    too many files or the same file twice.
    """
    transition, files = SLIP_TRANSITIONS["reply"], list(files)
    slip = _locked_slip(slip, transition, by)
    unit = answering_unit(slip.department_id, by)
    if unit is None:
        raise Refused(f"督办单由{slip.department.short_name}回复。")
    require_text(words, "请写明办理情况。")
    _check_files(files)
    step = _record_step(slip, transition, words, unit=unit, by=by, at=at)
    for upload in files:
        SlipFile.objects.create(step=step, **upload.columns)
    facts = {"files": len(files), "due_on": step.due_on}
    actor = by.actor(*UNIT_ROLES, of=unit.pk)
    append([slip_event(transition.ledger_verb, slip, words, facts)], by=actor, at=at)
    return step


def _check_files(files: list[CheckedFile]) -> None:
    """Refused for too many files, and for the same file twice."""
    if len(files) > MAX_FILES:
        raise Refused(f"每次回复最多上传 {MAX_FILES} 份佐证材料。")
    if len({upload.sha256 for upload in files}) < len(files):
        raise Refused("有的佐证材料选了两次，请只留一份。")


def judgement_refusal_reason(slip: SupervisionSlip, by: User) -> str:
    """Why this person may not judge the reply or end the slip; empty when they may.

    The page asks it before it offers the forms, the actions ask it again.
    """
    if slip.department_id in recusing_units(by) or is_recused(slip.task, by):
        return "您所在的单位是这项任务的责任单位，按回避规定由其他单位的督查员办理。"
    if slip.unit_id not in by.related_units_as(Role.SUPERVISOR):
        return f"督办单由发出单位销号或撤销，请{slip.unit.short_name}的督查员办理。"
    return ""


@transaction.atomic
def send_back_slip(
    *, slip: SupervisionSlip, reason: str, days: int, by: User, at: datetime
) -> SlipStep:
    """Sends the slip back to the unit, which has to reply again.

    `reason` is shown to the unit; `days` are the working days it has, counted from the day of
    `at`, the moment it happens.

    Raises Refused when no reply waits to be judged, for a person who may not judge it, without a
    reason, and for days out of range.
    """
    transition = SLIP_TRANSITIONS["send_back"]
    slip = _locked_slip(slip, transition, by)
    require_text(reason, "退回重办请写明理由，责任单位会看到。")
    unit = _judging_unit(slip, by)
    step = _record_step(slip, transition, reason, days=days, unit=unit, by=by, at=at)
    return _append_judgement(transition, step, {"due_on": step.due_on})


@transaction.atomic
def raise_slip(
    *, slip: SupervisionSlip, level: str, reason: str, days: int, by: User, at: datetime
) -> SlipStep:
    """Raises the slip to a higher level; a slip that was replied to has to be replied to again.

    `level` is the key of the new level, `days` the working days to reply, counted from the day of
    `at`, the moment it happens.

    Raises Refused when the slip has ended, for a person who may not judge it, for a level that is
    not higher, without a reason, and for days out of range.
    """
    transition = SLIP_TRANSITIONS["raise"]
    slip = _locked_slip(slip, transition, by)
    if level not in {higher.key for higher in higher_levels(slip.level)}:
        raise Refused("请选择比现在高的级别。")
    require_text(reason, "提高级别请写明理由，责任单位会看到。")
    before, slip.level = slip.level, level
    unit = _judging_unit(slip, by)
    step = _record_step(slip, transition, reason, days=days, level=level, unit=unit, by=by, at=at)
    return _append_judgement(
        transition, step, {"slip_level": [before, level], "due_on": step.due_on}
    )


@transaction.atomic
def close_slip(*, slip: SupervisionSlip, note: str, by: User, at: datetime) -> SlipStep:
    """Closes the slip (销号), because what it demanded is done.

    `note` says how that was verified; `at` is the moment it happens.

    Raises Refused when no reply waits to be judged, for a person who may not judge it, and
    without a note.
    """
    transition = SLIP_TRANSITIONS["close"]
    slip = _locked_slip(slip, transition, by)
    require_text(note, "销号请写明核实的情况。")
    step = _record_step(slip, transition, note, unit=_judging_unit(slip, by), by=by, at=at)
    return _append_judgement(transition, step, {})


@transaction.atomic
def withdraw_slip(*, slip: SupervisionSlip, reason: str, by: User, at: datetime) -> SlipStep:
    """Withdraws a slip that was issued in error (撤销); the task may then have another one.

    `reason` is shown to the unit; `at` is the moment it happens.

    Raises Refused when the slip has ended, for a person who may not judge it, and without a
    reason.
    """
    transition = SLIP_TRANSITIONS["withdraw"]
    slip = _locked_slip(slip, transition, by)
    require_text(reason, "撤销请写明理由，责任单位会看到。")
    step = _record_step(slip, transition, reason, unit=_judging_unit(slip, by), by=by, at=at)
    return _append_judgement(transition, step, {})


def _locked_slip(
    slip: SupervisionSlip, transition: FollowUpTransition, by: User
) -> SupervisionSlip:
    """The locked slip; Refused when the transition is not possible now, or not for this person."""
    current = locked(slip)
    if not transition.starts_from(current.state):
        raise Refused(f"{current.serial}现在是“{current.get_state_display()}”，不能再做这一步。")
    if transition.judges and (refusal := judgement_refusal_reason(current, by)):
        raise Refused(refusal)
    return current


def _judging_unit(slip: SupervisionSlip, by: User) -> Department:
    """The person's unit, which issued the slip or is related by a merger to the issuer."""
    issuing_units = Department.objects.related_to({slip.unit_id})
    unit = by.acting_department(Role.SUPERVISOR, among=issuing_units)
    assert unit is not None, "nobody else may judge the slip (judgement_refusal_reason)"
    return unit


def _record_step(
    slip: SupervisionSlip,
    transition: FollowUpTransition,
    words: str,
    *,
    unit: Department,
    by: User,
    at: datetime,
    days: int = 0,
    level: str = "",
) -> SlipStep:
    """Applies the transition to the slip and adds the step that records it."""
    slip.state, slip.due_on = transition.moves[slip.state], _due_on(transition, at, days)
    slip.save()
    return SlipStep.objects.create(
        slip=slip,
        kind=transition.kind,
        words=words.strip(),
        level=level,
        due_on=slip.due_on,
        by=by,
        unit=unit,
        at=at,
    )


def _due_on(transition: FollowUpTransition, at: datetime, days: int) -> date | None:
    """The day by which the next step is due; None when none is.

    `days` are working days; some transitions take them from the site's settings instead.
    """
    if transition.due_day == DueDay.CLEARED:
        return None
    is_set_by_site = transition.due_day == DueDay.SITE
    return working_day(at, settings.SITE["slips"]["answer_days"] if is_set_by_site else days)


def _append_judgement(
    transition: FollowUpTransition, step: SlipStep, facts: Mapping[str, object]
) -> SlipStep:
    """Appends the ledger event of a supervisor's step."""
    by = step.by.actor(Role.SUPERVISOR, of=step.unit_id)
    append([slip_event(transition.ledger_verb, step.slip, step.words, facts)], by=by, at=step.at)
    return step


def slip_event(
    verb: str, slip: SupervisionSlip, words: str, facts: Mapping[str, object]
) -> LedgerEvent:
    """The internal ledger event of a step, with the digest of its words in place of the words."""
    text_facts = {"sha256": digest(words.strip()), "demonstration": slip.demonstration}
    return LedgerEvent(verb, "slip", slip.subject, {**text_facts, **facts}, public=False)


def require_text(text: str, refusal: str) -> None:
    """Raises Refused with this sentence where nothing was written."""
    if not text.strip():
        raise Refused(refusal)


def working_day(at: datetime, days: int) -> date:
    """The day that lies `days` working days after the day of `at`.

    Raises Refused for fewer than 1 or more than MAX_DAYS.
    """
    if not 1 <= days <= MAX_DAYS:
        raise Refused(f"回复期限请写 1 到 {MAX_DAYS} 个工作日。")
    return CalendarDay.objects.working_day_after(local_day(at), days)[0]
