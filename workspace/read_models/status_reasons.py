"""Since when the state of a task is what it is, and why, in words that the units wrote."""

from collections.abc import Iterator
from datetime import date, timedelta

from common.text.wording import cn_date
from common.time.days import local_day
from progress.choices import FILED, Pace, State
from progress.models import ProgressReport
from progress.requirements.report import ReportRequirements
from publishing.models import Publication
from publishing.read_models.public_status import WITHOUT_WORDS


def since_and_why(requirements: ReportRequirements, publication: Publication) -> tuple[date, str]:
    """The day from which on the state is what it is, and the reason for it.

    A missing report counts from the day after it was due, a returned one from its return.
    """
    report = requirements.report
    if report is None:
        return _silence(requirements)
    if publication.headline == State.RETURNED and report.returned_at:
        why = f"{cn_date(report.returned_at)}退回：{report.return_reason}"
        return local_day(report.returned_at), why
    if publication.headline in WITHOUT_WORDS:
        return _silence(requirements, report)
    return _last_words(requirements, report)


def _silence(
    requirements: ReportRequirements, report: ProgressReport | None = None
) -> tuple[date, str]:
    """The first day without a report that was due, and whether one came after the release."""
    since = requirements.due_on + timedelta(days=1)
    if report is not None and report.status in FILED:
        return since, f"{cn_date(report.submitted_at)}补报，还没有补充公布"
    return since, f"{cn_date(requirements.due_on)}截止，没有报送"


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
