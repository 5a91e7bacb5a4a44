"""The action that issues a supervision slip (督办单) to the unit that leads a task.

A supervisor issues it. The rules only propose slips, they never issue one.
"""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from common.errors import Refused
from common.time.days import local_day
from departments.models import Department, User
from departments.roles import Role
from ledger.actions import append
from progress.actions.locks import locked
from progress.models import ReportingPeriod
from progress.requirements.report import lead_of
from publishing.models import Publication
from supervision.actions.slips import require_text, slip_event, working_day
from supervision.choices import SlipGround
from supervision.models import SlipCounter, SupervisionSlip
from supervision.rules.slip_levels import slip_levels
from supervision.transitions import SLIP_TRANSITIONS
from tasks.models import Task
from tasks.recusal import check_not_recused


@dataclass(frozen=True)
class Basis:
    """What led to a slip: in words, with the period and publication it rests on."""

    words: str
    ground: str = SlipGround.OTHER
    period: ReportingPeriod | None = None
    publication: Publication | None = None


@transaction.atomic
def issue_slip(
    *,
    task: Task,
    level: str,
    basis: Basis,
    demand: str,
    days: int,
    by: User,
    at: datetime,
    demonstration: bool = False,
) -> SupervisionSlip:
    """Issues a slip to the unit that leads the task.

    `level` is the key of a level, `demand` what the unit has to answer, `days` the working days it
    has for that, counted from the day of `at`, the moment of issue.

    Raises Refused for a person who is recused or no supervisor, for a task that has ended, has no
    lead or has an open slip, for an unknown level, without a basis or demand, and for days out of
    range.
    """
    task = locked(task)
    check_not_recused(task, by, "督办")
    department, unit = _lead_unit(task), _issuing_unit(by)
    _check_content(level, basis, demand)
    transition = SLIP_TRANSITIONS["issue"]
    slip = _build_slip(task, level, basis, demand, due_on=working_day(at, days))
    slip.department, slip.unit = department, unit
    slip.year = local_day(at).year
    slip.number = _next_number(slip.year)
    slip.state, slip.issued_by, slip.issued_at = transition.moves[None], by, at
    slip.demonstration = demonstration
    slip.save(force_insert=True)
    facts = {"task": task.code, "slip_level": level, "ground": basis.ground, "due_on": slip.due_on}
    actor = by.actor(Role.SUPERVISOR, of=unit.pk)
    append([slip_event(transition.ledger_verb, slip, demand, facts)], by=actor, at=at)
    return slip


def _build_slip(
    task: Task, level: str, basis: Basis, demand: str, *, due_on: date
) -> SupervisionSlip:
    return SupervisionSlip(
        task=task,
        level=level,
        first_level=level,
        ground=basis.ground,
        period=basis.period,
        publication=basis.publication,
        basis=basis.words.strip(),
        demand=demand.strip(),
        due_on=due_on,
        first_due_on=due_on,
    )


def _check_content(level: str, basis: Basis, demand: str) -> None:
    """Refused for an unknown level, and without a basis or a demand."""
    if level not in {known.key for known in slip_levels()}:
        raise Refused("请选择督办级别。")
    require_text(basis.words, "请写明督办依据。")
    require_text(demand, "请写明督办要求，责任单位会看到。")


def _lead_unit(task: Task) -> Department:
    """The unit that leads the task; Refused when the task cannot have a slip now."""
    if ended := task.change_requests.closing().first():
        raise Refused(
            f"这项任务已{ended.get_kind_display()}，不再督办；由其他任务承接的，请督办承接的任务。"
        )
    lead = lead_of(task)
    if lead is None:
        raise Refused("这项任务还没有牵头单位，没有可以督办的单位：请先指定。")
    if open_slip := task.slips.open().first():
        raise Refused(f"这项任务已有一张没有销号的{open_slip.serial}；事情更急的，请提高它的级别。")
    return lead.department


def _next_number(year: int) -> int:
    """The next serial number of the year; no number is used twice, also not after a withdrawal."""
    counter, _ = SlipCounter.objects.select_for_update().get_or_create(year=year)
    counter.last += 1
    counter.save(update_fields=["last"])
    return counter.last


def _issuing_unit(by: User) -> Department:
    unit = by.acting_department(Role.SUPERVISOR)
    if unit is None:
        raise Refused("督办单由督查员发出。")
    return unit
