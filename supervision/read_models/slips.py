"""Supervision slips (督办单) for the list, their page, the work list,
the circular and the public.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from common.text.wording import cn_date
from common.ui.chips import Chip, Tone
from departments.models import User
from departments.permissions import is_reporter_or_signer
from departments.roles import UNIT_ROLES, Role
from progress.permissions import can_read_report
from progress.read_models.work_item import WorkItem
from supervision.actions.slips import judgement_refusal_reason
from supervision.choices import SLIP_TONES, SlipState, SlipStepKind
from supervision.models import SlipFile, SlipStep, SupervisionSlip
from supervision.permissions import can_issue_slips
from supervision.rules.slip_levels import higher_levels, level_of
from supervision.transitions import SLIP_TRANSITIONS
from tasks.models import Plan, Task
from tasks.recusal import recusing_units


@dataclass(frozen=True)
class SlipLine:
    """One slip in a list, with its state and level as they are today."""

    slip: SupervisionSlip
    level: Chip
    state: Chip
    overdue: bool

    @property
    def should_be_raised(self) -> bool:
        """Whether the rules suggest a higher level: it is overdue and a higher level exists."""
        return self.overdue and bool(higher_levels(self.slip.level))


def slip_line(slip: SupervisionSlip, today: date) -> SlipLine:
    """The slip as a line of a list on the day `today`."""
    state = Chip(slip.get_state_display(), SLIP_TONES[slip.state])
    level = level_of(slip.level).chip(demo=slip.demonstration)
    # Nothing is due on an ended slip, so its level warns nobody any more.
    level = replace(level, tone=Tone.QUIET) if slip.is_ended else level
    return SlipLine(slip, level, state, slip.is_overdue(today))


@dataclass(frozen=True)
class SlipStepLine:
    """One step in the history of a slip; `due_on` is the day by which it demands a reply."""

    title: str
    at: datetime
    who: str
    words: str
    due_on: date | None = None
    files: tuple[SlipFile, ...] = ()


@dataclass(frozen=True)
class SlipPage:
    """One slip with its steps, oldest first.

    `refusal` says why this person may not judge the reply; empty otherwise. `reads_report` tells
    whether this person may read the report it rests on.
    """

    line: SlipLine
    steps: list[SlipStepLine]
    refusal: str
    reads_report: bool

    @property
    def slip(self) -> SupervisionSlip:
        return self.line.slip

    @property
    def last(self) -> SlipStepLine:
        return self.steps[-1]


def slip_page(slip: SupervisionSlip, user: User, today: date) -> SlipPage:
    """The slip as this person sees it. The number of queries does not grow with the steps."""
    rows = slip.steps.select_related("by", "unit").prefetch_related("files")
    may_judge_by_role = can_issue_slips(user) and not slip.is_ended
    refusal = judgement_refusal_reason(slip, user) if may_judge_by_role else ""
    steps = [_issue_line(slip), *map(_step_line, rows)]
    reads_report = can_read_report(user, slip.task, slip.period_id)
    return SlipPage(slip_line(slip, today), steps, refusal, reads_report)


def _issue_line(slip: SupervisionSlip) -> SlipStepLine:
    title = f"发出{level_of(slip.first_level).word}单"
    return SlipStepLine(
        title,
        slip.issued_at,
        f"{slip.unit.short_name} {slip.issued_by}",
        slip.demand,
        slip.first_due_on,
    )


def _step_line(row: SlipStep) -> SlipStepLine:
    title = f"提高为{level_of(row.level).word}" if row.level else row.get_kind_display()
    # After a reply the day binds the unit that issued the slip, so it is not shown as a demand.
    due_on = None if row.kind == SlipStepKind.REPLIED else row.due_on
    return SlipStepLine(
        title, row.at, f"{row.unit.short_name} {row.by}", row.words, due_on, tuple(row.files.all())
    )


def slip_work_items(user: User) -> list[WorkItem]:
    """What the person has to do: reply for their unit, or close or send back what was replied."""
    return [*_slips_to_reply(user), *_replies_to_judge(user)]


def _slips_to_reply(user: User) -> list[WorkItem]:
    if not is_reporter_or_signer(user):
        return []
    awaiting = SupervisionSlip.objects.awaiting_reply().filter(
        department__in=user.related_units_as(*UNIT_ROLES)
    )
    rows = list(awaiting.with_related())
    reasons = _send_back_reasons({row.pk for row in rows if row.state == SlipState.SENT_BACK})
    return [
        _work_item(
            row, "reply", f"{level_of(row.level).word}，请按要求回复", reasons.get(row.pk, "")
        )
        for row in rows
    ]


def _send_back_reasons(slip_ids: set[int]) -> dict[int, str]:
    """Maps a slip id to the reason why it was last sent back, or raised after a reply."""
    kinds = [SlipStepKind.SENT_BACK, SlipStepKind.RAISED]
    rows = (
        SlipStep.objects.filter(slip__in=slip_ids, kind__in=kinds).order_by("pk")
        if slip_ids
        else []
    )
    return {row.slip_id: row.words for row in rows}


def _replies_to_judge(user: User) -> list[WorkItem]:
    return [
        _work_item(row, "close", f"{row.department.short_name}已回复，请销号或退回重办")
        for row in slips_to_judge(user, SlipState.REPLIED)
    ]


def slips_to_judge(user: User, *states: str) -> list[SupervisionSlip]:
    """Slips in these states that the person may send back, raise or close, soonest due first."""
    if not can_issue_slips(user):
        return []
    own_units = recusing_units(user)
    issuing_units = user.related_units_as(Role.SUPERVISOR)
    rows = SupervisionSlip.objects.filter(state__in=states, unit__in=issuing_units).exclude(
        department__in=own_units
    )
    rows = rows.exclude(task__in=Task.objects.answered_for_by(own_units))
    return list(rows.with_related().order_by("due_on", "pk"))


def _work_item(slip: SupervisionSlip, verb: str, missing: str, returned: str = "") -> WorkItem:
    transition = SLIP_TRANSITIONS[verb]
    return WorkItem(
        due_on=slip.next_due_on,
        title=f"{transition.heading}：{slip.task.title}",
        missing=missing,
        url=slip.get_absolute_url(),
        verb=transition.prompt,
        note=f"{slip.serial} · {slip.task.code}",
        returned=returned,
        sent_back="督办单退回重办",
        demonstration=slip.demonstration,
    )


@dataclass(frozen=True)
class OpenSlip:
    """An open slip as the circular of a quarter lists it.

    `reply_due_on` is the day by which its unit last had to reply, also after it has replied.
    """

    line: SlipLine
    reply_due_on: date
    today: date

    @property
    def slip(self) -> SupervisionSlip:
        return self.line.slip

    @property
    def answer(self) -> str:
        """Whether the unit has replied, in words."""
        if self.slip.state == SlipState.REPLIED:
            return "已回复，待销号"
        delay = f"，逾期{(self.today - self.reply_due_on).days}天" if self.line.overdue else ""
        return f"{'退回重办，' if self.slip.state == SlipState.SENT_BACK else ''}未回复{delay}"


def open_slips(plans: list[Plan], today: date) -> list[OpenSlip]:
    """The open slips of these plans, in the order of their serial numbers. Two queries."""
    rows = (
        SupervisionSlip.objects.open()
        .filter(task__plan__in=plans)
        .with_related()
        .order_by("year", "number")
    )
    return [
        OpenSlip(slip_line(row, today), _reply_due_on(row), today)
        for row in rows.prefetch_related("steps")
    ]


def _reply_due_on(slip: SupervisionSlip) -> date:
    days = [
        step.due_on
        for step in slip.steps.all()
        if step.due_on and step.kind != SlipStepKind.REPLIED
    ]
    return days[-1] if days else slip.first_due_on


@dataclass(frozen=True)
class PublicSlip:
    """What the public may know of an open slip: its task and its level."""

    task: Task
    chip: Chip


def public_slips(plans: Iterable[Plan]) -> dict[int, list[PublicSlip]]:
    """Maps a plan id to its open slips in the order of the tasks, for plans whose slips are public.

    One query.
    """
    by_plan: dict[int, list[PublicSlip]] = {plan.pk: [] for plan in plans if plan.slips_public}
    rows = (
        SupervisionSlip.objects.open()
        .filter(task__plan__in=by_plan)
        .select_related("task")
        .order_by("task__number")
    )
    for row in rows.only(
        "level", "demonstration", *(f"task__{name}" for name in ("plan", "code", "number", "title"))
    ):
        by_plan[row.task.plan_id].append(PublicSlip(row.task, public_chip(row)))
    return by_plan


def public_chip(slip: SupervisionSlip) -> Chip:
    """The chip of the slip's level, which is all of it that the public sees."""
    return level_of(slip.level).chip(demo=slip.demonstration)


def public_slips_of(task: Task) -> list[tuple[Chip, str]]:
    """The open slip of the task with a sentence about it, if the plan's slips are public."""
    if not task.plan.slips_public:
        return []
    rows = task.slips.open().only("level", "demonstration")
    return [(public_chip(row), "督查单位已发出督办单，还没有销号。") for row in rows]


def withdrawn_slips_of(task: Task) -> list[str]:
    """A sentence on each withdrawn slip of the task, newest first, if the plan's are public.

    Readers who saw it learn what became of it; it was issued in error and warns nobody.
    """
    if not task.plan.slips_public:
        return []
    steps = SlipStep.objects.filter(slip__task=task, kind=SlipStepKind.WITHDRAWN)
    return [
        f"督查单位{cn_date(step.slip.issued_at)}发出的{level_of(step.slip.level).word}单，"
        f"{cn_date(step.at)}撤销{'（演示）' if step.slip.demonstration else ''}。"
        for step in steps.select_related("slip").order_by("-at")
    ]
