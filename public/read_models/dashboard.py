"""总览: one document in one quarter, counted from what is public now. Every count leads to the list behind it."""

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
from public.read_models.bulletin_lines import UNCONFIRMED
from public.read_models.data_dates import DataDate, data_date_from
from public.read_models.matrix import Head, MatrixPart, heads, matrix
from public.read_models.plan_snapshot import APART, GROUPS, PlanSnapshot, TaskResult
from public.read_models.release_days import ReleaseDay
from public.read_models.stage_durations import StageDuration, stage_durations
from public.read_models.trajectories import Reached, TrajectoryPath, trajectories
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
    """A figure and the list of exactly these tasks; nothing is no link."""

    value: int
    url: str = ""


@dataclass(frozen=True)
class CrossCell:
    word: str
    count: Count
    note: str = ""


@dataclass(frozen=True)
class CrossRow:
    key: str
    label: str
    cells: list[CrossCell]
    total: Count


@dataclass(frozen=True)
class CrossTable:
    """办得怎样 across 报得怎样."""

    columns: list[tuple[str, str]]
    rows: list[CrossRow]


@dataclass(frozen=True)
class GroupRow:
    """A unit or a section: how many tasks are asked of it, and of these how many were told, late, behind, done."""

    of: Department | Section
    key: str
    asked: Count
    reported: Count
    late: Count
    behind: Count
    done: Count
    # Of a unit: how many of its tasks it only supports, and how many nobody has confirmed to be its own.
    supports: int = 0
    unconfirmed: int = 0

    @property
    def name(self) -> str:
        """Never without its label where any of it rests on our proposal."""
        return f"{self.of}（{UNCONFIRMED}）" if self.unconfirmed else str(self.of)


@dataclass(frozen=True)
class StatusTurn:
    """What a task was called before and is called now, and why."""

    task: Task
    old: Chip
    new: Chip
    publication: Publication
    reason: str


@dataclass(frozen=True)
class Disagreement:
    task: Task
    self_chip: Chip
    assessed_chip: Chip
    url: str


@dataclass(frozen=True)
class Dashboard:
    """`period` is None where nothing of the plan was released: then only the matrix has something to say."""

    snapshot: PlanSnapshot
    heads: list[Head]
    matrix: list[MatrixPart]
    # Behind or unreported, the worst word first.
    worst: list[TaskResult]
    rules: dict[str, str]
    segments: list[Segment]
    totals: dict[str, Count]
    cross: CrossTable
    trajectories: list[TrajectoryPath]
    reached: list[Reached]
    units: list[GroupRow]
    sections: list[GroupRow]
    turns: list[StatusTurn]
    corrections: list[StatusTurn]
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
        return _count(self.snapshot, self.snapshot.lines, reporting=Reporting.LATE)

    @property
    def days(self) -> list[tuple[Task, list[tuple[str, int | None]]]]:
        """Task by task, for each hand its name and days; None where it did not pass."""
        columns = [(each.name, dict(each.days)) for each in self.stage_durations]
        return [(task, [(name, found.get(task)) for name, found in columns]) for task in self.snapshot.tasks]

    @property
    def disagreement_count(self) -> Count:
        return _linked(self.snapshot, len(self.disagreements), disagree="1")

    @property
    def demonstration(self) -> bool:
        return self.period is not None and self.period.demonstration


def dashboard(snapshot: PlanSnapshot) -> Dashboard:
    lines = snapshot.lines if snapshot.period else []
    public = lines if not snapshot.inside else []
    drawn, reached = ([], []) if not snapshot.plan.tracked_from else _trajectories(snapshot)
    days = [line.publication.data_date for line in lines if line.publication]
    return Dashboard(
        snapshot=snapshot,
        heads=heads(snapshot),
        matrix=matrix(snapshot, lines),
        worst=sorted((line for line in lines if line.state in SEVERITY), key=lambda line: SEVERITY.index(line.state)),
        rules={"behind": in_words(BEHIND), "worst": in_words(SEVERITY)},
        segments=segments(
            count_states(line.state for line in lines), "" if snapshot.inside else f"{_address(snapshot)}&"
        ),
        totals={key: _count(snapshot, lines, delivery=key) for key in DELIVERY},
        cross=_cross(snapshot, lines),
        trajectories=drawn,
        reached=reached,
        units=_units(snapshot, lines),
        sections=_sections(snapshot, lines),
        turns=_turns(public),
        corrections=_corrections(snapshot, public),
        disagreements=[_disagreement(line) for line in lines if line.disagrees],
        assessed=sum(bool(line.publication and line.publication.assessment_pace) for line in lines),
        stage_durations=stage_durations(snapshot) if public else [],
        release_days=[ReleaseDay(period, snapshot.today) for _, period in sorted(snapshot.periods.items())],
        dates=data_date_from([snapshot.plan], max(days, default=None)),
    )


def _trajectories(snapshot: PlanSnapshot) -> tuple[list[TrajectoryPath], list[Reached]]:
    missing = {quarter: snapshot.unpublished(*quarter) for quarter in snapshot.quarters}
    return trajectories(snapshot.plan, snapshot.tasks, snapshot.published, snapshot.nodes, missing)


def _address(snapshot: PlanSnapshot, **filters: str) -> str:
    """The list of tasks in this document and quarter, further narrowed."""
    asked = {"plan": snapshot.plan.slug}
    asked |= {"year": snapshot.period.year, "quarter": snapshot.period.index} if snapshot.period else {}
    return f"{reverse('public:tasks')}?{urlencode(asked | filters)}"


def _count(
    snapshot: PlanSnapshot, lines: Iterable[TaskResult], *, delivery: str = "", reporting: str = "", **filters: str
) -> Count:
    """Counted among `lines`, which are all that `filters` leave over."""
    states = DELIVERY[delivery][1] if delivery else [*STATE_WORDS]
    value = sum(line.state in states and (not reporting or line.reporting == reporting) for line in lines)
    asked = {"delivery": delivery, "reporting": reporting} | filters
    return _linked(snapshot, value, **{name: given for name, given in asked.items() if given})


def _linked(snapshot: PlanSnapshot, value: int, **filters: str) -> Count:
    return Count(value, _address(snapshot, **filters) if value and not snapshot.inside else "")


# How it was reported: the columns that always stand, and those that stand where somebody is in them.
COLUMNS = [Reporting.ON_TIME, Reporting.RETROACTIVE, Reporting.LATE, Reporting.MISSING]
FURTHER = [*APART, NOT_PUBLISHED, NOT_COLLECTED, Reporting.NOT_ASKED]
# The two cells this table is made for.
NOTES = {
    ("behind", Reporting.ON_TIME): "报了，没做到",
    ("done", Reporting.LATE): "做了，没按时报",
    ("done", Reporting.MISSING): "做了，没报",
}


def _cross(snapshot: PlanSnapshot, lines: list[TaskResult]) -> CrossTable:
    counted = Counter((line.delivery, line.column) for line in lines)
    met = {column for _, column in counted}
    further = [*FURTHER, *(key for key in Reporting.values if key not in [*COLUMNS, *FURTHER])]
    columns = [*COLUMNS, *(key for key in further if key in met)]
    rows = [key for key in GROUPS if key != Reporting.NOT_ASKED or any(row == key for row, _ in counted)]
    return CrossTable(
        [(str(key), column_word(key)) for key in columns],
        [_cross_row(snapshot, counted, row, columns, _count(snapshot, lines, delivery=row)) for row in rows],
    )


def _cross_row(snapshot: PlanSnapshot, counted: Counter, row: str, columns: list[str], total: Count) -> CrossRow:
    cells = [
        CrossCell(column_word(key), _cross_count(snapshot, counted, row, key), NOTES.get((row, key), ""))
        for key in columns
    ]
    return CrossRow(row, DELIVERY[row][0], cells, total)


def column_word(key: str) -> str:
    return STATE_WORDS[key] if key in STATE_WORDS else str(Reporting(key).label)


def _cross_count(snapshot: PlanSnapshot, counted: Counter, row: str, column: str) -> Count:
    value = counted[row, column]
    if row == "unknown" and column in COLUMNS:
        return _linked(snapshot, value, state=State.NOT_REPORTED, reporting=column)
    if column in STATE_WORDS and column not in Reporting.values:
        return _linked(snapshot, value, state=column)
    return _linked(snapshot, value, delivery=row, reporting=column)


def _units(snapshot: PlanSnapshot, lines: list[TaskResult]) -> list[GroupRow]:
    """In the order of the list of units, never by their figures."""
    by_task = {line.task.pk: line for line in lines}
    units = {row.department_id: row.department for row in snapshot.responsibilities}
    found = []
    for pk, unit in sorted(units.items()):
        rows = [row for row in snapshot.responsibilities if row.department_id == pk]
        own = [by_task[row.task_id] for row in rows if row.task_id in by_task]
        supports = sum(row.kind == ResponsibilityKind.SUPPORTING for row in rows)
        if own:
            unconfirmed = sum(row.basis == ResponsibilityBasis.PROPOSED for row in rows)
            told = {"supports": supports, "unconfirmed": unconfirmed}
            found.append(replace(_group(snapshot, unit, own, unit.slug, department=unit.slug), **told))
    return found


def _sections(snapshot: PlanSnapshot, lines: list[TaskResult]) -> list[GroupRow]:
    sections = {line.task.section_id: line.task.section for line in lines}
    found = []
    for section in sorted(sections.values(), key=lambda each: each.number):
        own = [line for line in lines if line.task.section_id == section.pk]
        key = f"{snapshot.plan.slug}-{section.number}"
        found.append(_group(snapshot, section, own, key, section=key))
    return found


def _group(snapshot: PlanSnapshot, of, own: list[TaskResult], key: str, **filters: str) -> GroupRow:
    return GroupRow(
        of=of,
        key=key,
        asked=_count(snapshot, own, delivery="asked", **filters),
        reported=_count(snapshot, own, delivery="reported", **filters),
        late=_count(snapshot, own, reporting=Reporting.LATE, **filters),
        behind=_count(snapshot, own, delivery="behind", **filters),
        done=_count(snapshot, own, delivery="done", **filters),
    )


def _turns(lines: list[TaskResult]) -> list[StatusTurn]:
    """Tasks whose public word is another than in the quarter released before."""
    changed = [line for line in lines if line.publication and line.previous and line.turned]
    return [_turn(line, line.previous, _reason(line.publication)) for line in changed]


def _turn(line: TaskResult, before: Publication, reason: str) -> StatusTurn:
    old, new = headline_chip(before, quarter=False), headline_chip(line.publication, quarter=False)
    return StatusTurn(line.task, old, new, line.publication, reason)


def _reason(row: Publication) -> str:
    """In the words of whoever says so; a later version also says why it was made."""
    made = f"{row.get_reason_class_display()}：{row.reason}" if row.revision > 1 else ""
    return "；".join(filter(None, [_why(row), made]))


def _why(row: Publication) -> str:
    if row.assessment_pace:
        return f"核查意见：{row.assessment_note}" if row.assessment_note else "核查意见没有写明理由"
    silent = {State.WITHHELD: f"依据：{row.withheld_basis}", State.RETURNED: "改好后再公布", State.NOT_REPORTED: ""}
    silent[State.EXTENDED] = f"延期至{cn_date(row.extended_to)}"
    if row.headline in NO_LONGER_ASKED:
        return "经批准调整"
    return silent.get(State(row.headline), "督查单位还没有核查")


def _corrections(snapshot: PlanSnapshot, lines: list[TaskResult]) -> list[StatusTurn]:
    """What was published again since the release of this quarter."""
    again = [line for line in lines if line.publication and line.publication.revision > 1]
    return [
        _turn(line, before, f"{line.publication.get_reason_class_display()}：{line.publication.reason}")
        for line in again
        if (before := snapshot.revision_before(line.publication))
    ]


def _disagreement(line: TaskResult) -> Disagreement:
    row = line.publication
    return Disagreement(line.task, self_chip(row), assessed_chip(row), line.url)
