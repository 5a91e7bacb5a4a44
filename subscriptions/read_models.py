"""Which units still owe a report in the quarters under way, and how the outbox stands: for the page
of the supervisors and their work group.
"""

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
    """One unit and what it has not filed.

    `mark`: the id of its text on the page. `people`: (name, what keeps reminders from the person).
    `instead`: who is notified where the unit has no reporter.
    """

    mark: str
    name: str
    items: list[ReportItem]
    people: list[tuple[str, str]]
    instead: str
    text: str

    @property
    def returned(self) -> int:
        return sum(item.is_returned for item in self.items)


@dataclass(frozen=True)
class ChasedQuarter:
    """One quarter under way and the units that have not filed."""

    mark: str
    period: ReportingPeriod
    chip: Chip
    left: str
    debtors: list[Debtor]
    # Tasks not handed in, of all.
    unfiled: int
    tasks: int
    text: str


def quarters(today: date) -> list[ChasedQuarter]:
    """Open and closed quarters, the soonest due first; a constant number of queries."""
    periods = [period for period in running_periods() if period.state in RUNNING]
    recipients, grouped = Recipients.today(), defaultdict(list)
    for item in items_of(periods, today):
        grouped[item.period].append(item)
    days = CalendarDay.objects.table([today, *(period.due_on for period in periods)])
    return [
        _quarter(period, grouped[period], recipients, ReminderSchedule(today, [], days))
        for period in periods
    ]


def _quarter(
    period: ReportingPeriod,
    items: list[ReportItem],
    recipients: Recipients,
    schedule: ReminderSchedule,
) -> ChasedQuarter:
    owed = defaultdict(list)
    unfiled = [item for item in items if item.is_unfiled]
    for item in unfiled:
        for unit in item.units or [None]:
            owed[unit].append(item)
    items_by_unit = {_unit_with_reporters(unit, recipients): rows for unit, rows in owed.items()}
    tone = Tone.COURSE if period.state == PeriodState.OPEN else Tone.BEHIND
    return ChasedQuarter(
        mark=f"text-{period.pk}",
        period=period,
        chip=Chip(period.get_state_display(), tone, demo=period.demonstration),
        left=days_left(schedule, period.due_on),
        debtors=[_debtor(period, unit, rows, recipients, schedule) for unit, rows in owed.items()],
        unfiled=len(unfiled),
        tasks=len(items),
        text=chase_text(period, items_by_unit, schedule) if items_by_unit else "",
    )


def _unit_with_reporters(unit: Department | None, recipients: Recipients) -> str:
    if unit is None:
        return NOBODY
    people = "、".join(person.name for person in recipients.in_unit(unit, Role.REPORTER))
    return f"{unit.short_name}（{people or '没有填报员'}）"


def _debtor(
    period: ReportingPeriod,
    unit: Department | None,
    items: list[ReportItem],
    recipients: Recipients,
    schedule,
) -> Debtor:
    reporters = recipients.in_unit(unit, Role.REPORTER) if unit else []
    signers = recipients.in_unit(unit, Role.SIGNER) if unit else []
    return Debtor(
        mark=f"text-{period.pk}-{unit.pk if unit else 0}",
        name=unit.short_name if unit else NOBODY,
        items=items,
        people=[(person.name, _obstacles(person)) for person in reporters],
        instead=""
        if reporters
        else f"审签人{'、'.join(map(str, signers))}"
        if signers
        else "督查员",
        text=chase_text(period, {_unit_with_reporters(unit, recipients): items}, schedule),
    )


def _obstacles(person: User) -> str:
    obstacles = [(person.last_login is None, "从未登录"), (not person.email, "没有登记邮箱")]
    return "、".join(words for applies, words in obstacles if applies)


@dataclass(frozen=True)
class Outbox:
    """How the outbox stands. `failed`: waiting notices that were tried in vain. `unreachable`:
    people with a role and no address.
    """

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
    """How the outbox stands now."""
    waiting = Q(state=NoticeState.WAITING)
    counts = Notice.objects.aggregate(
        waiting=Count("pk", filter=waiting),
        failed=Count("pk", filter=waiting & Q(attempts__gt=0)),
        sent=Count("pk", filter=Q(state=NoticeState.SENT)),
        settled=Count("pk", filter=Q(state=NoticeState.SETTLED)),
    )
    broken = Notice.objects.waiting().exclude(last_error="").order_by("-pk").first()
    reminded = Membership.objects.current().of_role(*REMINDED_ROLES)
    runs = {run.command: run for run in Run.objects.all()}
    return Outbox(
        **counts,
        last_error=broken.last_error if broken else "",
        unreachable=reminded.filter(user__email="").values("user").distinct().count(),
        runs=[(label, runs.get(command)) for command, label in COMMANDS.items()],
        sends=bool(settings.NOTICE_CHANNEL),
    )
