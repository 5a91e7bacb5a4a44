"""The state of every task of the active plans as of today, in each of its active quarters.

Where nothing is published yet it is what a release would publish now, marked 未公布. A report that
is only awaited is not late, one that was returned is not unreported.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import NamedTuple

from django.db.models import Q

from common.text.wording import cn_quarter, shortened
from common.time.days import local_day
from common.time.quarters import Quarter
from common.ui.chips import Chip
from progress.choices import Pace, PeriodKind, PeriodState, State
from progress.models import ReportingPeriod
from progress.requirements.items import due_day
from progress.requirements.report import ReportRequirements
from progress.requirements.report_item import ReportItem, report_items
from public.read_models.plan_snapshot import quarter_of
from publishing.choices import ReleaseState
from publishing.drafts import draft_from
from publishing.models import Clearance, Publication
from publishing.read_models.active_periods import active_periods
from publishing.read_models.public_status import (
    BEHIND,
    HEAVY,
    NO_LONGER_ASKED,
    SEVERITY,
    headline_chip,
    headline_voice,
)
from tasks.read_models.portfolio import Portfolio
from workspace.read_models.status_reasons import closing_days, since_and_why

# Characters that fit into one line of the overview at 1280 px.
LINE = 46


@dataclass(frozen=True)
class TaskStatusRow(ReportItem):
    """One task in one quarter with what is known of it today, to the public or only to staff.

    `publication` is what is public, or a draft of it without a key; `before` is the headline that
    was published of the quarter before, `told` what the plan's last release said of the task.
    Both are empty where there is none. `last`: of a quarter closed early without a report, the row
    of the quarter before, where one is active.
    """

    publication: Publication
    chip: Chip
    # Days since the report, or the oldest promise not kept, was due.
    overdue: int
    # The day from which on the state is what it is.
    since: date
    why: str
    before: str
    before_quarter: Quarter | None
    told: str
    last: "TaskStatusRow | None" = None

    @property
    def state(self) -> str:
        return self.publication.headline

    @property
    def unreleased(self) -> bool:
        """Whether nothing is public, so that the row is a draft."""
        return self.publication.pk is None

    @property
    def voice(self) -> str:
        return headline_voice(self.publication)

    @property
    def standing(self) -> tuple[Quarter, str]:
        """The quarter and state by which the task counts.

        An early closing says nothing about the work: what was known of the task before it counts.
        """
        if self.closed_early and self.last:
            return self.last.standing
        if self.closed_early and self.before_quarter:
            return self.before_quarter, self.before
        return quarter_of(self.period), self.state

    @property
    def last_known(self) -> str:
        """What was known of the task before its quarter was closed early, in words; else empty."""
        quarter, state = self.standing
        if quarter == quarter_of(self.period):
            return ""
        voice = self.last.last_voice if self.last else ""
        return f"{cn_quarter(*quarter)}{State(state).label}{f'（{voice}）' if voice else ''}"

    @property
    def last_voice(self) -> str:
        """Who gave the verdict by which the task counts; empty where none did."""
        return self.last.last_voice if self.last else self.voice

    @property
    def behind(self) -> bool:
        return self.standing[1] in BEHIND

    @property
    def unreported(self) -> bool:
        """Whether the day for the report is over and nothing came."""
        return self.standing[1] == State.NOT_REPORTED

    @property
    def returned_to_unit(self) -> bool:
        """Whether a report came and was sent back: the unit has reported and is improving it."""
        return self.standing[1] == State.RETURNED

    @property
    def closed_early(self) -> bool:
        """Whether nothing had come when the period was closed before its due day."""
        return self.state == State.CLOSED_EARLY

    @property
    def troubled(self) -> bool:
        return self.state in SEVERITY

    @property
    def new(self) -> bool:
        """Whether it is in trouble now and the plan's last release did not say so."""
        return self.troubled and self.comparable and self.told not in SEVERITY

    @property
    def comparable(self) -> bool:
        """Whether the last release said anything by which a trouble could be old or new."""
        return self.told not in ["", State.WITHHELD, *NO_LONGER_ASKED]

    @property
    def awaited(self) -> bool:
        """Whether the report may still come in time, in its own or its extended time."""
        return self.state in (State.EXTENDED, State.AWAITED)

    @property
    def newly_behind(self) -> bool:
        return self.state in BEHIND and self.before not in BEHIND

    @property
    def newly_done(self) -> bool:
        return self.state == State.DONE and self.before != State.DONE

    @property
    def newly_unreported(self) -> bool:
        return self.state == State.NOT_REPORTED and self.before != State.NOT_REPORTED

    @property
    def newly_returned(self) -> bool:
        return self.state == State.RETURNED and self.before != State.RETURNED

    def is_within(self, scope: Portfolio | None) -> bool:
        """Whether the task belongs to the portfolio; without one every task does."""
        return scope is None or scope.covers(self.task, self.requirements.units)

    @property
    def readable(self) -> bool:
        """Whether there is a report that was submitted, so that readers may open it."""
        return self.report is not None and self.report.first_submitted_at is not None


def status_rows(*, at: datetime) -> list[TaskStatusRow]:
    """The rows of all active quarters as of `at`, newest first. A constant number of queries."""
    periods, today = active_periods(), local_day(at)
    items = report_items(periods, today)
    published, withheld = _published(periods), withheld_in(periods)
    history = _history({item.task.pk for item in items})
    closed_on = closing_days(periods)
    rows = []
    for item in items:
        key = (item.task.pk, item.period.pk)
        publication = _publication(item.requirements, published.get(key), withheld.get(key, ""), at)
        if publication:
            told = history.get(item.task.pk, [])
            rows.append(_row(item, publication, told, closed_on.get(item.period.pk), today))
    return _with_last(rows)


def _with_last(rows: list[TaskStatusRow]) -> list[TaskStatusRow]:
    """The same rows, newest first; those closed early with the row of the task before them."""
    older: dict[int, TaskStatusRow] = {}
    found = []
    for row in reversed(rows):
        last = older.get(row.task.pk) if row.closed_early else None
        linked = replace(row, last=last, overdue=last.overdue) if last else row
        if not row.awaited:
            older[row.task.pk] = linked
        found.append(linked)
    return found[::-1]


def _publication(
    requirements: ReportRequirements,
    published: Publication | None,
    withheld: str,
    at: datetime,
) -> Publication | None:
    """What is public, else the draft of it; None for a task added after the release."""
    publication = published
    if publication is None and requirements.period.state == PeriodState.RELEASED:
        return None
    if publication is None or _has_outlived_extension(publication, requirements, local_day(at)):
        publication = draft_from(requirements, at=at, withheld=withheld).publication
    publication.task, publication.period = requirements.task, requirements.period
    return publication


def _has_outlived_extension(
    publication: Publication, requirements: ReportRequirements, today: date
) -> bool:
    """Whether it was published as extended and the extended day has passed."""
    return publication.headline == State.EXTENDED and not requirements.deadline.is_extended(today)


def _published(periods: list[ReportingPeriod]) -> dict[tuple[int, int], Publication]:
    rows = Publication.objects.current().filter(period__in=periods).defer(*HEAVY)
    return {(row.task_id, row.period_id): row for row in rows}


def withheld_in(periods: list[ReportingPeriod]) -> dict[tuple[int, int], str]:
    """(task id, period id) -> the legal basis on which a prepared release withholds the line."""
    rows = Clearance.objects.withheld().filter(
        release__period__in=periods, release__state=ReleaseState.PREPARED
    )
    return {
        (task, period): law
        for task, period, law in rows.values_list("task", "release__period", "legal_basis")
    }


class Told(NamedTuple):
    """What was published of a task in a quarter: by the release, or as it stands now."""

    quarter: Quarter
    headline: str
    by_release: bool
    is_current: bool


def _history(tasks: set[int]) -> dict[int, list[Told]]:
    """Task id -> the first and the current revision of everything published, oldest first."""
    rows = Publication.objects.filter(
        Q(is_current=True) | Q(revision=1), task__in=tasks, period__kind=PeriodKind.QUARTER
    )
    columns = ("task", "period__year", "period__index", "headline", "revision", "is_current")
    history: dict[int, list[Told]] = {}
    for task, year, index, headline, revision, is_current in rows.order_by(
        "period__year", "period__index", "revision"
    ).values_list(*columns):
        told = Told(Quarter(year, index), headline, revision == 1, is_current)
        history.setdefault(task, []).append(told)
    return history


def _told_before(history: list[Told], now: Quarter) -> Told | None:
    """What is public now of the newest quarter before; None if there is none."""
    before = [row for row in history if row.is_current and row.quarter < now]
    return before[-1] if before else None


def _told_last(history: list[Told], now: Quarter) -> str:
    """What the last release said: of this quarter if it is released, else of the one before."""
    by_release = [row.headline for row in history if row.by_release and row.quarter == now]
    return by_release[0] if by_release else _headline_of(_told_before(history, now))


def _headline_of(told: Told | None) -> str:
    return told.headline if told else ""


def _row(
    item: ReportItem,
    publication: Publication,
    history: list[Told],
    closed_on: date | None,
    today: date,
) -> TaskStatusRow:
    now = quarter_of(item.period)
    before = _told_before(history, now)
    since, why = since_and_why(item.requirements, publication, closed_on)
    return TaskStatusRow(
        requirements=item.requirements,
        due_on=item.due_on,
        is_accepting=item.is_accepting,
        publication=publication,
        chip=replace(headline_chip(publication, quarter=False), note=""),
        overdue=_overdue(item, publication, today),
        since=_revised_on(publication) or since,
        why=shortened(why, LINE),
        before=_headline_of(before),
        before_quarter=before.quarter if before else None,
        told=_told_last(history, now),
    )


def _revised_on(publication: Publication) -> date | None:
    """The day of a later revision; None for the first one and for a draft."""
    if publication.revision and publication.revision > 1:
        return local_day(publication.published_at)
    return None


def _overdue(item: ReportItem, publication: Publication, today: date) -> int:
    """Days since the report was due, or since the oldest commitment that is not done was."""
    due_on: date | None = None
    if publication.headline == State.NOT_REPORTED and item.is_unfiled:
        due_on = item.requirements.due_on
    elif publication.headline in BEHIND:
        due_on = _oldest_undone_day(item.requirements)
    return max((today - due_on).days, 0) if due_on else 0


def _oldest_undone_day(requirements: ReportRequirements) -> date | None:
    """The day the oldest commitment that is not done was due; None if all are done."""
    commitments = {commitment.pk: commitment for commitment in requirements.task.commitments.all()}
    undone = [commitments[pk] for pk, pace in _paces(requirements).items() if pace != Pace.DONE]
    days = [due_day(commitment, requirements.period) for commitment in undone]
    return min(days, default=None)


def _paces(requirements: ReportRequirements) -> dict[int, str]:
    """Commitment id -> its pace: the supervisor's where there is one, else the unit's."""
    verdict = requirements.verdict
    assessed = {row.finding_id: row.pace for row in verdict.findings.all()} if verdict else {}
    return {
        pk: assessed.get(finding.pk, finding.pace) for pk, finding in requirements.findings.items()
    }
