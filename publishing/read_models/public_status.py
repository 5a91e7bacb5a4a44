"""How a task or a single promise stands for the public: one chip, from publications and nothing else."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date

from django.db.models import OuterRef, QuerySet, Subquery
from django.urls import reverse

from common.text.wording import cn_date, cn_quarter
from common.time.days import quarter_end
from common.ui.chips import Chip, Segment, Tone
from progress.choices import PUBLIC_TRAJECTORY, Pace, PeriodKind, Reporting, State, Timing, Trajectory, tone_of
from progress.read_models.chips import pace_chip
from publishing.models import Publication, PublishedFinding
from tasks.models import Commitment, Plan, Task

NOT_COLLECTED, NOT_PUBLISHED = "not_collected", "not_published"
NO_STATEMENT = "没有单独说明"
NO_PATH = "文件未公布阶段目标"
TAKEN_DOWN = "依法撤下"
# Every word the public can read as the state of a task, in the order in which bars and filters show them.
ORDER = [State.DONE, State.ON_COURSE, State.NOT_STARTED, State.SLOW, State.PARTLY, State.BLOCKED, State.NO_PROGRESS]
ORDER += [State.NOT_DONE, State.EXTENDED, State.NOT_REPORTED, State.RETURNED, State.WITHHELD]
ORDER += [State.ENDED, State.SUCCEEDED]
STATE_WORDS: dict[str, str] = {
    **{state.value: str(state.label) for state in ORDER},
    NOT_PUBLISHED: "尚未公布",
    NOT_COLLECTED: str(Reporting.NOT_COLLECTED.label),
}
BEHIND = [State.SLOW, State.PARTLY, State.NOT_DONE, State.NO_PROGRESS, State.BLOCKED]
UNREPORTED = [State.NOT_REPORTED, State.RETURNED]
# Of all these the worse word first.
SEVERITY = [State.NOT_DONE, State.NOT_REPORTED, State.RETURNED, State.NO_PROGRESS, State.SLOW, State.PARTLY]
SEVERITY += [State.BLOCKED]
NO_LONGER_ASKED = [State.ENDED, State.SUCCEEDED]
WITHOUT_WORDS = [State.EXTENDED, State.NOT_REPORTED, State.RETURNED, State.WITHHELD, *NO_LONGER_ASKED]
REPORTED = [State.DONE, State.ON_COURSE, State.NOT_STARTED, *BEHIND]
UNKNOWN = [State.EXTENDED, State.NOT_REPORTED, State.RETURNED, State.WITHHELD, NOT_PUBLISHED, NOT_COLLECTED]
# 办得怎样, in groups of states: what overviews count and the list of tasks can be asked for.
DELIVERY: dict[str, tuple[str, list[str]]] = {
    "done": ("已完成", [State.DONE]),
    "going": ("在推进或还没有启动", [State.ON_COURSE, State.NOT_STARTED]),
    "behind": ("落后", BEHIND),
    "unknown": ("没有公布进展", UNKNOWN),
    "not_asked": ("不再要求报送", NO_LONGER_ASKED),
    "reported": ("公布了进展", REPORTED),
    "asked": ("要求报送", [*REPORTED, *UNKNOWN]),
}
HEAVY = ["content", "narrative", "assessment_note"]


def in_words(states: Iterable[str]) -> str:
    return "、".join(STATE_WORDS[state] for state in states)


def missing_word(plan: Plan, year: int | None = None, quarter: int | None = None) -> str:
    """Why a task shows no state: never collected here, or collected and not public yet."""
    if plan.tracked_from is None:
        return NOT_COLLECTED
    if year and quarter and not plan.tracks(quarter_end(year, quarter)):
        return NOT_COLLECTED
    return NOT_PUBLISHED


def unpublished_word(plan: Plan, year: int, quarter: int, today: date) -> str:
    """Why a quarter of the plan shows nothing, on that day: a quarter that is not over is not due."""
    key = missing_word(plan, year, quarter)
    not_due = key != NOT_COLLECTED and quarter_end(year, quarter) >= today
    return str(Reporting.NOT_DUE.label) if not_due else STATE_WORDS[key]


def missing_chip(plan: Plan, year: int | None = None, quarter: int | None = None) -> Chip:
    return Chip(STATE_WORDS[missing_word(plan, year, quarter)], Tone.QUIET)


def publication_url(publication: Publication) -> str:
    """Where its words stand: on its page; before a release in the report, if one was handed in."""
    if publication.pk:
        return publication.get_absolute_url()
    place = [publication.task.code, publication.period.year, publication.period.index]
    return reverse("workspace:report", args=place) if publication.first_filed_at else ""


def headline_voice(publication: Publication) -> str:
    """Whose word the headline is; empty where it is nobody's verdict."""
    if publication.headline in WITHOUT_WORDS:
        return ""
    return "督查核定" if publication.assessment_pace else "单位自评，待核查"


def extended_until(publication: Publication) -> str:
    """The day granted, where the release came before it and nothing was filed."""
    return f"至{cn_date(publication.extended_to)}" if publication.headline == State.EXTENDED else ""


def headline_chip(publication: Publication, *, quarter: bool = True) -> Chip:
    if publication.taken_down_at:
        return Chip(TAKEN_DOWN, Tone.QUIET, demo=publication.demonstration)
    said = [headline_voice(publication), extended_until(publication), publication.period.label if quarter else ""]
    return Chip(
        str(State(publication.headline).label),
        tone_of(publication.headline),
        " · ".join(filter(None, said)),
        demo=publication.demonstration,
    )


def status_chip(plan: Plan, publication: Publication | None) -> Chip:
    return headline_chip(publication) if publication else missing_chip(plan)


def self_chip(publication: Publication) -> Chip:
    if not publication.self_pace:
        return Chip("没有自评", Tone.QUIET)
    return pace_chip(publication.self_pace, demo=publication.demonstration)


def assessed_chip(publication: Publication) -> Chip:
    if not publication.assessment_pace:
        return Chip("待核查", Tone.QUIET)
    return pace_chip(publication.assessment_pace, demo=publication.demonstration)


def dimension_chips(publication: Publication) -> list[tuple[str, Chip]]:
    """Timing, trajectory and reporting as frozen at publication, in public words."""
    demo = publication.demonstration
    chips = [("报送", Chip(str(Reporting(publication.reporting).label), tone_of(publication.reporting), demo=demo))]
    if publication.timing:
        chips.append(("时限", Chip(str(Timing(publication.timing).label), tone_of(publication.timing), demo=demo)))
    # Without a report nothing was computed, and that is not the document's doing.
    if publication.headline in WITHOUT_WORDS:
        return chips
    return [*chips, ("数字进度", trajectory_chip(publication.trajectory, demo=demo))]


def trajectory_chip(trajectory: str, *, demo: bool) -> Chip:
    known = trajectory != Trajectory.UNKNOWN
    return Chip(PUBLIC_TRAJECTORY[Trajectory(trajectory)], tone_of(trajectory), demo=demo and known)


def displayed_publication(year: int | None, quarter: int | None, day: date | None) -> QuerySet[Publication]:
    """For an outer task: its publication of that quarter, or the latest of those asked for; now, or as of a day."""
    found = Publication.objects.as_of(day).filter(task=OuterRef("pk"), period__kind=PeriodKind.QUARTER)
    found = found.filter(period__year=year) if year else found
    found = found.filter(period__index=quarter) if quarter else found
    return found.order_by("-period__year", "-period__index")


def with_state(
    tasks: QuerySet[Task], year: int | None = None, quarter: int | None = None, day: date | None = None
) -> QuerySet[Task]:
    """Adds `shown_id` and `state`: the publication a list shows and its headline; both empty without one."""
    shown = displayed_publication(year, quarter, day)
    return tasks.annotate(displayed_id=Subquery(shown.values("pk")[:1]), state=Subquery(shown.values("headline")[:1]))


def current_publications(task_ids: Iterable[int], day: date | None = None) -> QuerySet[Publication]:
    """Of the quarters, oldest first, without their long texts; now, or as of a day."""
    rows = (
        Publication.objects.as_of(day)
        .filter(task__in=task_ids, period__kind=PeriodKind.QUARTER)
        .select_related("period")
    )
    return rows.defer(*HEAVY).order_by("period__year", "period__index")


def latest_of(task_ids: Iterable[int], day: date | None = None) -> dict[int, Publication]:
    return {row.task_id: row for row in current_publications(task_ids, day)}


def count_states(states: Iterable[str]) -> dict[str, int]:
    """Only words that occur, in their fixed order."""
    counted = Counter(states)
    return {word: counted[word] for word in STATE_WORDS if counted[word]}


def segments(counts: dict[str, int], address: str = "") -> list[Segment]:
    """Parts of a bar; `address` is the list behind the counts, ready for `state=…` to be appended."""
    return [
        Segment(STATE_WORDS[state], count, tone_of(state), f"{address}state={state}" if address else "")
        for state, count in counts.items()
    ]


def commitment_chips(plan: Plan, commitments: list[Commitment]) -> dict[int, Chip]:
    """The state of each promise: the last word published on it, or why there is none. Two queries."""
    rows = current_publications({commitment.task_id for commitment in commitments})
    return commitment_chips_from(plan, commitments, rows.prefetch_related("findings"))


def commitment_chips_from(plan: Plan, commitments: list[Commitment], rows: Iterable[Publication]) -> dict[int, Chip]:
    """The same from publications at hand, oldest first, with their findings."""
    published, findings = defaultdict(list), {}
    for row in rows:
        published[row.task_id].append(row)
        findings |= {(row.pk, finding.commitment_id): finding for finding in row.findings.all()}
    return {
        commitment.pk: _commitment_chip(plan, commitment, published[commitment.task_id], findings)
        for commitment in commitments
    }


def _commitment_chip(plan: Plan, commitment: Commitment, rows: list[Publication], findings: dict) -> Chip:
    if not rows:
        return missing_chip(plan)
    latest = rows[-1]
    said = next((row for row in reversed(rows) if (row.pk, commitment.pk) in findings), None)
    found = findings[said.pk, commitment.pk] if said else None
    if found and (said is latest or found.pace == Pace.DONE):
        return finding_chip(said, found)
    own = (commitment.year, commitment.quarter)
    if commitment.quarter and own > _place(latest):
        return Chip("未到期", Tone.QUIET, cn_quarter(*own))
    # A promise nobody spoke of stands as its own quarter does: withheld, not reported, sent back.
    asked = [latest, *(row for row in rows if _place(row) == own)]
    silent = next((row for row in asked if row.headline in WITHOUT_WORDS), None)
    if silent:
        return headline_chip(silent)
    return finding_chip(said, found) if found else Chip(NO_STATEMENT, Tone.QUIET, latest.period.label)


def _place(row: Publication) -> tuple[int, int]:
    return row.period.year, row.period.index


def finding_chip(publication: Publication, finding: PublishedFinding) -> Chip:
    whose = "督查核定" if finding.assessment_pace else "单位自评，待核查"
    return pace_chip(finding.pace, f"{whose} · {publication.period.label}", demo=publication.demonstration)
