"""Since when the state of a task is what it is, and why, in words that the units wrote."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from common.not_null import not_null
from common.text.wording import cn_date
from common.time.days import local_day
from ledger.models import Entry
from progress.actions.locks import period_subject
from progress.choices import FILED, Pace, State
from progress.models import ProgressReport, ReportingPeriod
from progress.requirements.report import ReportRequirements
from publishing.models import Publication
from publishing.read_models.public_status import WITHOUT_WORDS


def closing_days(periods: Iterable[ReportingPeriod]) -> dict[int, date]:
    """Period id -> the day on which it was closed, of those that were closed early. One query."""
    early = {period_subject(period): period.pk for period in periods if period.early_reason}
    entries = Entry.objects.filter(
        verb="close_period", subject_type="period", subject_id__in=early
    ).order_by("seq")
    return {early[row.subject_id]: local_day(row.happened_at) for row in entries}


def since_and_why(
    requirements: ReportRequirements, publication: Publication, closed_on: date | None
) -> tuple[date, str]:
    """The day from which on the state is what it is, and the reason for it.

    A missing report counts from the day after it was due, or from the day `closed_on` on which the
    period was closed early; a returned one from its return.
    """
    report = requirements.report
    if publication.headline not in WITHOUT_WORDS and report is not None:
        return _last_words(requirements, report)
    if publication.headline == State.RETURNED and report and report.answers_a_return:
        return local_day(not_null(report.returned_at)), _return(report)
    is_early = closed_on is not None and publication.headline == State.CLOSED_EARLY
    return _silence(requirements, closed_on if is_early else None)


def _return(report: ProgressReport) -> str:
    """When the report came first, and when and why it was sent back."""
    came, returned = cn_date(report.first_submitted_at), cn_date(report.returned_at)
    return f"{came}首次报送，{returned}退回：{report.return_reason}"


def _silence(requirements: ReportRequirements, closed_on: date | None) -> tuple[date, str]:
    """The first day without a report that was due, and whether one came after the release.

    `closed_on`: the day on which the period was closed early.
    """
    report = requirements.report
    since = closed_on or requirements.due_on + timedelta(days=1)
    if report is not None and report.status in FILED:
        return since, f"{cn_date(report.submitted_at)}补报，还没有补充公布"
    due = cn_date(requirements.due_on)
    if closed_on:
        return since, f"{cn_date(closed_on)}提前截止（原定{due}），没有报送"
    return since, f"{due}截止，没有报送"


def _last_words(requirements: ReportRequirements, report: ProgressReport) -> tuple[date, str]:
    """Day and words of the assessment, else of the report; a draft counts from its due day."""
    words, verdict = _reported_words(requirements, report), requirements.verdict
    if verdict and report.status in FILED:
        note = f"{verdict.unit.short_name}：{verdict.note}" if verdict.note.strip() else words
        return local_day(verdict.assessed_at), note
    silent = requirements.due_on + timedelta(days=1)
    return local_day(report.submitted_at) if report.submitted_at else silent, words


def _reported_words(requirements: ReportRequirements, report: ProgressReport) -> str:
    """The first thing the units wrote that explains the state, with the lead's name."""
    texts = _explanations(requirements, report)
    words, lead = next((text for text in texts if text.strip()), ""), requirements.lead
    return f"{lead.department.short_name}：{words}" if lead and words else words


def _explanations(requirements: ReportRequirements, report: ProgressReport) -> Iterator[str]:
    """What may explain the state, the most telling first; some of it may be empty."""
    yield report.no_progress_reason
    yield from (row.note for row in requirements.findings.values() if row.pace != Pace.DONE)
    lead = requirements.lead
    part = requirements.contributions.get(lead.department_id) if lead else None
    yield part.narrative if part else ""
