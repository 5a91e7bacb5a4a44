"""Rows taken for the length of a deed, so that of two people at the same moment one is told no."""

from django.db.models import Model

from common.errors import Refused
from ledger.actions import LedgerEvent
from progress.models import ProgressReport, ReportingPeriod
from progress.transitions import MOVES, TRANSITIONS


def locked(row: Model) -> Model:
    """The row as it is now, held until the transaction ends."""
    return type(row)._default_manager.select_for_update().get(pk=row.pk)


def locked_report(report: ProgressReport, move: str) -> ProgressReport:
    """The report held, if this move is possible from where it stands."""
    now = locked(report)
    if now.status not in MOVES[move]:
        raise Refused(f"这份填报现在是“{now.get_status_display()}”，不能再做这一步。")
    return now


def locked_in_quarter(report: ProgressReport, move: str) -> ProgressReport:
    """The same with its quarter, taken first, as a release takes them: nothing moves on once it has been closed."""
    locked(report.period)
    return locked_report(report, move)


def locked_period(period: ReportingPeriod, *states: str) -> ReportingPeriod:
    now = locked(period)
    if now.state not in states:
        raise Refused(f"{now.label}现在是“{now.get_state_display()}”，不能这样处理。")
    return now


def period_subject(period: ReportingPeriod) -> str:
    return f"{period.plan.slug}:{period.year}-{period.index}"


def report_subject(row: Model) -> str:
    """Of a report, or of what is asked about one before it is there: any row with a task and a period."""
    return f"{row.task.code}:{row.period.year}-{row.period.index}"


def report_event(verb: str, report: ProgressReport, facts: dict) -> LedgerEvent:
    """What the record keeps, inside, of a transition of a report: under the verb of its row."""
    ledger_verb = TRANSITIONS[verb].ledger_verb
    return LedgerEvent(ledger_verb, "report", report_subject(report), facts, public=False)
