"""Which units still owe a report in the quarters under way, and how the outbox stands: for the page
of the supervisors and their work group.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from operator import itemgetter

from django.conf import settings
from django.db.models import Count, Q

from common.ui.chips import Chip, Tone
from departments.models import CalendarDay, Department, Membership, User
from departments.roles import Role
from progress.choices import PeriodState
from progress.models import ReportingPeriod
from progress.requirements.report_item import ReportItem
from subscriptions.choices import NoticeState
from subscriptions.items import RUNNING, by_period, items_of, running_periods
from subscriptions.models import Notice, Run
from subscriptions.recipients import NOBODY, Recipients
from subscriptions.reminders.schedule import ReminderSchedule
from subscriptions.roles import REMINDED_ROLES
from subscriptions.words import chase_text, filing_day, still_owed


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

    # Whether it leads one of the items, or nobody does: the others only owe their part.
    leads: bool

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
    # How many of all `tasks` were not handed in or were sent back, in words; empty without any.
    owed: str
    tasks: int
    # How many of the owed can be filed only after the release: a notice would ask in vain.
    shut: int
    text: str

    @property
    def units_in_words(self) -> str:
        """How many units owe something: those that lead it, as overview and release count units,
        and those that only owe their part.
        """
        leading = sum(debtor.leads for debtor in self.debtors)
        supporting = len(self.debtors) - leading
        apart = f"：{leading} 个牵头单位，{supporting} 个只欠本单位部分的配合单位"
        return f"{len(self.debtors)} 个{apart if supporting else ''}"

    @property
    def notices(self) -> list[Debtor]:
        """The units that can file something today."""
        return [debtor for debtor in self.debtors if debtor.text]


def quarters(today: date) -> list[ChasedQuarter]:
    """Open and closed quarters, the soonest due first; a constant number of queries."""
    periods = [period for period in running_periods() if period.state in RUNNING]
    recipients, items = Recipients.today(), by_period(items_of(periods, today))
    days = CalendarDay.objects.table([today, *(period.due_on for period in periods)])
    schedule = ReminderSchedule(today, [], days)
    return [_quarter(period, items[period], recipients, schedule) for period in periods]


def _quarter(
    period: ReportingPeriod,
    items: list[ReportItem],
    recipients: Recipients,
    schedule: ReminderSchedule,
) -> ChasedQuarter:
    unfiled = [item for item in items if item.is_unfiled]
    owed = _by_unit(unfiled)
    tone = Tone.COURSE if period.state == PeriodState.OPEN else Tone.BEHIND
    return ChasedQuarter(
        mark=f"text-{period.pk}",
        period=period,
        chip=Chip(period.get_state_display(), tone, demo=period.demonstration),
        left=filing_day(period, schedule),
        debtors=[_debtor(period, unit, rows, recipients, schedule) for unit, rows in owed.items()],
        owed=still_owed(unfiled) if unfiled else "",
        tasks=len(items),
        shut=sum(not item.is_accepting for item in unfiled),
        text=_notice(period, owed, recipients, schedule),
    )


def _by_unit(items: list[ReportItem]) -> dict[Department | None, list[ReportItem]]:
    """Unit -> the items that wait for it; None: those that wait for no known unit."""
    owed: dict[Department | None, list[ReportItem]] = defaultdict(list)
    for item in items:
        for unit in item.awaited_units or (None,):
            owed[unit].append(item)
    return owed


def _notice(
    period: ReportingPeriod,
    owed: dict[Department | None, list[ReportItem]],
    recipients: Recipients,
    schedule: ReminderSchedule,
) -> str:
    """The text for a work group, of what can be filed today; empty where that is nothing."""
    fileable = {unit: [item for item in rows if item.is_accepting] for unit, rows in owed.items()}
    named = [(_unit_with_reporters(unit, recipients), rows) for unit, rows in fileable.items()]
    return chase_text(period, dict(filter(itemgetter(1), named)), schedule)


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
    schedule: ReminderSchedule,
) -> Debtor:
    reporters = recipients.in_unit(unit, Role.REPORTER)
    return Debtor(
        mark=f"text-{period.pk}-{unit.pk if unit else 0}",
        name=unit.short_name if unit else NOBODY,
        items=items,
        people=[(person.name, _obstacles(person)) for person in reporters],
        instead="" if reporters else _substitutes(unit, recipients),
        text=_notice(period, {unit: items}, recipients, schedule),
        leads=any(unit in item.units for item in items) or unit is None,
    )


def _substitutes(unit: Department | None, recipients: Recipients) -> str:
    """Who is notified for a unit without a reporter."""
    signers = recipients.in_unit(unit, Role.SIGNER)
    return f"审签人{'、'.join(map(str, signers))}" if signers else "督查员"


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
