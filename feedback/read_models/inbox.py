"""The inbox of letters: the steps a person owes, the most urgent first,
and the other letters they may see.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.urls import reverse

from common.text.wording import shortened
from common.time.days import local_day
from common.ui.chips import Chip
from departments.models import User
from departments.roles import Role
from feedback import permissions
from feedback.assignment import desks_of, usual_role
from feedback.choices import TicketStatus, TicketVerb
from feedback.models import Ticket
from feedback.querysets import TicketQuerySet
from feedback.rules.clocks import ALARM_DAYS
from feedback.transition_types import InboxQueue
from feedback.transitions import TRANSITIONS
from progress.read_models.work_item import WorkItem

# How many characters of a letter its row shows.
EXCERPT = 40


@dataclass(frozen=True)
class InboxStep:
    """A step somebody owes: its group of the inbox, and the verb, "" where none is."""

    verb: str
    queue: InboxQueue


# Only an answer clears the alarm, whoever gives it.
ALARM = InboxStep(
    "",
    InboxQueue(
        0,
        f"来信 {ALARM_DAYS} 天没有答复",
        f"来信已过 {ALARM_DAYS} 天，请催办或改派，还差：答复",
        "is_watching",
        spans=True,
    ),
)
OTHERS = InboxStep("", InboxQueue(99, "由别人办理的", "", "", is_work_item=False, spans=True))
STEPS = sorted(
    [ALARM, *(InboxStep(row.verb, row.queue) for row in TRANSITIONS.values() if row.queue)],
    key=lambda step: step.queue.rank,
)


def owed_steps(user: User, ticket: Ticket, today: date) -> Iterator[InboxStep]:
    """The steps this person owes for a row of `with_owner`, the next one first and OTHERS last."""
    waiting = (step for step in STEPS if _waits(step, ticket, today))
    yield from (step for step in waiting if permissions.owes(user, ticket, step.queue))
    yield OTHERS


def _waits(step: InboxStep, ticket: Ticket, today: date) -> bool:
    if step is ALARM:
        return ticket.is_left_unanswered(today)
    return step.queue.waits(ticket) if step.queue.waits else ticket.allows(step.verb)


def work_items_for(user: User, today: date) -> list[WorkItem]:
    """The person's work items of letters, the most urgent first;
    publishing and waiting are none.
    """
    return [
        WorkItem(
            due_on=row.due_on or today,
            title=f"{row.kind} {row.number}（{row.days_left}）",
            note=row.words,
            missing=row.step.queue.missing,
            url=row.url,
            demonstration=row.chip.demo,
        )
        for row in _rows(user, Ticket.objects.owed(), today)
        if row.step.queue.is_work_item
    ]


@dataclass(frozen=True)
class Alarm:
    """How many letters were never answered, and whether all of them are samples."""

    count: int
    demonstration: bool


def alarm(user: User, today: date) -> Alarm:
    """The letters unanswered for `ALARM_DAYS`, escalated or not;
    never those about the person's own unit.
    """
    rows = Ticket.objects.left_unanswered(today).exclude(about_department__in=user.related_units)
    samples = list(rows.values_list("demonstration", flat=True))
    return Alarm(len(samples), all(samples))


def stands_in(user: User, ticket: Ticket) -> str:
    """Why a letter lies at the desk that is not its usual one; "" where it does not."""
    role = desks_of(user).role_for(ticket.kind, ticket.about_department_id)
    if role == usual_role(ticket.kind):
        return ""
    absent, acting = Role(usual_role(ticket.kind)).label, Role(role).label
    return f"没有可以经手的{absent}（没有人在岗，或者都属于所涉单位），由{acting}受理、转办和催办。"


@dataclass(frozen=True)
class DeskRow:
    """One letter in a list. `due_on`: None where no clock runs. `waited`:
    calendar days with whoever has it.
    """

    number: str
    kind: str
    chip: Chip
    words: str
    unit: str
    contact: str
    received_on: date
    due_on: date | None
    days_left: str
    waited: int | None
    escalated: bool
    step: InboxStep
    url: str


@dataclass(frozen=True)
class DeskGroup:
    """The letters that wait for one step."""

    step: InboxStep
    rows: list[DeskRow]

    @property
    def title(self) -> str:
        return self.step.queue.title

    @property
    def is_owed(self) -> bool:
        """Whether this person owes the letters a step."""
        return self.step is not OTHERS

    @property
    def spans(self) -> bool:
        return self.step.queue.spans


def desk(user: User, today: date) -> list[DeskGroup]:
    """The letters in sight for which somebody owes a step or which could be published,
    grouped by what this person owes them.
    """
    rows = _rows(user, Ticket.objects.owed() | Ticket.objects.publishable(), today)
    rows.sort(key=lambda row: row.step.queue.rank)
    return [DeskGroup(step, list(group)) for step, group in groupby(rows, lambda row: row.step)]


def archive(user: User) -> TicketQuerySet:
    """Every letter in sight, newest first, as a queryset to be filtered and paginated."""
    return Ticket.objects.visible_to(user).order_by("-received_at", "-id")


def archive_rows(user: User, page: Iterable[int], today: date) -> list[DeskRow]:
    """The rows of the letters with these ids: one page of the archive."""
    return _rows_of(
        user, Ticket.objects.filter(pk__in=list(page)).order_by("-received_at", "-id"), today
    )


def _rows(user: User, tickets: TicketQuerySet, today: date) -> list[DeskRow]:
    visible = Ticket.objects.visible_to(user).filter(pk__in=tickets.values("pk"))
    return _rows_of(user, visible.order_by("due_on", "id"), today)


def _rows_of(user: User, tickets: TicketQuerySet, today: date) -> list[DeskRow]:
    return [_row(user, ticket, today) for ticket in tickets.with_parts().with_since().with_owner()]


def _row(user: User, ticket: Ticket, today: date) -> DeskRow:
    step = next(owed_steps(user, ticket, today))
    due_on, left = term(step, ticket, today)
    return DeskRow(
        number=ticket.number,
        kind=ticket.get_kind_display(),
        chip=ticket.chip,
        words=(f"【{ticket.subject_name}】" if ticket.subject else "")
        + shortened(ticket.listed_text(user), EXCERPT),
        unit=ticket.lead_department.short_name if ticket.lead_department else "",
        contact=masked_contact(user, ticket),
        received_on=local_day(ticket.received_at),
        due_on=due_on,
        days_left=left,
        waited=(today - local_day(ticket.since)).days if ticket.is_open else None,
        escalated=ticket.is_open and ticket.escalated_at is not None,
        step=step,
        url=reverse("staff_feedback:ticket", args=[ticket.number]),
    )


def term(step: InboxStep, ticket: Ticket, today: date) -> tuple[date | None, str]:
    """The due day of the step, None where no clock runs, and in words how long that is."""
    if step.verb == TicketVerb.DECIDE_REVIEW and ticket.review_by:
        return ticket.review_by, _until(ticket.review_by, today)
    runs = ticket.is_open and ticket.status != TicketStatus.NEEDS_MORE
    return ticket.due_on if runs else None, _days_left(ticket, today)


def masked_contact(user: User, ticket: Ticket) -> str:
    """138****1234 for those who may see the contact, "" for everybody else."""
    contact = ticket.contact_or_none
    return contact.masked if contact and permissions.can_see_contact(user, ticket) else ""


def _days_left(ticket: Ticket, today: date) -> str:
    if not ticket.is_open:
        return _still_owed(ticket)
    if ticket.status == TicketStatus.NEEDS_MORE:
        return "期限停算"
    return _until(ticket.due_on, today)


def _still_owed(ticket: Ticket) -> str:
    """What the office owes after the answer, in words."""
    if ticket.needs_notice:
        return "还没有告知来信人"
    return "还没有回访" if ticket.needs_follow_up else ""


def _until(day: date, today: date) -> str:
    days = (day - today).days
    if days < 0:
        return f"已超期 {-days} 天"
    return f"还剩 {days} 天" if days else "今天到期"
