"""The reading side of what people ask: one function for page, file and other apps."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Count, F, Q
from django.urls import reverse

from departments.models import User
from feedback import permissions
from feedback.models import MOVES, OPEN, Contact, Ticket, TicketStatus
from progress.overview.duty import Duty
from tasks.models import Task
from yantian_portal.lib.chips import Chip
from yantian_portal.lib.days import local_day


@dataclass(frozen=True)
class Question:
    """A published question with its answer; nothing here was ever private."""

    number: str
    kind: str
    text: str
    reply: str
    department: str
    department_slug: str
    task_code: str
    task_title: str
    asked_on: date
    answered_on: date
    published_at: datetime
    days: int
    demonstration: bool
    url: str


def questions(tickets: Iterable[Ticket]) -> list[Question]:
    """From rows of `Ticket.objects.published()`; no query of its own."""
    return [_question(ticket) for ticket in tickets]


def _question(ticket: Ticket) -> Question:
    return Question(
        number=ticket.number,
        kind=ticket.get_kind_display(),
        text=ticket.public_text,
        reply=ticket.public_reply,
        department=ticket.lead_department.short_name,
        department_slug=ticket.lead_department.slug,
        task_code=ticket.task.code if ticket.task else "",
        task_title=ticket.task.title if ticket.task else "",
        asked_on=local_day(ticket.received_at),
        answered_on=local_day(ticket.answered_at),
        published_at=ticket.published_at,
        days=ticket.days_taken,
        demonstration=ticket.demonstration,
        url=ticket.get_absolute_url(),
    )


def questions_of(task: Task) -> list[Question]:
    return questions(Ticket.objects.published().filter(task=task))


@dataclass(frozen=True)
class TicketCounts:
    """How many letters came and what became of them; `on_time` counts among the answered."""

    received: int
    in_hand: int
    answered: int
    on_time: int
    published: int


def ticket_counts() -> TicketCounts:
    answered = Q(status=TicketStatus.ANSWERED)
    counts = Ticket.objects.aggregate(
        received=Count("pk"),
        in_hand=Count("pk", filter=Q(status__in=OPEN)),
        answered=Count("pk", filter=answered),
        on_time=Count("pk", filter=answered & Q(answered_at__date__lte=F("due_on"))),
        published=Count("pk", filter=Q(published_at__isnull=False)),
    )
    return TicketCounts(**counts)


@dataclass(frozen=True)
class Step:
    """A step somebody owes: the moves it stands for, its heading on the desk and what is missing."""

    verb: str
    title: str
    missing: str


STEPS = (
    Step("accept", "待受理", "还差：受理意见"),
    Step("assign", "待转办", "还差：主办单位"),
    Step("take", "待接收", "还差：接收或退回"),
    Step("reply", "待答复", "还差：答复"),
    Step("publish", "可以公开", "来信人同意公开，还差：隐去个人信息"),
)
OTHERS = Step("", "其他可以查看的", "")
OWED_BY = {
    "accept": permissions.is_first_to_screen,
    "assign": permissions.is_first_to_screen,
    "publish": permissions.is_first_to_screen,
    "take": permissions.can_reply,
    "reply": permissions.can_reply,
}


def owed_step(user: User, ticket: Ticket) -> Step:
    """The next step this person owes the ticket, or OTHERS."""
    return next(
        (step for step in STEPS if ticket.status in MOVES[step.verb] and OWED_BY[step.verb](user, ticket)), OTHERS
    )


def duties_of(user: User, today: date) -> list[Duty]:
    """What the person owes citizens, the most urgent first; publishing has no due day and is no duty."""
    return [
        Duty(
            due_on=row.due_on,
            title=f"{row.kind} {row.number}（{_days_left(row.due_on, today)}）",
            missing=row.step.missing,
            url=row.url,
            demonstration=row.chip.demo,
        )
        for row in _rows(user, Ticket.objects.unfinished(), today)
        if row.step is not OTHERS
    ]


@dataclass(frozen=True)
class DeskRow:
    number: str
    kind: str
    chip: Chip
    words: str
    unit: str
    contact: str
    due_on: date
    days_left: str
    step: Step
    url: str


@dataclass(frozen=True)
class DeskGroup:
    title: str
    rows: list[DeskRow] = field(default_factory=list)


def desk(user: User, today: date) -> list[DeskGroup]:
    """Unfinished tickets in sight and those ready to be published, grouped by what the person owes them."""
    rows = _rows(user, Ticket.objects.unfinished() | Ticket.objects.publishable(), today)
    groups = [DeskGroup(step.title, [row for row in rows if row.step is step]) for step in (*STEPS, OTHERS)]
    return [group for group in groups if group.rows]


def archive(user: User):
    """Every ticket in sight, newest first, as a queryset to be cut into pages."""
    return Ticket.objects.visible_to(user).with_parts().order_by("-received_at", "-id")


def desk_rows(user: User, tickets: Iterable[Ticket], today: date) -> list[DeskRow]:
    return [_row(user, ticket, today) for ticket in tickets]


def _rows(user: User, tickets, today: date) -> list[DeskRow]:
    seen = Ticket.objects.visible_to(user).filter(pk__in=tickets.values("pk")).with_parts()
    return desk_rows(user, seen.order_by("due_on", "id"), today)


def _row(user: User, ticket: Ticket, today: date) -> DeskRow:
    return DeskRow(
        number=ticket.number,
        kind=ticket.get_kind_display(),
        chip=ticket.chip,
        words=_excerpt(ticket.words_for(user)),
        unit=ticket.lead_department.short_name if ticket.lead_department else "",
        contact=masked_contact(user, ticket),
        due_on=ticket.due_on,
        days_left=_days_left(ticket.due_on, today) if ticket.is_open else "",
        step=owed_step(user, ticket),
        url=reverse("staff_feedback:ticket", args=[ticket.number]),
    )


def masked_contact(user: User, ticket: Ticket) -> str:
    """138****1234 for those who may ask for more, nothing for everybody else."""
    contact: Contact | None = getattr(ticket, "contact", None)
    return contact.masked if contact and permissions.can_see_contact(user, ticket) else ""


def _excerpt(words: str, length: int = 40) -> str:
    line = " ".join(words.split())
    return line if len(line) <= length else f"{line[:length]}…"


def _days_left(due_on: date, today: date) -> str:
    days = (due_on - today).days
    if days < 0:
        return f"已超期 {-days} 天"
    return f"还剩 {days} 天" if days else "今天到期"
