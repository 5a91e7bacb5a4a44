"""Why the rules propose a slip (督办单), as sentences."""

from datetime import date

from common.text.wording import cn_date
from departments.models import CalendarDay
from progress.choices import ReportStatus
from progress.models import ProgressReport, ReportingPeriod
from supervision.models import SupervisionSlip

# A slip is proposed from this number of returns of one report on.
RETURNS = 2


def is_returned_again(report: ProgressReport) -> bool:
    """Whether the report was returned so often that a slip is proposed."""
    return report.returns >= RETURNS and report.status == ReportStatus.RETURNED


def returned_words(report: ProgressReport) -> str:
    """The sentence that names how often the report was returned."""
    last = cn_date(report.returned_at)
    return (
        f"{report.period.label}进展填报已退回修改 {report.returns} 次，最近一次在{last}，"
        "还没有重新报送。"
    )


def overdue_words(period: ReportingPeriod, due_on: date, days: int) -> str:
    """The sentence that says since when a report is overdue; `days` are working days."""
    return f"{period.label}进展填报应在{cn_date(due_on)}前报送，已逾期 {days} 个工作日，没有报送。"


def unanswered_words(due_on: date, days: int) -> str:
    """The sentence that says since when a reply is overdue; `days` are working days."""
    return f"应在{cn_date(due_on)}前回复，已逾期 {days} 个工作日，没有回复。"


def reason_to_raise(slip: SupervisionSlip, today: date) -> str:
    """The prefilled reason to raise the slip; empty while the unit has time."""
    if not slip.is_overdue(today):
        return ""
    days = CalendarDay.objects.working_days_between(slip.next_due_on, today)
    return unanswered_words(slip.next_due_on, days)
