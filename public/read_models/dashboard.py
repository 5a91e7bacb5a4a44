"""总览: one plan in one quarter, counted from what is public; every count links to its list."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.urls import reverse

from common.text.wording import cn_date
from common.ui.chips import Chip, Segment
from departments.models import Department
from progress.choices import Reporting, State
from progress.models import ReportingPeriod
from public.read_models.bulletin_lines import UNCONFIRMED_LABEL
from public.read_models.data_dates import DataDate, data_date_from
from public.read_models.matrix import MatrixHead, MatrixPart, matrix, matrix_heads
from public.read_models.plan_snapshot import GROUPS, WITHOUT_REPORT, PlanSnapshot, TaskResult
from public.read_models.release_days import ReleaseDay
from public.read_models.stage_durations import StageDuration, stage_durations
from public.read_models.trajectories import IndicatorWithoutInterim, TrajectoryPath, trajectories
from publishing.models import Publication
from publishing.read_models.public_status import (
    BEHIND,
    DELIVERY,
    NO_LONGER_ASKED,
    NOT_COLLECTED,
    NOT_PUBLISHED,
    SEVERITY,
    STATE_WORDS,
    assessed_chip,
    count_states,
    headline_chip,
    in_words,
    segments,
    self_chip,
)
from tasks.choices import ResponsibilityBasis, ResponsibilityKind
from tasks.models import Plan, Section, Task


@dataclass(frozen=True)
class Count:
    """A figure and the address of the list of exactly these tasks; zero has no address."""

    value: int
    url: str = ""


@dataclass(frozen=True)
class CrossCell:
    """One figure of the cross table; `word` is its column, `note` a remark below it."""

    word: str
    count: Count
    note: str = ""


@dataclass(frozen=True)
class CrossRow:
    """One group of states across all columns, with its total."""

    key: str
    label: str
    cells: list[CrossCell]
    total: Count


@dataclass(frozen=True)
class CrossTable:
    """How tasks are done (办得怎样, rows) by how they were reported (报得怎样, columns).

    `columns` are (key, word).
    """

    columns: list[tuple[str, str]]
    rows: list[CrossRow]


@dataclass(frozen=True)
class GroupRow:
    """The counts of one unit or one section (`owner`).

    `asked` are the tasks to be reported, as the filter `delivery=asked` has it; `supports` are the
    tasks a unit only supports, `unconfirmed` those that are only proposed to be its own.
    """

    owner: Department | Section
    key: str
    asked: Count
    reported: Count
    late: Count
    behind: Count
    done: Count
    supports: int = 0
    unconfirmed: int = 0

    @property
    def name(self) -> str:
        """The name, with its label where any of the tasks rests on a proposal of the portal."""
        return f"{self.owner}（{UNCONFIRMED_LABEL}）" if self.unconfirmed else str(self.owner)


@dataclass(frozen=True)
class StateChange:
    """The public state of a task before and now, and the reason."""

    task: Task
    old: Chip
    new: Chip
    publication: Publication
    reason: str


@dataclass(frozen=True)
class Disagreement:
    """One task of which the unit and the supervisor think differently."""

    task: Task
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
    def late(self) -> Count:
        """The tasks of the quarter that were reported late."""
        return _count(self.snapshot, self.snapshot.results, reporting=Reporting.LATE)

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
        return _linked(self.snapshot, len(self.disagreements), disagree="1")

    @property
    def demonstration(self) -> bool:
        return self.period is not None and self.period.demonstration


def build_dashboard(snapshot: PlanSnapshot) -> Dashboard:
    """The page of a snapshot. An internal one shows neither changes, corrections nor durations."""
    results = snapshot.results if snapshot.period else []
    public = results if not snapshot.internal else []
    with_interim, without_interim = (
        ([], []) if not snapshot.plan.tracked_from else _trajectories(snapshot)
    )
    days = [result.publication.data_date for result in results if result.publication]
    return Dashboard(
        snapshot=snapshot,
        heads=matrix_heads(snapshot),
        matrix=matrix(snapshot, results),
        worst=sorted(
            (result for result in results if result.state in SEVERITY),
            key=lambda result: SEVERITY.index(result.state),
        ),
        rules={"behind": in_words(BEHIND), "worst": in_words(SEVERITY)},
        segments=segments(
            count_states(result.state for result in results),
            "" if snapshot.internal else f"{_address(snapshot)}&",
        ),
        totals={key: _count(snapshot, results, delivery=key) for key in DELIVERY},
        cross=_cross(snapshot, results),
        trajectories=with_interim,
        without_interim=without_interim,
        units=_units(snapshot, results),
        sections=_sections(snapshot, results),
        state_changes=_state_changes(public),
        corrections=_corrections(snapshot, public),
        disagreements=[_disagreement(result) for result in results if result.disagrees],
        assessed=sum(
            bool(result.publication and result.publication.assessment_pace) for result in results
        ),
        stage_durations=stage_durations(snapshot) if public else [],
        release_days=[
            ReleaseDay(period, snapshot.today) for _, period in sorted(snapshot.periods.items())
        ],
        dates=data_date_from([snapshot.plan], max(days, default=None)),
    )


def _trajectories(
    snapshot: PlanSnapshot,
) -> tuple[list[TrajectoryPath], list[IndicatorWithoutInterim]]:
    missing = {quarter: snapshot.unpublished(*quarter) for quarter in snapshot.quarters}
    return trajectories(snapshot.plan, snapshot.tasks, snapshot.published, snapshot.nodes, missing)


def _address(snapshot: PlanSnapshot, **filters: str) -> str:
    """The address of the list of tasks of this plan and quarter, narrowed by `filters`."""
    query = {"plan": snapshot.plan.slug}
    query |= (
        {"year": snapshot.period.year, "quarter": snapshot.period.index} if snapshot.period else {}
    )
    return f"{reverse('public:tasks')}?{urlencode(query | filters)}"


def _count(
    snapshot: PlanSnapshot,
    results: Iterable[TaskResult],
    *,
    delivery: str = "",
    reporting: str = "",
    **filters: str,
) -> Count:
    """How many `results`, all that `filters` select, are in a delivery group and reported so."""
    states = DELIVERY[delivery][1] if delivery else [*STATE_WORDS]
    value = sum(
        result.state in states and (not reporting or result.reporting == reporting)
        for result in results
    )
    query = {"delivery": delivery, "reporting": reporting} | filters
    return _linked(snapshot, value, **{name: word for name, word in query.items() if word})


def _linked(snapshot: PlanSnapshot, value: int, **filters: str) -> Count:
    return Count(value, _address(snapshot, **filters) if value and not snapshot.internal else "")


# The columns of the cross table: those that are always shown, and those shown where they count.
COLUMNS = [Reporting.ON_TIME, Reporting.RETROACTIVE, Reporting.LATE, Reporting.MISSING]
FURTHER = [*WITHOUT_REPORT, NOT_PUBLISHED, NOT_COLLECTED, Reporting.NOT_ASKED]
# The cells this table is made for: reported but not done, done but not reported in time.
NOTES = {
    ("behind", Reporting.ON_TIME): "报了，没做到",
    ("done", Reporting.LATE): "做了，没按时报",
    ("done", Reporting.MISSING): "做了，没报",
}


def _cross(snapshot: PlanSnapshot, results: list[TaskResult]) -> CrossTable:
    counts = Counter((result.delivery, result.column) for result in results)
    occurring = {column for _, column in counts}
    further = [*FURTHER, *(key for key in Reporting.values if key not in [*COLUMNS, *FURTHER])]
    columns = [*COLUMNS, *(key for key in further if key in occurring)]
    rows = [
        key for key in GROUPS if key != Reporting.NOT_ASKED or any(row == key for row, _ in counts)
    ]
    return CrossTable(
        [(str(key), column_word(key)) for key in columns],
        [
            _cross_row(snapshot, counts, row, columns, _count(snapshot, results, delivery=row))
            for row in rows
        ],
    )


def _cross_row(
    snapshot: PlanSnapshot, counts: Counter, row: str, columns: list[str], total: Count
) -> CrossRow:
    cells = [
        CrossCell(
            column_word(key), _cross_count(snapshot, counts, row, key), NOTES.get((row, key), "")
        )
        for key in columns
    ]
    return CrossRow(row, DELIVERY[row][0], cells, total)


def column_word(key: str) -> str:
    """The label of a column of the cross table."""
    return STATE_WORDS[key] if key in STATE_WORDS else str(Reporting(key).label)


def _cross_count(snapshot: PlanSnapshot, counts: Counter, row: str, column: str) -> Count:
    value = counts[row, column]
    if row == "unknown" and column in COLUMNS:
        return _linked(snapshot, value, state=State.NOT_REPORTED, reporting=column)
    if column in STATE_WORDS and column not in Reporting.values:
        return _linked(snapshot, value, state=column)
    return _linked(snapshot, value, delivery=row, reporting=column)


def _units(snapshot: PlanSnapshot, results: list[TaskResult]) -> list[GroupRow]:
    """Units in the order of their list, never by their figures."""
    by_task = {result.task.pk: result for result in results}
    units = {row.department_id: row.department for row in snapshot.responsibilities}
    groups = []
    for pk, unit in sorted(units.items()):
        rows = [row for row in snapshot.responsibilities if row.department_id == pk]
        group_results = [by_task[row.task_id] for row in rows if row.task_id in by_task]
        supports = sum(row.kind == ResponsibilityKind.SUPPORTING for row in rows)
        if group_results:
            unconfirmed = sum(row.basis == ResponsibilityBasis.PROPOSED for row in rows)
            group = _group(snapshot, unit, group_results, unit.slug, department=unit.slug)
            groups.append(replace(group, supports=supports, unconfirmed=unconfirmed))
    return groups


def _sections(snapshot: PlanSnapshot, results: list[TaskResult]) -> list[GroupRow]:
    sections = {result.task.section_id: result.task.section for result in results}
    groups = []
    for section in sorted(sections.values(), key=lambda section: section.number):
        group_results = [result for result in results if result.task.section_id == section.pk]
        key = f"{snapshot.plan.slug}-{section.number}"
        groups.append(_group(snapshot, section, group_results, key, section=key))
    return groups


def _group(
    snapshot: PlanSnapshot,
    owner: Department | Section,
    group_results: list[TaskResult],
    key: str,
    **filters: str,
) -> GroupRow:
    return GroupRow(
        owner=owner,
        key=key,
        asked=_count(snapshot, group_results, delivery="asked", **filters),
        reported=_count(snapshot, group_results, delivery="reported", **filters),
        late=_count(snapshot, group_results, reporting=Reporting.LATE, **filters),
        behind=_count(snapshot, group_results, delivery="behind", **filters),
        done=_count(snapshot, group_results, delivery="done", **filters),
    )


def _state_changes(results: list[TaskResult]) -> list[StateChange]:
    """Tasks whose public state differs from the quarter released before."""
    changed = [
        result
        for result in results
        if result.publication and result.previous and result.has_new_state
    ]
    return [
        _state_change(result, result.previous, _reason(result.publication)) for result in changed
    ]


def _state_change(result: TaskResult, before: Publication, reason: str) -> StateChange:
    old, new = (
        headline_chip(before, quarter=False),
        headline_chip(result.publication, quarter=False),
    )
    return StateChange(result.task, old, new, result.publication, reason)


def _reason(row: Publication) -> str:
    """The reason for the state in its author's words, and that for a later revision."""
    revised = f"{row.get_reason_class_display()}：{row.reason}" if row.revision > 1 else ""
    return "；".join(filter(None, [_reason_of_author(row), revised]))


def _reason_of_author(row: Publication) -> str:
    if row.assessment_pace:
        return f"核查意见：{row.assessment_note}" if row.assessment_note else "核查意见没有写明理由"
    reasons = {
        State.WITHHELD: f"依据：{row.withheld_basis}",
        State.RETURNED: "改好后再公布",
        State.NOT_REPORTED: "",
    }
    reasons[State.EXTENDED] = f"延期至{cn_date(row.extended_to)}"
    if row.headline in NO_LONGER_ASKED:
        return "经批准调整"
    return reasons.get(State(row.headline), "督查单位还没有核查")


def _corrections(snapshot: PlanSnapshot, results: list[TaskResult]) -> list[StateChange]:
    """Tasks of which another revision was published since the release of this quarter."""
    revised = [
        result for result in results if result.publication and result.publication.revision > 1
    ]
    return [
        _state_change(
            result,
            before,
            f"{result.publication.get_reason_class_display()}：{result.publication.reason}",
        )
        for result in revised
        if (before := snapshot.revision_before(result.publication))
    ]


def _disagreement(result: TaskResult) -> Disagreement:
    row = result.publication
    return Disagreement(result.task, self_chip(row), assessed_chip(row), result.url)
