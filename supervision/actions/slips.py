"""督办单: issued by a supervisor, answered by the lead unit, ended by the issuer's side. Rules only propose."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.db import transaction

from common.errors import Refused
from common.files.uploads import CheckedFile
from common.text.canonical import digest
from common.time.days import local_day
from departments.models import CalendarDay, Department, Role, User
from departments.roles import UNIT_ROLES
from ledger.actions import LedgerEvent, append
from progress.actions.evidence import MAX_FILES
from progress.actions.locks import locked
from progress.models import ReportingPeriod
from progress.requirements.report import lead_of
from publishing.models import Publication
from supervision.choices import SlipGround
from supervision.models import SlipCounter, SlipFile, SlipStep, SupervisionSlip
from supervision.rules.slip_levels import higher_levels, slip_levels
from supervision.transitions import SLIP_TRANSITIONS, DueDay, FollowUpTransition
from tasks.models import Task
from tasks.recusal import answering_unit, check_not_recused, is_recused, recusing_units

MAX_DAYS = 60


@dataclass(frozen=True)
class Basis:
    """What led to a slip: in words, and as a reference that can be looked up."""

    words: str
    ground: str = SlipGround.OTHER
    period: ReportingPeriod | None = None
    publication: Publication | None = None

    @property
    def columns(self) -> dict:
        reference = {"period": self.period, "publication": self.publication}
        return {"basis": self.words.strip(), "ground": self.ground} | reference


@transaction.atomic
def issue_slip(
    *, task: Task, level: str, basis: Basis, demand: str, days: int, by: User, at: datetime, demonstration: bool = False
) -> SupervisionSlip:
    """To the unit that leads the task; `days` are the working days it has to answer.

    Raises Refused for somebody who is recused, where nobody leads the task, it has ended or has an
    open slip already, and for a level, words or days that will not do.
    """
    task = locked(task)
    check_not_recused(task, by, "督办")
    unit = {"department": _addressed(task), "unit": _issuing_unit(by)}
    _check_words(level, basis, demand)
    transition = SLIP_TRANSITIONS["issue"]
    due_on = _due_on(transition, at, days)
    said = basis.columns | {"demand": demand.strip(), "demonstration": demonstration}
    first = {"level": level, "first_level": level, "due_on": due_on, "first_due_on": due_on}
    issued = _next_number(local_day(at).year) | {"issued_by": by, "issued_at": at}
    issued |= {"state": transition.moves[None]}
    slip = SupervisionSlip.objects.create(task=task, **unit, **said, **first, **issued)
    facts = {"task": task.code, "slip_level": level, "ground": basis.ground, "due_on": due_on}
    actor = by.actor(Role.SUPERVISOR, of=slip.unit_id)
    append([_event(transition.ledger_verb, slip, demand, facts)], by=actor, at=at)
    return slip


def _check_words(level: str, basis: Basis, demand: str) -> None:
    if level not in {rung.key for rung in slip_levels()}:
        raise Refused("请选择督办级别。")
    _check_said(basis.words, "请写明督办依据。")
    _check_said(demand, "请写明督办要求，责任单位会看到。")


def _addressed(task: Task) -> Department:
    """The unit that leads it, if it may be asked for anything now."""
    if ended := task.change_requests.closing().first():
        raise Refused(f"这项任务已{ended.get_kind_display()}，不再督办；由其他任务承接的，请督办承接的任务。")
    lead = lead_of(task)
    if lead is None:
        raise Refused("这项任务还没有牵头单位，没有可以督办的单位：请先指定。")
    if known := task.slips.open().first():
        raise Refused(f"这项任务已有一张没有销号的{known.serial}；事情更急的，请提高它的级别。")
    return lead.department


def _next_number(year: int) -> dict[str, int]:
    """Given out once: a slip that is withdrawn keeps its own."""
    counter, _ = SlipCounter.objects.select_for_update().get_or_create(year=year)
    counter.last += 1
    counter.save(update_fields=["last"])
    return {"year": year, "number": counter.last}


def _issuing_unit(by: User) -> Department:
    unit = by.acting_department(Role.SUPERVISOR)
    if unit is None:
        raise Refused("督办单由督查员发出。")
    return unit


@transaction.atomic
def reply_slip(*, slip: SupervisionSlip, words: str, files: Iterable[CheckedFile], by: User, at: datetime) -> SlipStep:
    """The unit's answer with its papers; from now on the issuer's side has it.

    Raises Refused in any other state, for somebody of another unit, without words, and for too
    many files or one file twice.
    """
    transition, files = SLIP_TRANSITIONS["reply"], list(files)
    slip = _locked(slip, transition, by)
    unit = answering_unit(slip.department_id, by)
    if unit is None:
        raise Refused(f"督办单由{slip.department.short_name}回复。")
    _check_said(words, "请写明办理情况。")
    _check_files(files)
    step = _step(slip, transition, words, unit=unit, by=by, at=at)
    for upload in files:
        SlipFile.objects.create(step=step, **upload.columns)
    facts = {"files": len(files), "due_on": step.due_on}
    actor = by.actor(*UNIT_ROLES, of=unit.pk)
    append([_event(transition.ledger_verb, slip, words, facts)], by=actor, at=at)
    return step


def _check_files(files: list[CheckedFile]) -> None:
    if len(files) > MAX_FILES:
        raise Refused(f"每次回复最多上传 {MAX_FILES} 份佐证材料。")
    if len({upload.sha256 for upload in files}) < len(files):
        raise Refused("有的佐证材料选了两次，请只留一份。")


def judgement_refusal_reason(slip: SupervisionSlip, by: User) -> str:
    """Why this person may not judge what was answered; empty when they may. The page asks it as the deeds do."""
    if slip.department_id in recusing_units(by) or is_recused(slip.task, by):
        return "您所在的单位是这项任务的责任单位，按回避规定由其他单位的督查员办理。"
    if slip.unit_id not in by.related_units_as(Role.SUPERVISOR):
        return f"督办单由发出单位销号或撤销，请{slip.unit.short_name}的督查员办理。"
    return ""


@transaction.atomic
def send_back_slip(*, slip: SupervisionSlip, reason: str, days: int, by: User, at: datetime) -> SlipStep:
    """The unit has to answer once more within `days` working days.

    Raises Refused in any other state, for somebody who may not judge, and without a reason.
    """
    transition = SLIP_TRANSITIONS["send_back"]
    slip = _locked(slip, transition, by)
    _check_said(reason, "退回重办请写明理由，责任单位会看到。")
    unit = _judging_unit(slip, by)
    step = _step(slip, transition, reason, days=days, unit=unit, by=by, at=at)
    return _judged(transition, step, {"due_on": step.due_on})


@transaction.atomic
def raise_slip(*, slip: SupervisionSlip, level: str, reason: str, days: int, by: User, at: datetime) -> SlipStep:
    """A higher level and `days` working days to answer; what was answered is to be answered again.

    Raises Refused in any other state, for somebody who may not judge, for a level that is not
    higher, and without a reason.
    """
    transition = SLIP_TRANSITIONS["raise"]
    slip = _locked(slip, transition, by)
    if level not in {rung.key for rung in higher_levels(slip.level)}:
        raise Refused("请选择比现在高的级别。")
    _check_said(reason, "提高级别请写明理由，责任单位会看到。")
    before, slip.level = slip.level, level
    unit = _judging_unit(slip, by)
    step = _step(slip, transition, reason, days=days, level=level, unit=unit, by=by, at=at)
    return _judged(transition, step, {"slip_level": [before, level], "due_on": step.due_on})


@transaction.atomic
def close_slip(*, slip: SupervisionSlip, note: str, by: User, at: datetime) -> SlipStep:
    """销号: what was demanded is done.

    Raises Refused in any other state, for somebody who may not judge, and without a note.
    """
    transition = SLIP_TRANSITIONS["close"]
    slip = _locked(slip, transition, by)
    _check_said(note, "销号请写明核实的情况。")
    step = _step(slip, transition, note, unit=_judging_unit(slip, by), by=by, at=at)
    return _judged(transition, step, {})


@transaction.atomic
def withdraw_slip(*, slip: SupervisionSlip, reason: str, by: User, at: datetime) -> SlipStep:
    """撤销 of what was issued in error: nothing is demanded any more, the task may have another.

    Raises Refused in any other state, for somebody who may not judge, and without a reason.
    """
    transition = SLIP_TRANSITIONS["withdraw"]
    slip = _locked(slip, transition, by)
    _check_said(reason, "撤销请写明理由，责任单位会看到。")
    step = _step(slip, transition, reason, unit=_judging_unit(slip, by), by=by, at=at)
    return _judged(transition, step, {})


def _locked(slip: SupervisionSlip, transition: FollowUpTransition, by: User) -> SupervisionSlip:
    """The slip as it is now, where the transition is open to the person; else Refused."""
    now = locked(slip)
    if not transition.starts_from(now.state):
        raise Refused(f"{now.serial}现在是“{now.get_state_display()}”，不能再做这一步。")
    if transition.judges and (refusal := judgement_refusal_reason(now, by)):
        raise Refused(refusal)
    return now


def _judging_unit(slip: SupervisionSlip, by: User) -> Department:
    """The person's own unit on the issuer's side."""
    return by.acting_department(Role.SUPERVISOR, among=Department.objects.related_to({slip.unit_id}))


def _step(
    slip: SupervisionSlip, transition: FollowUpTransition, words: str, *, at: datetime, days: int = 0, **about
) -> SlipStep:
    """The slip as the transition leaves it, and the step that tells of it."""
    slip.state, slip.due_on = transition.moves[slip.state], _due_on(transition, at, days)
    slip.save()
    columns = {"kind": transition.kind, "words": words.strip(), "due_on": slip.due_on, "at": at}
    return SlipStep.objects.create(slip=slip, **columns, **about)


def _due_on(transition: FollowUpTransition, at: datetime, days: int) -> date | None:
    """The day by which whoever has the slip next has to act."""
    if transition.due_day == DueDay.CLEARED:
        return None
    by_site = transition.due_day == DueDay.SITE
    return _working_day(at, settings.SITE["slips"]["answer_days"] if by_site else days)


def _judged(transition: FollowUpTransition, step: SlipStep, facts: dict) -> SlipStep:
    by = step.by.actor(Role.SUPERVISOR, of=step.unit_id)
    append([_event(transition.ledger_verb, step.slip, step.words, facts)], by=by, at=step.at)
    return step


def _event(verb: str, slip: SupervisionSlip, words: str, facts: dict) -> LedgerEvent:
    """The words stay in the house; the record keeps their digest."""
    said = {"sha256": digest(words.strip()), "demonstration": slip.demonstration}
    return LedgerEvent(verb, "slip", slip.subject, said | facts, public=False)


def _check_said(words: str, otherwise: str) -> None:
    if not words.strip():
        raise Refused(otherwise)


def _working_day(at: datetime, days: int) -> date:
    if not 1 <= days <= MAX_DAYS:
        raise Refused(f"回复期限请写 1 到 {MAX_DAYS} 个工作日。")
    return CalendarDay.objects.working_day_after(local_day(at), days)[0]
