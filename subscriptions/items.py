"""Every task of the quarters under way: how far its report has come, until when,
and for whom it waits.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q

from departments.models import Department
from progress.choices import PeriodState, ReportStatus
from progress.models import ProgressReport, ReportingPeriod
from progress.requirements.deadlines import can_be_filed
from progress.requirements.loading import requirements_for_all
from progress.requirements.report import ReportRequirements
from tasks.choices import PlanState
from tasks.models import Task

RUNNING = [PeriodState.OPEN, PeriodState.CLOSED]
UNFILED = {ReportStatus.DRAFT, ReportStatus.SIGNING, ReportStatus.RETURNED}


@dataclass(frozen=True)
class ReportItem:
    """One task in one period and how far its report has come.

    `due_on`: the unit's own due day. `is_accepting`: whether a report may be filed today.
    """

    requirements: ReportRequirements
    due_on: date
    is_accepting: bool

    @property
    def task(self) -> Task:
        return self.requirements.task

    @property
    def period(self) -> ReportingPeriod:
        return self.requirements.period

    @property
    def report(self) -> ProgressReport | None:
        return self.requirements.report

    @property
    def status(self) -> str:
        return self.report.status if self.report else ReportStatus.DRAFT

    @property
    def is_signing(self) -> bool:
        """Whether it lies with the signers."""
        return self.status == ReportStatus.SIGNING

    @property
    def is_returned(self) -> bool:
        """Whether it was returned and not submitted since, be it with the signers again."""
        return self.report is not None and self.report.answers_a_return

    @property
    def sent_to_sign_at(self) -> datetime | None:
        """When it was sent to the signers with whom it lies; None where it does not."""
        return self.report.sent_at if self.report and self.is_signing else None

    @property
    def returned_at(self) -> datetime | None:
        """When it was returned to its units, with whom it lies; None where it does not."""
        return (
            self.report.returned_at
            if self.report and self.status == ReportStatus.RETURNED
            else None
        )

    @property
    def is_unfiled(self) -> bool:
        """Whether it was not submitted to the supervisors, or was returned."""
        return self.status in UNFILED

    @property
    def awaits_first_filing(self) -> bool:
        """Whether it is still accepted and was never filed; a returned one was."""
        return self.is_unfiled and not self.is_returned and self.is_accepting

    @property
    def is_silent_at_release(self) -> bool:
        """Whether the release would say that it was not filed:
        no extension reaches beyond the planned release.
        """
        return self.is_unfiled and (
            self.is_returned or not self.requirements.deadline.is_extended(self.period.release_on)
        )

    @property
    def units(self) -> list[Department]:
        """The units it waits for: the lead, and those whose contribution is missing. Every
        responsible unit where none leads.
        """
        requirements, lead = self.requirements, self.requirements.lead
        # While it is being signed nobody can add a part.
        missing = [] if self.is_signing else requirements.silent
        return [
            row.department for row in ([lead, *missing] if lead else requirements.responsibilities)
        ]

    @property
    def subject(self) -> str:
        """The key under which notices about it are kept."""
        return f"{self.task.code}:{self.period.address}"


def running_periods() -> list[ReportingPeriod]:
    """Quarters with something left to file: open, closed, or released with a report returned."""
    is_chased = Q(state__in=RUNNING) | Q(
        reports__status__in=[ReportStatus.RETURNED, ReportStatus.SIGNING]
    )
    periods = ReportingPeriod.objects.filter(is_chased, plan__state=PlanState.PUBLISHED)
    return list(periods.quarters().with_plan().distinct().order_by("due_on", "plan"))


def items_of(periods: Iterable[ReportingPeriod], today: date) -> list[ReportItem]:
    """Every required task of every period in the order of the plans,
    in a constant number of queries.
    """
    return [
        _build_item(requirements, today)
        for requirements in requirements_for_all(_tasks_in_periods(list(periods)))
        if requirements.closing is None
    ]


def _tasks_in_periods(periods: list[ReportingPeriod]) -> list[tuple[Task, ReportingPeriod]]:
    plans = {period.plan_id for period in periods}
    tasks = list(Task.objects.filter(plan__in=plans).order_by("number"))
    return [
        (task, period) for period in periods for task in tasks if task.plan_id == period.plan_id
    ]


def by_period(items: Iterable[ReportItem]) -> dict[ReportingPeriod, list[ReportItem]]:
    """The items of each period that has any; an empty list of every other."""
    items_by_period: dict[ReportingPeriod, list[ReportItem]] = defaultdict(list)
    for item in items:
        items_by_period[item.period].append(item)
    return items_by_period


def _build_item(requirements: ReportRequirements, today: date) -> ReportItem:
    """A report reopened after closing is due on the last day it is unlocked."""
    deadline = requirements.deadline
    unlock = deadline.unlock if deadline.is_unlocked(today) else None
    due_on = unlock.expires_on if unlock else deadline.due_on
    return ReportItem(
        requirements, due_on, can_be_filed(deadline, requirements.report, today=today)
    )
