"""总览: one plan in one quarter, counted from what is public; every count links to its list."""

from dataclasses import dataclass

from common.ui.chips import Chip, Segment
from progress.choices import Reporting
from progress.models import ReportingPeriod
from public.read_models.dashboard_changes import StateChange, corrections, state_changes
from public.read_models.dashboard_counts import (
    Count,
    GroupRow,
    count_by_section,
    count_by_unit,
    count_results,
    linked,
    list_address,
)
from public.read_models.dashboard_cross import CrossTable, cross_table
from public.read_models.data_dates import DataDate, data_date_from
from public.read_models.matrix import MatrixHead, MatrixPart, matrix, matrix_heads
from public.read_models.plan_snapshot import PlanSnapshot, TaskResult
from public.read_models.release_days import ReleaseDay
from public.read_models.stage_durations import StageDuration, stage_durations
from public.read_models.trajectories import IndicatorWithoutInterim, TrajectoryPath, trajectories
from publishing.choices import Outcome
from publishing.read_models.public_status import (
    BEHIND,
    DELIVERY,
    SEVERITY,
    assessed_chip,
    count_states,
    in_passing,
    in_words,
    segments,
    self_chip,
)
from tasks.models import Plan, Task


@dataclass(frozen=True)
class Disagreement:
    """One task of which the unit and the supervisor think differently.

    `year_end`: its year-end conclusion in words, empty without one.
    """

    task: Task
    year_end: str
    self_chip: Chip
    assessed_chip: Chip
    url: str


@dataclass(frozen=True)
class Dashboard:
    """Everything on the page 总览.

    `snapshot.period` is None where nothing of the plan was released: then only the matrix is shown.
    """

    snapshot: PlanSnapshot
    heads: list[MatrixHead]
    matrix: list[MatrixPart]
    # Tasks that are behind or unreported, the worst state first.
    worst: list[TaskResult]
    rules: dict[str, str]
    segments: list[Segment]
    totals: dict[str, Count]
    cross: CrossTable
    trajectories: list[TrajectoryPath]
    without_interim: list[IndicatorWithoutInterim]
    units: list[GroupRow]
    sections: list[GroupRow]
    state_changes: list[StateChange]
    corrections: list[StateChange]
    disagreements: list[Disagreement]
    assessed: int
    stage_durations: list[StageDuration]
    release_days: list[ReleaseDay]
    dates: DataDate

    @property
    def plan(self) -> Plan:
        return self.snapshot.plan

    @property
    def period(self) -> ReportingPeriod | None:
        return self.snapshot.period

    @property
    def when(self) -> str:
        """What the counts are about: a quarter, or the end of the year once it is concluded."""
        if self.snapshot.is_concluded:
            return f"{self.snapshot.concluded_years[-1]}年年终结论"
        return self.period.label if self.period else ""

    @property
    def exceeded(self) -> int:
        """How many of those that are done were concluded as more than done."""
        return sum(result.state == Outcome.EXCEEDED for result in self.snapshot.results)

    @property
    def quarter_query(self) -> str:
        """The end of an address of the same page; empty where no quarter is chosen."""
        if self.period is None or self.snapshot.is_concluded:
            return ""
        return f"&quarter={self.period.address}"

    @property
    def late(self) -> Count:
        """The tasks of the quarter that were reported late."""
        return count_results(self.snapshot, self.snapshot.results, reporting=Reporting.LATE)

    @property
    def days(self) -> list[tuple[Task, list[tuple[str, int | None]]]]:
        """For each task the name and calendar days of each stage; None where it did not pass it."""
        stages = [(stage.name, dict(stage.days)) for stage in self.stage_durations]
        return [
            (task, [(name, days.get(task)) for name, days in stages])
            for task in self.snapshot.tasks
        ]

    @property
    def disagreement_count(self) -> Count:
        return linked(self.snapshot, len(self.disagreements), disagree="1")

    @property
    def demonstration(self) -> bool:
        rows = self.snapshot.conclusions.values()
        is_concluded_as_sample = any(row.demonstration for row in rows)
        return is_concluded_as_sample or bool(self.period and self.period.demonstration)


def build_dashboard(snapshot: PlanSnapshot) -> Dashboard:
    """The page of a snapshot. An internal one shows neither changes, corrections nor durations."""
    results = snapshot.results if snapshot.period else []
    public = results if not snapshot.internal else []
    with_interim, without_interim = _trajectories(snapshot)
    return Dashboard(
        snapshot=snapshot,
        heads=matrix_heads(snapshot),
        matrix=matrix(snapshot, results),
        worst=_worst(results),
        rules={"behind": in_words(BEHIND), "worst": in_words(SEVERITY)},
        segments=_segments(snapshot, results),
        totals={key: count_results(snapshot, results, delivery=key) for key in DELIVERY},
        cross=cross_table(snapshot, results),
        trajectories=with_interim,
        without_interim=without_interim,
        units=count_by_unit(snapshot, results),
        sections=count_by_section(snapshot, results),
        state_changes=state_changes(public),
        corrections=corrections(snapshot, public),
        disagreements=_disagreements(results),
        assessed=sum(result.is_assessed for result in results),
        stage_durations=stage_durations(snapshot) if public else [],
        release_days=_release_days(snapshot),
        dates=_dates(snapshot, results),
    )


def _worst(results: list[TaskResult]) -> list[TaskResult]:
    """Those in a state that is bad news, the worst state first."""
    order: list[str] = [*SEVERITY]
    bad = [result for result in results if result.state in order]
    return sorted(bad, key=lambda result: order.index(result.state))


def _segments(snapshot: PlanSnapshot, results: list[TaskResult]) -> list[Segment]:
    address = "" if snapshot.internal else f"{list_address(snapshot)}&"
    return segments(count_states(result.state for result in results), address, snapshot.words)


def _release_days(snapshot: PlanSnapshot) -> list[ReleaseDay]:
    """The release day of each quarter, oldest first."""
    return [ReleaseDay(period, snapshot.today) for _, period in sorted(snapshot.periods.items())]


def _dates(snapshot: PlanSnapshot, results: list[TaskResult]) -> DataDate:
    days = [result.publication.data_date for result in results if result.publication]
    return data_date_from([snapshot.plan], max(days, default=None))


def _disagreements(results: list[TaskResult]) -> list[Disagreement]:
    return [
        Disagreement(
            result.task,
            in_passing(result.headline.conclusion),
            self_chip(row),
            assessed_chip(row),
            result.url,
        )
        for result in results
        if (row := result.publication) and result.disagrees
    ]


def _trajectories(
    snapshot: PlanSnapshot,
) -> tuple[list[TrajectoryPath], list[IndicatorWithoutInterim]]:
    """None of a plan that is not tracked."""
    if not snapshot.plan.tracked_from:
        return [], []
    missing = {quarter: snapshot.unpublished(*quarter) for quarter in snapshot.quarters}
    return trajectories(snapshot.plan, snapshot.tasks, snapshot.published, snapshot.nodes, missing)
