"""Every task of the quarters under way: how far its report has come, until when, and whom it waits for."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from departments.models import Department
from progress.choices import PeriodState, ReportStatus
from progress.models import ProgressReport, ReportingPeriod
from progress.requirements.deadlines import can_be_filed
from progress.requirements.report import ReportRequirements, requirements_for_all
from tasks.choices import PlanState
from tasks.models import Task

RUNNING = [PeriodState.OPEN, PeriodState.CLOSED]
UNFILED = {ReportStatus.DRAFT, ReportStatus.SIGNING, ReportStatus.RETURNED}


@dataclass(frozen=True)
class ReportItem:
    """One task in one period and how far its report has come. `takes` says whether it may be filed today."""

    requirements: ReportRequirements
    due_on: date
    takes: bool

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
    def signing(self) -> bool:
        return self.status == ReportStatus.SIGNING

    @property
    def returned(self) -> bool:
        """Sent back and not handed in since, be it with the signers again."""
        return self.report is not None and self.report.answers_a_return

    @property
    def unfiled(self) -> bool:
        """Not with the supervisor yet, or sent back."""
        return self.status in UNFILED

    @property
    def silent_at_release(self) -> bool:
        """Unfiled, and without a granted day that lies beyond the planned release."""
        return self.unfiled and (self.returned or not self.requirements.deadline.is_extended(self.period.release_on))

    @property
    def units(self) -> list[Department]:
        """Those it waits for: the lead, and who has not given its part. Where nobody leads, every unit is asked."""
        requirements, lead = self.requirements, self.requirements.lead
        # While it is being signed nobody can add a part.
        silent = [] if self.signing else requirements.silent
        return [row.department for row in ([lead, *silent] if lead else requirements.responsibilities)]

    @property
    def subject(self) -> str:
        return f"{self.task.code}:{self.period.address}"


def running_periods() -> list[ReportingPeriod]:
    """Quarters in which something may still be chased: open, closed, or released with a report sent back."""
    chased = Q(state__in=RUNNING) | Q(reports__status__in=[ReportStatus.RETURNED, ReportStatus.SIGNING])
    periods = ReportingPeriod.objects.filter(chased, plan__state=PlanState.PUBLISHED)
    return list(periods.quarters().with_plan().distinct().order_by("due_on", "plan"))


def items_of(periods: Iterable[ReportingPeriod], today: date) -> list[ReportItem]:
    """Every task asked for in every period in the order of the plans, in a constant number of queries."""
    periods = list(periods)
    tasks = list(Task.objects.filter(plan__in={period.plan_id for period in periods}).order_by("number"))
    pairs = [(task, period) for period in periods for task in tasks if task.plan_id == period.plan_id]
    return [_item(requirements, today) for requirements in requirements_for_all(pairs) if requirements.closing is None]


def _item(requirements: ReportRequirements, today: date) -> ReportItem:
    """One opened again after the closing is due on the day that ends."""
    deadline = requirements.deadline
    again = requirements.period.state == PeriodState.CLOSED and deadline.is_unlocked(today)
    due_on = deadline.unlock.expires_on if again else deadline.due_on
    return ReportItem(requirements, due_on, can_be_filed(deadline, requirements.report, today=today))
