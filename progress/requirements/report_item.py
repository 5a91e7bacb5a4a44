"""How far the report on one task in one period has come by a day, and for whom it waits."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from departments.models import Department
from progress.choices import FILED, ReportStatus, State
from progress.models import ProgressReport, ReportingPeriod
from progress.requirements.deadlines import can_be_filed
from progress.requirements.loading import requirements_for_all
from progress.requirements.report import ReportRequirements
from tasks.models import Task


@dataclass(frozen=True)
class ReportItem:
    """One task in one period and how far its report has come today.

    `due_on`: the last day to file it, by the period, an extension or an unlock. `is_accepting`:
    whether it may be filed today.
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
        return self.status not in FILED

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
    def silent_state(self) -> State:
        """What a release says of it if nothing comes any more."""
        if self.is_returned:
            return State.RETURNED
        early = self.requirements.deadline.was_cut_short
        return State.CLOSED_EARLY if early else State.NOT_REPORTED

    @property
    def units(self) -> list[Department]:
        """The lead unit, or every responsible unit where none leads."""
        return self.requirements.answering_units

    @property
    def awaited_units(self) -> list[Department]:
        """The units it waits for: where one leads, also those whose contribution is missing."""
        # While it is being signed nobody can add a part.
        can_be_added_to = self.requirements.lead is not None and not self.is_signing
        missing = self.requirements.silent if can_be_added_to else []
        return [*self.units, *(row.department for row in missing)]

    @property
    def subject(self) -> str:
        """The key under which notices about it are kept."""
        return f"{self.task.code}:{self.period.address}"


def report_items(periods: Iterable[ReportingPeriod], today: date) -> list[ReportItem]:
    """Every task of every period's plan, in the order of the periods and of the plan.

    Those of tasks that had ended are among them (`requirements.closing`). A constant number of
    queries.
    """
    requirements_list = requirements_for_all(_tasks_in_periods(list(periods)))
    return [_report_item(requirements, today) for requirements in requirements_list]


def _tasks_in_periods(periods: list[ReportingPeriod]) -> list[tuple[Task, ReportingPeriod]]:
    plans = {period.plan_id for period in periods}
    tasks = list(Task.objects.filter(plan__in=plans).only("plan").order_by("number"))
    return [
        (task, period) for period in periods for task in tasks if task.plan_id == period.plan_id
    ]


def _report_item(requirements: ReportRequirements, today: date) -> ReportItem:
    """A report reopened after closing is due on the last day it is unlocked."""
    deadline, report = requirements.deadline, requirements.report
    unlock = deadline.running_unlock(today)
    return ReportItem(
        requirements,
        due_on=unlock.expires_on if unlock else deadline.due_on,
        is_accepting=can_be_filed(deadline, report, today=today),
    )
