"""The desk: what this person owes whom, soonest first, and whatever else they may look at."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from django.urls import reverse

from common.text.wording import shortened
from common.time.days import local_day
from common.ui.chips import Chip
from departments.models import Role, User
from feedback import permissions
from feedback.assignment import desks_of, usual
from feedback.choices import TicketStatus, TicketVerb
from feedback.models import Contact, Ticket
from feedback.rules.clocks import ALARM_DAYS
from feedback.transitions import TRANSITIONS, InboxQueue
from progress.read_models.work_item import WorkItem

# So much of a letter stands in its line of the desk.
WORDS = 40


@dataclass(frozen=True)
class InboxStep:
    """A step somebody owes: the group of the inbox, and the verb that is owed, "" where none is."""

    verb: str
    queue: InboxQueue


# No transition clears it but the answer itself, whoever gives it.
ALARM = InboxStep(
    "",
    InboxQueue(
        0,
        f"来信 {ALARM_DAYS} 天没有答复",
        f"来信已过 {ALARM_DAYS} 天，请催办或改派，还差：答复",
        "is_watching",
        waits=lambda ticket, today: ticket.is_left_unanswered(today),
        spans=True,
    ),
)
OTHERS = InboxStep("", InboxQueue(99, "由别人办理的", "", "", is_work_item=False, spans=True))
STEPS = sorted(
    [ALARM, *(InboxStep(row.verb, row.queue) for row in TRANSITIONS.values() if row.queue)],
    key=lambda step: step.queue.rank,
)


def owed_steps(user: User, ticket: Ticket, today: date) -> Iterator[InboxStep]:
    """What this person owes the ticket (of a row with its owner), the next step first; at last OTHERS."""
    waiting = (step for step in STEPS if _waits(step, ticket, today))
    yield from (step for step in waiting if permissions.owes(user, ticket, step.queue))
    yield OTHERS


def _waits(step: InboxStep, ticket: Ticket, today: date) -> bool:
    waits = step.queue.waits
    return waits(ticket, today) if waits else ticket.allows(step.verb)


def work_items_for(user: User, today: date) -> list[WorkItem]:
    """What the person owes citizens, the most urgent first; publishing has no due day, and waiting is no duty."""
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
    """Letters nobody ever answered: how many, and whether all of them are samples."""

    count: int
    demonstration: bool


def alarm(user: User, today: date) -> Alarm:
    """Counted also where the daily run has not brought them to the supervisors; never those about one's own unit."""
    rows = Ticket.objects.left_unanswered(today).exclude(about_department__in=user.related_units)
    samples = list(rows.values_list("demonstration", flat=True))
    return Alarm(len(samples), all(samples))


def stands_in(user: User, ticket: Ticket) -> str:
    """Why a letter lies on the desk that is not its usual one; nothing where it does."""
    role = desks_of(user).role_for(ticket.kind, ticket.about_department_id)
    if role == usual(ticket.kind):
        return ""
    absent, acting = Role(usual(ticket.kind)).label, Role(role).label
    return f"没有可以经手的{absent}（没有人在岗，或者都属于所涉单位），由{acting}受理、转办和催办。"


@dataclass(frozen=True)
class DeskRow:
    """`due_on`: none where no clock runs."""

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
    step: InboxStep
    rows: list[DeskRow] = field(default_factory=list)

    @property
    def title(self) -> str:
        return self.step.queue.title

    @property
    def is_owed(self) -> bool:
        """Whether this person owes the letters anything."""
        return self.step is not OTHERS

    @property
    def spans(self) -> bool:
        return self.step.queue.spans


def desk(user: User, today: date) -> list[DeskGroup]:
    """Tickets in sight: what somebody owes, and what could be published; by what the person owes them."""
    rows = _rows(user, Ticket.objects.owed() | Ticket.objects.publishable(), today)
    groups = [DeskGroup(step, [row for row in rows if row.step is step]) for step in (*STEPS, OTHERS)]
    return [group for group in groups if group.rows]


def archive(user: User):
    """Every ticket in sight, newest first, as a queryset to be filtered and cut into pages."""
    return Ticket.objects.visible_to(user).order_by("-received_at", "-id")


def archive_rows(user: User, page: Iterable[int], today: date) -> list[DeskRow]:
    """Of the ids on one page of the archive: what a line shows is only asked of those."""
    return _lines(user, Ticket.objects.filter(pk__in=list(page)).order_by("-received_at", "-id"), today)


def _rows(user: User, tickets, today: date) -> list[DeskRow]:
    seen = Ticket.objects.visible_to(user).filter(pk__in=tickets.values("pk"))
    return _lines(user, seen.order_by("due_on", "id"), today)


def _lines(user: User, tickets, today: date) -> list[DeskRow]:
    return [_row(user, ticket, today) for ticket in tickets.with_parts().with_since().with_owner()]


def _row(user: User, ticket: Ticket, today: date) -> DeskRow:
    step = next(owed_steps(user, ticket, today))
    due_on, left = term(step, ticket, today)
    return DeskRow(
        number=ticket.number,
        kind=ticket.get_kind_display(),
        chip=ticket.chip,
        words=(f"【{ticket.subject_name}】" if ticket.subject else "") + shortened(ticket.words_for(user), WORDS),
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
    """By when, and how long that is in words; no day where no clock runs."""
    if step.verb == TicketVerb.DECIDE_REVIEW:
        return ticket.review_by, _until(ticket.review_by, today)
    runs = ticket.is_open and ticket.status != TicketStatus.NEEDS_MORE
    return ticket.due_on if runs else None, _days_left(ticket, today)


def masked_contact(user: User, ticket: Ticket) -> str:
    """138****1234 for those who may ask for more, nothing for everybody else."""
    contact: Contact | None = getattr(ticket, "contact", None)
    return contact.masked if contact and permissions.can_see_contact(user, ticket) else ""


def _days_left(ticket: Ticket, today: date) -> str:
    if not ticket.is_open:
        return "还没有告知来信人" if ticket.is_untold else "还没有回访" if ticket.is_displeased else ""
    if ticket.status == TicketStatus.NEEDS_MORE:
        return "期限停算"
    return _until(ticket.due_on, today)


def _until(day: date, today: date) -> str:
    days = (day - today).days
    if days < 0:
        return f"已超期 {-days} 天"
    return f"还剩 {days} 天" if days else "今天到期"
