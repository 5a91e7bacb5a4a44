"""Who still owes what in the quarters under way, in the words of the page and of the work group; and the outbox."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db.models import Count, Q

from common.ui.chips import Chip, Tone
from departments.models import CalendarDay, Department, Membership, Role, User
from progress.choices import PeriodState
from progress.models import ReportingPeriod
from subscriptions.choices import NoticeState
from subscriptions.items import RUNNING, ReportItem, items_of, running_periods
from subscriptions.models import Notice, Run
from subscriptions.recipients import NOBODY, Recipients
from subscriptions.reminders.reports import ReminderSchedule
from subscriptions.roles import REMINDED_ROLES
from subscriptions.words import chase_text, days_left


@dataclass(frozen=True)
class Debtor:
    """One unit and what it has not handed in. `people`: (name, what keeps reminders from the person)."""

    # The place of its text on the page.
    mark: str
    name: str
    items: list[ReportItem]
    people: list[tuple[str, str]]
    # Who is told instead, where the unit has no reporter.
    instead: str
    text: str

    @property
    def returned(self) -> int:
        return sum(item.returned for item in self.items)


@dataclass(frozen=True)
class Quarter:
    mark: str
    period: ReportingPeriod
    chip: Chip
    left: str
    debtors: list[Debtor]
    # Tasks not handed in, of all.
    unfiled: int
    tasks: int
    text: str


def quarters(today: date) -> list[Quarter]:
    """Open and closed ones, the soonest due first; a constant number of queries."""
    periods = [period for period in running_periods() if period.state in RUNNING]
    recipients, grouped = Recipients.today(), defaultdict(list)
    for item in items_of(periods, today):
        grouped[item.period].append(item)
    days = CalendarDay.objects.table([today, *(period.due_on for period in periods)])
    return [_quarter(period, grouped[period], recipients, ReminderSchedule(today, [], days)) for period in periods]


def _quarter(
    period: ReportingPeriod, items: list[ReportItem], recipients: Recipients, standing: ReminderSchedule
) -> Quarter:
    owed = defaultdict(list)
    unfiled = [item for item in items if item.unfiled]
    for item in unfiled:
        for unit in item.units or [None]:
            owed[unit].append(item)
    named = {_named(unit, recipients): rows for unit, rows in owed.items()}
    tone = Tone.COURSE if period.state == PeriodState.OPEN else Tone.BEHIND
    return Quarter(
        mark=f"text-{period.pk}",
        period=period,
        chip=Chip(period.get_state_display(), tone, demo=period.demonstration),
        left=days_left(standing, period.due_on),
        debtors=[_debtor(period, unit, rows, recipients, standing) for unit, rows in owed.items()],
        unfiled=len(unfiled),
        tasks=len(items),
        text=chase_text(period, named, standing) if named else "",
    )


def _named(unit: Department | None, recipients: Recipients) -> str:
    if unit is None:
        return NOBODY
    people = "、".join(person.name for person in recipients.of(unit, Role.REPORTER))
    return f"{unit.short_name}（{people or '没有填报员'}）"


def _debtor(
    period: ReportingPeriod, unit: Department | None, items: list[ReportItem], recipients: Recipients, standing
) -> Debtor:
    reporters = recipients.of(unit, Role.REPORTER) if unit else []
    signers = recipients.of(unit, Role.SIGNER) if unit else []
    return Debtor(
        mark=f"text-{period.pk}-{unit.pk if unit else 0}",
        name=unit.short_name if unit else NOBODY,
        items=items,
        people=[(person.name, _obstacles(person)) for person in reporters],
        instead="" if reporters else f"审签人{'、'.join(map(str, signers))}" if signers else "督查员",
        text=chase_text(period, {_named(unit, recipients): items}, standing),
    )


def _obstacles(person: User) -> str:
    said = [(person.last_login is None, "从未登录"), (not person.email, "没有登记邮箱")]
    return "、".join(words for holds, words in said if holds)


@dataclass(frozen=True)
class Outbox:
    """`failed` are those of `waiting` that were tried in vain; `unreachable` people with a post have no address."""

    waiting: int
    failed: int
    sent: int
    settled: int
    last_error: str
    unreachable: int
    runs: list[tuple[str, Run | None]]
    sends: bool


COMMANDS = {"remind": "上次生成", "send_notices": "上次发送"}


def outbox() -> Outbox:
    waiting = Q(state=NoticeState.WAITING)
    counts = Notice.objects.aggregate(
        waiting=Count("pk", filter=waiting),
        failed=Count("pk", filter=waiting & Q(attempts__gt=0)),
        sent=Count("pk", filter=Q(state=NoticeState.SENT)),
        settled=Count("pk", filter=Q(state=NoticeState.SETTLED)),
    )
    broken = Notice.objects.waiting().exclude(last_error="").order_by("-pk").first()
    told = Membership.objects.current().of_role(*REMINDED_ROLES)
    runs = {run.command: run for run in Run.objects.all()}
    return Outbox(
        **counts,
        last_error=broken.last_error if broken else "",
        unreachable=told.filter(user__email="").values("user").distinct().count(),
        runs=[(label, runs.get(command)) for command, label in COMMANDS.items()],
        sends=bool(settings.NOTICE_CHANNEL),
    )
