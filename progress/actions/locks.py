"""Rows locked for the length of an action, so that of two people at once the second is refused.

Also the subjects and events under which the ledger records actions on periods and reports.
"""

from collections.abc import Mapping
from typing import Protocol, TypeVar

from django.db.models import Model, QuerySet

from common.errors import Refused
from ledger.actions import LedgerEvent
from progress.models import ProgressReport, ReportingPeriod
from progress.transitions import MOVES, TRANSITIONS
from tasks.models import Task

Row = TypeVar("Row", bound=Model)


class AboutReport(Protocol):
    """A report, or any other row with a task and a period, as a report may not be begun yet."""

    @property
    def task(self) -> Task: ...

    @property
    def period(self) -> ReportingPeriod: ...


def locked(row: Row) -> Row:
    """The row as it is now in the database, locked until the transaction ends."""
    return QuerySet(type(row)).select_for_update().get(pk=row.pk)


def locked_report(report: ProgressReport, verb: str) -> ProgressReport:
    """The report, locked; raises Refused if its status does not allow this transition."""
    now = locked(report)
    if now.status not in MOVES[verb]:
        raise Refused(f"这份填报现在是“{now.get_status_display()}”，不能再做这一步。")
    return now


def locked_in_quarter(report: ProgressReport, verb: str) -> ProgressReport:
    """The report, locked after its period; raises Refused as `locked_report` does.

    A release locks in the same order, so that no report moves on while its period is closed or
    released.
    """
    locked(report.period)
    return locked_report(report, verb)


def locked_period(period: ReportingPeriod, *states: str) -> ReportingPeriod:
    """The period, locked; raises Refused if it is in none of these states."""
    now = locked(period)
    if now.state not in states:
        raise Refused(f"{now.label}现在是“{now.get_state_display()}”，不能这样处理。")
    return now


def period_subject(period: ReportingPeriod) -> str:
    """The name of a period as a subject of the ledger: wp2013:2013-2."""
    return f"{period.plan.slug}:{period.year}-{period.index}"


def report_subject(row: AboutReport) -> str:
    """The name of a report as a subject of the ledger: wp2013-18:2013-2."""
    return f"{row.task.code}:{row.period.year}-{row.period.index}"


def report_event(verb: str, report: ProgressReport, facts: Mapping[str, object]) -> LedgerEvent:
    """The ledger event of a transition of a report, for staff only, under its row's ledger verb."""
    ledger_verb = TRANSITIONS[verb].ledger_verb
    return LedgerEvent(ledger_verb, "report", report_subject(report), dict(facts), public=False)
