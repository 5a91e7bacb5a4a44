"""需协调事项 before those who decide them, those who carry them out and those who see to it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef
from django.urls import reverse

from common.text.wording import shortened
from common.ui.chips import Chip, Tone
from departments.models import Department, User
from departments.permissions import is_leader
from departments.roles import UNIT_ROLES
from progress.models import ProgressReport, ReportingPeriod
from progress.read_models.work_item import WorkItem
from progress.requirements.report import ReportRequirements
from supervision.actions.coordination import (
    coordination_closing_refusal_reason,
    coordination_decision_refusal_reason,
    wants_help,
)
from supervision.choices import COORDINATION_TONES, CoordinationNoteKind, CoordinationState
from supervision.models import CoordinationItem, CoordinationNote
from supervision.permissions import (
    can_close_coordination,
    can_raise_coordination,
)
from supervision.transitions import COORDINATION_TRANSITIONS
from tasks.models import Task
from tasks.read_models.portfolio import Portfolio, scope_of
from tasks.recusal import recusing_units

# So many closed ones a list keeps.
KEPT = 20


@dataclass(frozen=True)
class ItemLine:
    item: CoordinationItem
    chip: Chip
    # Days since the decision was to be carried out.
    overdue: int
    words: str

    @property
    def task(self) -> Task:
        return self.item.task

    @property
    def period(self) -> ReportingPeriod:
        return self.item.period

    @property
    def url(self) -> str:
        return item_page(self.item)


def item_page(item: CoordinationItem) -> str:
    return reverse("supervision:coordination-item", args=[item.pk])


def item_chip(item: CoordinationItem, today: date) -> Chip:
    late = item.is_decided and item.due_on < today
    label, tone = ("落实逾期", Tone.LATE) if late else (str(item.get_state_display()), COORDINATION_TONES[item.state])
    return Chip(label, tone, demo=item.period.demonstration)


def item_line(item: CoordinationItem, today: date) -> ItemLine:
    late = (today - item.due_on).days if item.is_decided else 0
    words = item.outcome or item.decision or item.text
    return ItemLine(item, item_chip(item, today), max(late, 0), shortened(words))


@dataclass(frozen=True)
class Items:
    """Waiting for a decision, the oldest first; decided, the soonest due first; closed lately."""

    waiting: list[ItemLine]
    decided: list[ItemLine]
    closed: list[ItemLine]


def items_for(user: User, today: date, scope: Portfolio | None = None) -> Items:
    """`scope`: only what concerns it. Three queries, and one for a scope."""
    rows = CoordinationItem.objects.visible_to(user).with_related()
    rows = rows.within(scope.units, scope.sections) if scope else rows
    return Items(
        waiting=_lines(rows.waiting().order_by("raised_at", "pk"), today),
        decided=_lines(rows.decided().order_by("due_on", "pk"), today),
        closed=_lines(rows.filter(state=CoordinationState.CLOSED).order_by("-closed_at", "-pk")[:KEPT], today),
    )


def _lines(rows: Iterable[CoordinationItem], today: date) -> list[ItemLine]:
    return [item_line(row, today) for row in rows]


def unraised(periods: Iterable[ReportingPeriod]) -> list[ProgressReport]:
    """Handed in with words about what needs coordination, of which nobody has made an item."""
    item = CoordinationItem.objects.filter(task=OuterRef("task"), period=OuterRef("period"))
    rows = ProgressReport.objects.filter(period__in=list(periods), first_submitted_at__isnull=False)
    rows = rows.exclude(help_needed="").exclude(Exists(item))
    return list(rows.with_related().order_by("period", "task__number"))


def active_items(tasks: Iterable[int]) -> dict[tuple[int, int], CoordinationItem]:
    """(task id, period id) -> the item not closed yet."""
    rows = CoordinationItem.objects.active().filter(task__in=list(tasks))
    return {(row.task_id, row.period_id): row for row in rows}


@dataclass(frozen=True)
class CoordinationRights:
    """What this person may do about one item now; `refusal`: why a supervisor may not, though it is the right post."""

    decides: bool
    instructs: bool
    replies: bool
    closes: bool
    refusal: str


def rights_about(item: CoordinationItem, user: User) -> CoordinationRights:
    open_to = {
        verb
        for verb, transition in COORDINATION_TRANSITIONS.items()
        if transition.starts_from(item.state) and transition.may(user, item)
    }
    refusals = {"decide": coordination_decision_refusal_reason, "close": coordination_closing_refusal_reason}
    refused = {verb: reason(item, user) for verb, reason in refusals.items() if verb in open_to}
    return CoordinationRights(
        decides="decide" in open_to and not refused["decide"],
        instructs="instruct" in open_to,
        replies="reply" in open_to,
        closes="close" in open_to and not refused["close"],
        refusal=next(filter(None, refused.values()), ""),
    )


def about_report(user: User, requirements: ReportRequirements) -> tuple[CoordinationItem | None, bool]:
    """(the newest item of a report, whether this person may raise one now). Three queries at most."""
    rows = CoordinationItem.objects.filter(task=requirements.task, period=requirements.period)
    newest = rows.select_related("owner", "period").order_by("-pk").first()
    free = newest is None or newest.state == CoordinationState.CLOSED
    return newest, free and wants_help(requirements.report) and can_raise_coordination(user, requirements.task)


def coordination_work_items(user: User, today: date) -> list[WorkItem]:
    """To decide, to carry out, to answer an instruction, to see what became of what is overdue."""
    return [*_to_decide(user, today), *_to_carry_out(user), *_to_chase(user, today)]


def _to_decide(user: User, today: date) -> list[WorkItem]:
    """A leader's: of what is looked after, of everything where that is nothing in particular."""
    if not is_leader(user):
        return []
    scope, rows = scope_of(user), CoordinationItem.objects.waiting().with_related().order_by("raised_at", "pk")
    rows = rows.within(scope.units, scope.sections) if scope else rows
    said = [(row, f"{row.department.short_name}提出：{shortened(row.text)}") for row in rows]
    return [_work_item(row, today, "decide", words) for row, words in said]


def _to_carry_out(user: User) -> list[WorkItem]:
    own = user.department_ids(*UNIT_ROLES)
    if not own:
        return []
    units = Department.objects.related_to(own)
    instructed = CoordinationNote.objects.filter(item=OuterRef("pk")).order_by("-pk").values("kind")[:1]
    rows = CoordinationItem.objects.decided().filter(owner__in=units).with_related().order_by("due_on", "pk")
    return [_work_item(row, row.due_on, "reply", _asked(row)) for row in rows.annotate(last_note=instructed)]


def _asked(item: CoordinationItem) -> str:
    told = "有新的批示，请报告落实情况。" if item.last_note == CoordinationNoteKind.INSTRUCTION else ""
    return f"{told}{item.meeting}决定：{shortened(item.decision)}"


def _to_chase(user: User, today: date) -> list[WorkItem]:
    if not can_close_coordination(user):
        return []
    own = recusing_units(user)
    rows = CoordinationItem.objects.overdue(today).exclude(owner__in=own).with_related().order_by("due_on", "pk")
    return [
        _work_item(row, row.due_on, "close", f"由{row.owner.short_name}落实，已过期限，请核实后办结") for row in rows
    ]


def _work_item(item: CoordinationItem, due_on: date, verb: str, missing: str) -> WorkItem:
    transition = COORDINATION_TRANSITIONS[verb]
    return WorkItem(
        due_on=due_on,
        title=f"{transition.heading}：{item.task.title}",
        missing=missing,
        url=item_page(item),
        verb=transition.prompt,
        note=f"{item.task.code} · {item.period.label}",
        demonstration=item.period.demonstration,
    )
