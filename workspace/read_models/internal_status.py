"""Every task of the running plans as it is known today, in each of its quarters in hand.

What a release would publish now is known and says 未公布; what is only awaited is no lateness.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from common.text.wording import cn_date, shortened
from common.time.days import local_day
from common.ui.chips import Chip
from departments.models import Department
from progress.choices import FILED, Pace, PeriodKind, PeriodState, Reporting, State
from progress.models import ProgressReport, ReportingPeriod
from progress.requirements.items import due_day
from progress.requirements.report import ReportRequirements, requirements_for_all
from publishing.choices import ReleaseState
from publishing.drafts import draft_from
from publishing.models import Clearance, Publication
from publishing.read_models.active_periods import active_periods
from publishing.read_models.public_status import BEHIND, HEAVY, UNREPORTED, WITHOUT_WORDS, headline_chip, headline_voice
from tasks.models import Task

AWAITED = [Reporting.NOT_DUE, Reporting.AWAITED]
# Fits into one line between the days and the deeds, at 1280 px.
LINE = 46


@dataclass(frozen=True)
class TaskStatusRow:
    """One task in one quarter as known today; `before` is what was published of the quarter before, if anything."""

    requirements: ReportRequirements
    shown: Publication
    chip: Chip
    # Days since the report, or the oldest promise not kept, was due.
    overdue: int
    # The day on which today's word came to be.
    since: date
    why: str
    before: str

    @property
    def task(self) -> Task:
        return self.requirements.task

    @property
    def period(self) -> ReportingPeriod:
        return self.requirements.period

    @property
    def state(self) -> str:
        return self.shown.headline

    @property
    def unreleased(self) -> bool:
        return self.shown.pk is None

    @property
    def voice(self) -> str:
        return headline_voice(self.shown)

    @property
    def behind(self) -> bool:
        return self.state in BEHIND

    @property
    def unreported(self) -> bool:
        return self.state in UNREPORTED

    @property
    def troubled(self) -> bool:
        return self.behind or self.unreported

    @property
    def new(self) -> bool:
        """In trouble now and not the last time; without a last time nothing can be new."""
        return self.troubled and self.before != "" and self.before not in [*BEHIND, *UNREPORTED]

    @property
    def awaited(self) -> bool:
        if self.state == State.EXTENDED:
            return True
        return may_still_come(self.shown)

    @property
    def units(self) -> list[Department]:
        """Who is asked about it: the lead, or where nobody leads every unit named."""
        lead = self.requirements.lead
        return [row.department for row in ([lead] if lead else self.requirements.responsibilities)]

    @property
    def readable(self) -> bool:
        """Whether there is a report for those who read from the submission on."""
        return self.requirements.report is not None and self.requirements.report.first_submitted_at is not None


def may_still_come(line: Publication) -> bool:
    """Nothing was handed in, and there is still time: no silence yet."""
    return line.headline == State.NOT_REPORTED and line.reporting in AWAITED


def status_rows(*, at: datetime) -> list[TaskStatusRow]:
    """The newest quarter first. A constant number of queries."""
    periods = active_periods()
    tasks = list(Task.objects.filter(plan__in={period.plan_id for period in periods}).only("pk", "plan_id"))
    requirements_list = requirements_for_all(
        (task, period) for period in periods for task in tasks if task.plan_id == period.plan_id
    )
    published, withheld = _published(periods), withheld_in(periods)
    history = _history({task.pk for task in tasks})
    rows = []
    for requirements in requirements_list:
        place = (requirements.task.pk, requirements.period.pk)
        shown = _shown(requirements, published.get(place), withheld.get(place, ""), at)
        if shown:
            rows.append(_row(requirements, shown, history.get(requirements.task.pk, []), local_day(at)))
    return rows


def _shown(
    requirements: ReportRequirements, shown: Publication | None, withheld: str, at: datetime
) -> Publication | None:
    """What is public, else what a release would publish now; nothing of what came into the plan after the release."""
    if shown is None and requirements.period.state == PeriodState.RELEASED:
        return None
    if shown is None or _outlived(shown, requirements, local_day(at)):
        shown = draft_from(requirements, at=at, withheld=withheld).publication
    shown.task, shown.period = requirements.task, requirements.period
    return shown


def _outlived(shown: Publication, requirements: ReportRequirements, today: date) -> bool:
    """Published as allowed to file later, and that day has passed."""
    return shown.headline == State.EXTENDED and not requirements.deadline.is_extended(today)


def _published(periods: list[ReportingPeriod]) -> dict[tuple[int, int], Publication]:
    rows = Publication.objects.current().filter(period__in=periods).defer(*HEAVY)
    return {(row.task_id, row.period_id): row for row in rows}


def withheld_in(periods: list[ReportingPeriod]) -> dict[tuple[int, int], str]:
    """What a prepared release is going to keep back."""
    rows = Clearance.objects.withheld().filter(release__period__in=periods, release__state=ReleaseState.PREPARED)
    return {(task, period): law for task, period, law in rows.values_list("task", "release__period", "legal_basis")}


def _history(tasks: set[int]) -> dict[int, list[tuple[tuple[int, int], str]]]:
    """Task id -> ((year, quarter), headline) of everything published, oldest first."""
    rows = Publication.objects.current().filter(task__in=tasks, period__kind=PeriodKind.QUARTER)
    rows = rows.order_by("period__year", "period__index")
    found: dict[int, list] = {}
    for task, year, index, headline in rows.values_list("task", "period__year", "period__index", "headline"):
        found.setdefault(task, []).append(((year, index), headline))
    return found


def _row(requirements: ReportRequirements, shown: Publication, history: list, today: date) -> TaskStatusRow:
    now = (requirements.period.year, requirements.period.index)
    before = [headline for when, headline in history if when < now]
    since, why = _told(requirements, shown)
    if shown.revision and shown.revision > 1:
        since = local_day(shown.published_at)
    chip, overdue = replace(headline_chip(shown, quarter=False), note=""), _overdue(requirements, shown, today)
    return TaskStatusRow(requirements, shown, chip, overdue, since, shortened(why, LINE), before[-1] if before else "")


def _overdue(requirements: ReportRequirements, shown: Publication, today: date) -> int:
    if shown.headline == State.NOT_REPORTED and not _handed_in(requirements):
        return max((today - requirements.due_on).days, 0)
    if shown.headline not in BEHIND:
        return 0
    paces = _paces(requirements)
    commitments = {commitment.pk: commitment for commitment in requirements.task.commitments.all()}
    days = [due_day(commitments[pk], requirements.period) for pk, pace in paces.items() if pace != Pace.DONE]
    return max(((today - day).days for day in days if day < today), default=0)


def _handed_in(requirements: ReportRequirements) -> bool:
    """Handed in, be it after the release said otherwise."""
    return requirements.report is not None and requirements.report.status in FILED


def _paces(requirements: ReportRequirements) -> dict[int, str]:
    """Commitment id -> the last word on it: the supervisor's where there is one."""
    other = {row.finding_id: row.pace for row in requirements.verdict.findings.all()} if requirements.verdict else {}
    return {pk: other.get(finding.pk, finding.pace) for pk, finding in requirements.findings.items()}


def _told(requirements: ReportRequirements, shown: Publication) -> tuple[date, str]:
    """(since when it is so, why). Silence is as old as the day after it was due, a return as itself."""
    report = requirements.report
    if shown.headline == State.RETURNED and report and report.returned_at:
        return local_day(report.returned_at), f"{cn_date(report.returned_at)}退回：{report.return_reason}"
    silent = requirements.due_on + timedelta(days=1)
    if report is None or shown.headline in WITHOUT_WORDS:
        late = f"{cn_date(report.submitted_at)}补报，还没有补充公布" if _handed_in(requirements) else ""
        return silent, late or f"{cn_date(requirements.due_on)}截止，没有报送"
    return _said(requirements, report, silent)


def _said(requirements: ReportRequirements, report: ProgressReport, otherwise: date) -> tuple[date, str]:
    """The supervisor's words, else the unit's; as old as the assessment, else as the filing."""
    words = _words_of(requirements, report)
    if requirements.verdict and _handed_in(requirements):
        assessed = requirements.assessment
        note = f"{assessed.unit.short_name}：{assessed.note}" if assessed.note.strip() else words
        return local_day(assessed.assessed_at), note
    return local_day(report.submitted_at) if report.submitted_at else otherwise, words


def _words_of(requirements: ReportRequirements, report: ProgressReport) -> str:
    notes = [row.note for row in requirements.findings.values() if row.note.strip() and row.pace != Pace.DONE]
    part = requirements.contributions.get(requirements.lead.department_id) if requirements.lead else None
    said = [report.no_progress_reason, *notes, part.narrative if part else ""]
    words = next((text for text in said if text.strip()), "")
    return f"{requirements.lead.department.short_name}：{words}" if requirements.lead and words else words
