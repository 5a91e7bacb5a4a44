"""Coordination items (需协调事项) for lists, for the page of a report and for the work list."""

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
    has_submitted_help_request,
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

# How many closed items a list shows.
CLOSED_SHOWN = 20


@dataclass(frozen=True)
class ItemLine:
    """One item in a list, with its state as it is today."""

    item: CoordinationItem
    chip: Chip
    # Calendar days since the decision was due; 0 when it is not overdue.
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
    """The address of the item's page."""
    return reverse("supervision:coordination-item", args=[item.pk])


def item_chip(item: CoordinationItem, today: date) -> Chip:
    """The chip of the item's state, or that its decision is overdue."""
    demo = item.period.demonstration
    if item.days_late(today):
        return Chip("落实逾期", Tone.LATE, demo=demo)
    return Chip(str(item.get_state_display()), COORDINATION_TONES[item.state], demo=demo)


def item_line(item: CoordinationItem, today: date) -> ItemLine:
    """The item as a line of a list, with the latest of its texts shortened."""
    words = item.outcome or item.decision or item.text
    return ItemLine(item, item_chip(item, today), item.days_late(today), shortened(words))


@dataclass(frozen=True)
class Items:
    """Items by state: waiting, oldest first; decided, soonest due first; closed, latest first."""

    waiting: list[ItemLine]
    decided: list[ItemLine]
    closed: list[ItemLine]


def items_for(user: User, today: date, scope: Portfolio | None = None) -> Items:
    """The items that the person may see; with `scope` only those of that portfolio.

    Three queries, and one for a scope.
    """
    rows = CoordinationItem.objects.visible_to(user).with_related()
    rows = rows.within(scope.units, scope.sections) if scope else rows
    return Items(
        waiting=_lines(rows.waiting().order_by("raised_at", "pk"), today),
        decided=_lines(rows.decided().order_by("due_on", "pk"), today),
        closed=_lines(
            rows.filter(state=CoordinationState.CLOSED).order_by("-closed_at", "-pk")[
                :CLOSED_SHOWN
            ],
            today,
        ),
    )


def _lines(rows: Iterable[CoordinationItem], today: date) -> list[ItemLine]:
    return [item_line(row, today) for row in rows]


def reports_without_item(periods: Iterable[ReportingPeriod]) -> list[ProgressReport]:
    """Submitted reports that ask for coordination and about which no item was raised."""
    item = CoordinationItem.objects.filter(task=OuterRef("task"), period=OuterRef("period"))
    rows = ProgressReport.objects.handed_in().filter(period__in=list(periods))
    rows = rows.exclude(help_needed="").exclude(Exists(item))
    return list(rows.with_related().order_by("period", "task__number"))


def active_items(tasks: Iterable[int]) -> dict[tuple[int, int], CoordinationItem]:
    """Maps (task id, period id) to the item that is not closed yet."""
    rows = CoordinationItem.objects.active().filter(task__in=list(tasks)).select_related("period")
    return {(row.task_id, row.period_id): row for row in rows}


@dataclass(frozen=True)
class CoordinationRights:
    """What this person may do with one item now.

    `refusal` says why a person with the right role is refused; empty otherwise.
    """

    decides: bool
    instructs: bool
    replies: bool
    closes: bool
    refusal: str


# Verb -> why a person with the right role may not take this step with an item.
REFUSAL_REASONS = {
    "decide": coordination_decision_refusal_reason,
    "close": coordination_closing_refusal_reason,
}


def rights_about(item: CoordinationItem, user: User) -> CoordinationRights:
    """What the person may do with the item as it is now."""
    open_to = _open_verbs(item, user)
    refused = {
        verb: refusal
        for verb, refusal_reason in REFUSAL_REASONS.items()
        if verb in open_to and (refusal := refusal_reason(item, user))
    }
    usable = open_to - refused.keys()
    return CoordinationRights(
        decides="decide" in usable,
        instructs="instruct" in usable,
        replies="reply" in usable,
        closes="close" in usable,
        refusal=next(iter(refused.values()), ""),
    )


def _open_verbs(item: CoordinationItem, user: User) -> set[str]:
    """The steps that the item's state and the person's role allow."""
    return {
        verb
        for verb, transition in COORDINATION_TRANSITIONS.items()
        if transition.starts_from(item.state) and transition.may(user, item)
    }


def coordination_about(
    user: User, requirements: ReportRequirements
) -> tuple[CoordinationItem | None, bool]:
    """The newest item about a report, and whether the person may raise one now.

    Three queries at most.
    """
    rows = CoordinationItem.objects.filter(task=requirements.task, period=requirements.period)
    newest = rows.select_related("owner", "period").order_by("-pk").first()
    may_be_raised = newest is None or newest.state == CoordinationState.CLOSED
    may_be_raised = may_be_raised and has_submitted_help_request(requirements.report)
    return newest, may_be_raised and can_raise_coordination(user, requirements.task)


def coordination_work_items(user: User, today: date) -> list[WorkItem]:
    """What the person has to do: decide an item, report on a decision, check an overdue one."""
    return [*_items_to_decide(user, today), *_items_to_reply(user), *_items_to_check(user, today)]


def _items_to_decide(user: User, today: date) -> list[WorkItem]:
    """For leaders: the items of their portfolio, or all items without a portfolio."""
    if not is_leader(user):
        return []
    scope, rows = (
        scope_of(user),
        CoordinationItem.objects.waiting().with_related().order_by("raised_at", "pk"),
    )
    rows = rows.within(scope.units, scope.sections) if scope else rows
    return [
        _work_item(row, today, "decide", f"{row.department.short_name}提出：{shortened(row.text)}")
        for row in rows
    ]


def _items_to_reply(user: User) -> list[WorkItem]:
    """For the people of an owner unit: the decisions that it has to carry out."""
    own_units = user.department_ids(*UNIT_ROLES)
    if not own_units:
        return []
    units = Department.objects.related_to(own_units)
    last_note_kind = (
        CoordinationNote.objects.filter(item=OuterRef("pk")).order_by("-pk").values("kind")[:1]
    )
    rows = (
        CoordinationItem.objects.decided()
        .filter(owner__in=units)
        .with_related()
        .order_by("due_on", "pk")
    )
    rows = rows.annotate(last_note_kind=last_note_kind)
    return [
        _work_item(row, row.decision_due_on, "reply", _decision_text(row, row.last_note_kind))
        for row in rows
    ]


def _decision_text(item: CoordinationItem, last_note_kind: str | None) -> str:
    """The decision in one line, after a hint where an instruction awaits an answer."""
    has_new_instruction = last_note_kind == CoordinationNoteKind.INSTRUCTION
    hint = "有新的批示，请报告落实情况。" if has_new_instruction else ""
    # Whoever decided without a meeting says so in words that end like this already.
    decided = item.meeting.removesuffix("决定")
    return f"{hint}{decided}决定：{shortened(item.decision)}"


def _items_to_check(user: User, today: date) -> list[WorkItem]:
    """For supervisors: overdue decisions of other units, to be verified and closed."""
    if not can_close_coordination(user):
        return []
    own_units = recusing_units(user)
    rows = (
        CoordinationItem.objects.overdue(today)
        .exclude(owner__in=own_units)
        .with_related()
        .order_by("due_on", "pk")
    )
    return [
        _work_item(
            row,
            row.decision_due_on,
            "close",
            f"由{row.decision_owner.short_name}落实，已过期限，请核实后办结",
        )
        for row in rows
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
