"""督办单 before those who issue, answer and read them; one function each for list, page, workspace and public page."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from common.ui.chips import Chip
from departments.models import Role, User
from departments.permissions import is_reporter_or_signer
from departments.roles import UNIT_ROLES
from progress.permissions import can_read_report
from progress.read_models.work_item import WorkItem
from supervision.actions.slips import judgement_refusal_reason
from supervision.choices import ENDED, SLIP_TONES, SlipState, SlipStepKind
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
    def rises(self) -> bool:
        """Overdue, and not on the highest rung yet: the rules suggest the next one."""
        return self.overdue and bool(higher_levels(self.slip.level))


def line_of_slip(slip: SupervisionSlip, today: date) -> SlipLine:
    late = slip.awaits_reply and slip.due_on < today
    state = Chip(slip.get_state_display(), SLIP_TONES[slip.state])
    return SlipLine(slip, level_of(slip.level).chip(demo=slip.demonstration), state, late)


@dataclass(frozen=True)
class SlipStepLine:
    """One thing done with a slip; `due_on` is the day by which it demands an answer."""

    title: str
    at: datetime
    who: str
    words: str
    due_on: date | None = None
    files: tuple[SlipFile, ...] = ()


@dataclass(frozen=True)
class SlipPage:
    """One slip with its whole story, oldest first. `refusal`: why this person may not judge the answer.

    `reads_report`: whether the report it rests on is in this person's sight.
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
    """A constant number of queries, however long the story."""
    rows = slip.steps.select_related("by", "unit").prefetch_related("files")
    asks = can_issue_slips(user) and not slip.ended
    refusal = judgement_refusal_reason(slip, user) if asks else ""
    steps, reads_report = [_issued(slip), *map(_step, rows)], can_read_report(user, slip.task, slip.period_id)
    return SlipPage(line_of_slip(slip, today), steps, refusal, reads_report)


def _issued(slip: SupervisionSlip) -> SlipStepLine:
    title = f"发出{level_of(slip.first_level).word}单"
    return SlipStepLine(
        title, slip.issued_at, f"{slip.unit.short_name} {slip.issued_by}", slip.demand, slip.first_due_on
    )


def _step(row: SlipStep) -> SlipStepLine:
    title = f"提高为{level_of(row.level).word}" if row.level else row.get_kind_display()
    # The day the issuer's side set itself is no demand of anybody.
    due_on = None if row.kind == SlipStepKind.REPLIED else row.due_on
    return SlipStepLine(title, row.at, f"{row.unit.short_name} {row.by}", row.words, due_on, tuple(row.files.all()))


def slip_work_items(user: User) -> list[WorkItem]:
    """To answer for those of the unit, to close or send back for the issuer's side."""
    return [*_to_answer(user), *_to_judge(user)]


def _to_answer(user: User) -> list[WorkItem]:
    if not is_reporter_or_signer(user):
        return []
    rows = SupervisionSlip.objects.awaiting_reply().filter(department__in=user.related_units_as(*UNIT_ROLES))
    rows = list(rows.with_related())
    reasons = _sent_back({row.pk for row in rows if row.state == SlipState.SENT_BACK})
    return [
        _work_item(row, "reply", f"{level_of(row.level).word}，请按要求回复", reasons.get(row.pk, "")) for row in rows
    ]


def _sent_back(slips: set[int]) -> dict[int, str]:
    """Slip id -> why it came back, the last time; raised after an answer it came back too."""
    kinds = [SlipStepKind.SENT_BACK, SlipStepKind.RAISED]
    rows = SlipStep.objects.filter(slip__in=slips, kind__in=kinds).order_by("pk") if slips else []
    return {row.slip_id: row.words for row in rows}


def _to_judge(user: User) -> list[WorkItem]:
    return [
        _work_item(row, "close", f"{row.department.short_name}已回复，请销号或退回重办")
        for row in on_own_side(user, SlipState.REPLIED)
    ]


def on_own_side(user: User, *states: str) -> list[SupervisionSlip]:
    """Those in these states that the person may send back, raise or close, the soonest due first."""
    if not can_issue_slips(user):
        return []
    barred = recusing_units(user)
    side = user.related_units_as(Role.SUPERVISOR)
    rows = SupervisionSlip.objects.filter(state__in=states, unit__in=side).exclude(department__in=barred)
    return list(rows.exclude(task__in=Task.objects.answered_for_by(barred)).with_related().order_by("due_on", "pk"))


def _work_item(slip: SupervisionSlip, verb: str, missing: str, returned: str = "") -> WorkItem:
    transition = SLIP_TRANSITIONS[verb]
    return WorkItem(
        due_on=slip.due_on,
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
    """One not closed yet, as the paper of a quarter lists it; `asked_by` is the day its unit was given last."""

    line: SlipLine
    asked_by: date
    today: date

    @property
    def slip(self) -> SupervisionSlip:
        return self.line.slip

    @property
    def answer(self) -> str:
        if self.slip.state == SlipState.REPLIED:
            return "已回复，待销号"
        late = f"，逾期{(self.today - self.asked_by).days}天" if self.line.overdue else ""
        return f"{'退回重办，' if self.slip.state == SlipState.SENT_BACK else ''}未回复{late}"


def open_slips(plans: list[Plan], today: date) -> list[OpenSlip]:
    """Of these plans, in the order of their numbers. Two queries."""
    rows = SupervisionSlip.objects.open().filter(task__plan__in=plans).with_related().order_by("year", "number")
    return [OpenSlip(line_of_slip(row, today), _asked_by(row), today) for row in rows.prefetch_related("steps")]


def _asked_by(slip: SupervisionSlip) -> date:
    days = [step.due_on for step in slip.steps.all() if step.due_on and step.kind != SlipStepKind.REPLIED]
    return days[-1] if days else slip.first_due_on


@dataclass(frozen=True)
class PublicSlip:
    """What a stranger may know where the plan says so: that the task has one, not closed, and its level."""

    task: Task
    chip: Chip


def public_slips(plans: Iterable[Plan]) -> dict[int, list[PublicSlip]]:
    """Plan id -> its slips, in the order of the tasks; a plan that keeps them inside is not there. One query."""
    found = {plan.pk: [] for plan in plans if plan.slips_public}
    rows = SupervisionSlip.objects.open().filter(task__plan__in=found).select_related("task").order_by("task__number")
    for row in rows.only("level", "demonstration", *(f"task__{name}" for name in ("plan", "code", "number", "title"))):
        found[row.task.plan_id].append(PublicSlip(row.task, public_chip(row)))
    return found


def public_chip(slip: SupervisionSlip) -> Chip:
    return level_of(slip.level).chip(demo=slip.demonstration)


OPEN_STATES = [state for state in SlipState if state not in ENDED]
PUBLIC_WORDS = dict.fromkeys(OPEN_STATES, "督查单位已发出督办单，还没有销号。")
PUBLIC_WORDS |= {SlipState.WITHDRAWN: "督查单位发出的督办单已撤销。"}


def public_slips_of(task: Task) -> list[tuple[Chip, str]]:
    """The same of one task, with words; a withdrawn one is told too, so that nobody wonders where it went."""
    rows = task.slips.only("level", "state", "demonstration")[:1] if task.plan.slips_public else []
    return [(public_chip(row), PUBLIC_WORDS[row.state]) for row in rows if row.state in PUBLIC_WORDS]
