"""The public state of a task, as one chip, from publications alone.

Also the vocabulary of public states: their words, order and groups.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from django.db.models import QuerySet
from django.urls import reverse

from common.text.wording import cn_date
from common.time.days import quarter_end
from common.ui.chips import Chip, Segment, Tone
from progress.choices import (
    PUBLIC_TRAJECTORY,
    PeriodKind,
    Reporting,
    State,
    Timing,
    Trajectory,
    tone_of,
)
from progress.read_models.chips import pace_chip
from publishing.choices import OUTCOME_TONES, Outcome
from publishing.models import Publication, YearEnd
from tasks.models import Plan

NOT_COLLECTED, NOT_PUBLISHED = "not_collected", "not_published"
NO_PATH = "文件未公布阶段目标"
TAKEN_DOWN = "依法撤下"
# Whose verdict a state is: the supervisor's, or the unit's own as long as it is not assessed.
ASSESSED_VOICE, SELF_VOICE = "督查核定", "单位自评，待核查"
YEAR_END = "年终结论"
# Every state of a task, in the order in which bars and filters show them. The public reads all of
# them but 待报送. A year-end conclusion has the keys of `Outcome`; those it shares with `State`
# mean the same there.
ORDER: list[State | Outcome] = [
    State.DONE,
    Outcome.EXCEEDED,
    Outcome.DONE_CHANGED,
    State.ON_COURSE,
    State.NOT_STARTED,
    State.SLOW,
    State.PARTLY,
    State.BLOCKED,
    State.NO_PROGRESS,
]
ORDER += [State.NOT_DONE, State.AWAITED, State.EXTENDED, State.NOT_REPORTED, State.CLOSED_EARLY]
ORDER += [State.RETURNED, State.WITHHELD, State.ENDED, State.SUCCEEDED]
STATE_WORDS: dict[str, str] = {
    **{state.value: str(state.label) for state in ORDER},
    NOT_PUBLISHED: "尚未公布",
    NOT_COLLECTED: str(Reporting.NOT_COLLECTED.label),
}
DONE: list[str] = [State.DONE, Outcome.EXCEEDED, Outcome.DONE_CHANGED]
BEHIND = [State.SLOW, State.PARTLY, State.NOT_DONE, State.NO_PROGRESS, State.BLOCKED]
# Without a report that could be published although the day for it is over: three ways, each with a
# count of its own.
UNREPORTED = [State.NOT_REPORTED, State.CLOSED_EARLY, State.RETURNED]
# The states that count as bad news, worst first.
SEVERITY = [
    State.NOT_DONE,
    *UNREPORTED,
    State.NO_PROGRESS,
    State.SLOW,
    State.PARTLY,
]
SEVERITY += [State.BLOCKED]
# The words of a bar in which every state is a year-end conclusion.
OUTCOME_WORDS: dict[str, str] = {key: str(word) for key, word in Outcome.choices}
NO_LONGER_ASKED = [State.ENDED, State.SUCCEEDED]
WITHOUT_WORDS = [
    State.AWAITED,
    State.EXTENDED,
    *UNREPORTED,
    State.WITHHELD,
    *NO_LONGER_ASKED,
]
REPORTED = [*DONE, State.ON_COURSE, State.NOT_STARTED, *BEHIND]
UNKNOWN: list[str] = [
    State.AWAITED,
    State.EXTENDED,
    *UNREPORTED,
    State.WITHHELD,
    NOT_PUBLISHED,
    NOT_COLLECTED,
]
# 办得怎样: key -> (label, states). Overviews count these groups, and the list of tasks filters by
# them.
DELIVERY: dict[str, tuple[str, Sequence[str]]] = {
    "done": ("已完成", DONE),
    "going": ("在推进或还没有启动", [State.ON_COURSE, State.NOT_STARTED]),
    "behind": ("落后", BEHIND),
    "unknown": ("没有公布进展", UNKNOWN),
    "not_asked": ("不再要求报送", NO_LONGER_ASKED),
    "reported": ("公布了进展", REPORTED),
    "asked": ("要求报送", [*REPORTED, *UNKNOWN]),
}
# Long texts of a publication that lists do not load.
HEAVY = ["content", "narrative", "assessment_note"]


def in_words(states: Iterable[str]) -> str:
    """The labels of the states, as one enumeration."""
    return "、".join(STATE_WORDS[state] for state in states)


def state_tone(state: str) -> Tone:
    """The tone of a public state, be it of a quarter or of a year-end conclusion."""
    return OUTCOME_TONES[state] if state in Outcome.values else tone_of(state)


def missing_word(plan: Plan, year: int | None = None, quarter: int | None = None) -> str:
    """Why a task shows no state: the key NOT_COLLECTED or NOT_PUBLISHED.

    With `year` and `quarter` (1-4) for that quarter, otherwise for the whole plan. Of a plan that
    is still to come or under way nobody can say that the portal came too late.
    """
    if plan.predates_portal:
        return NOT_COLLECTED
    if plan.tracked_from and year and quarter and not plan.tracks(quarter_end(year, quarter)):
        return NOT_COLLECTED
    return NOT_PUBLISHED


def unpublished_word(plan: Plan, year: int, quarter: int, today: date) -> str:
    """The label that says why a quarter (1-4) of the plan shows no state on the day `today`.

    A quarter that is not over yet is not due.
    """
    key = missing_word(plan, year, quarter)
    not_due = key != NOT_COLLECTED and quarter_end(year, quarter) >= today
    return str(Reporting.NOT_DUE.label) if not_due else STATE_WORDS[key]


def missing_chip(plan: Plan, year: int | None = None, quarter: int | None = None) -> Chip:
    """The chip of a task without a publication, for one quarter (1-4) or for the whole plan."""
    return Chip(STATE_WORDS[missing_word(plan, year, quarter)], Tone.QUIET)


def publication_url(publication: Publication) -> str:
    """The address of its public page; of the report, if it is a draft and a report was filed."""
    if publication.pk:
        return publication.get_absolute_url()
    report_key = [publication.task.code, publication.period.year, publication.period.index]
    return reverse("workspace:report", args=report_key) if publication.first_filed_at else ""


def headline_voice(publication: Publication) -> str:
    """Who gave the verdict in the headline; empty where the headline is no verdict."""
    if publication.headline in WITHOUT_WORDS:
        return ""
    return ASSESSED_VOICE if publication.assessment_pace else SELF_VOICE


def extended_until(publication: Publication) -> str:
    """The day to which an unfiled report was extended, in words; empty without an extension."""
    return f"至{cn_date(publication.extended_to)}" if publication.headline == State.EXTENDED else ""


def headline_chip(
    publication: Publication, *, quarter: bool = True, conclusion: YearEnd | None = None
) -> Chip:
    """The chip of the publication's public state; `quarter` adds the period to its note.

    `conclusion`: the published one on the year of the publication, which is told beside it.
    """
    demo = publication.demonstration or bool(conclusion and conclusion.demonstration)
    beside = in_passing(conclusion)
    period_label = publication.period.label if quarter else ""
    if publication.taken_down_at:
        note = " · ".join(filter(None, [period_label, beside]))
        return Chip(TAKEN_DOWN, Tone.QUIET, note, demo=demo)
    notes = [headline_voice(publication), extended_until(publication), period_label, beside]
    return Chip(
        str(State(publication.headline).label),
        tone_of(publication.headline),
        " · ".join(filter(None, notes)),
        demo=demo,
    )


def in_passing(conclusion: YearEnd | None) -> str:
    """A year-end conclusion beside something else, such as 年终结论 部分完成; empty without one."""
    return f"{YEAR_END} {conclusion.get_verdict_display()}" if conclusion else ""


def self_chip(publication: Publication) -> Chip:
    """The chip of the unit's own verdict."""
    if not publication.self_pace:
        return Chip("没有自评", Tone.QUIET)
    return pace_chip(publication.self_pace, demo=publication.demonstration)


def assessed_chip(publication: Publication) -> Chip:
    """The chip of the supervisor's verdict."""
    if not publication.assessment_pace:
        return Chip("待核查", Tone.QUIET)
    return pace_chip(publication.assessment_pace, demo=publication.demonstration)


def dimension_chips(publication: Publication) -> list[tuple[str, Chip]]:
    """Reporting, timing and trajectory as they were published, each with its label."""
    demo = publication.demonstration
    chips = [
        (
            "报送",
            Chip(
                str(Reporting(publication.reporting).label),
                tone_of(publication.reporting),
                demo=demo,
            ),
        )
    ]
    if publication.timing:
        chips.append(
            (
                "时限",
                Chip(str(Timing(publication.timing).label), tone_of(publication.timing), demo=demo),
            )
        )
    # Without a report no trajectory was computed; a chip would blame the document for that.
    if publication.headline in WITHOUT_WORDS:
        return chips
    return [*chips, ("数字进度", trajectory_chip(publication.trajectory, demo=demo))]


def trajectory_chip(trajectory: str, *, demo: bool) -> Chip:
    """The chip of progress against the targets; an unknown one is not marked as made up."""
    is_known = trajectory != Trajectory.UNKNOWN
    return Chip(
        PUBLIC_TRAJECTORY[Trajectory(trajectory)], tone_of(trajectory), demo=demo and is_known
    )


def current_publications(task_ids: Iterable[int], day: date | None = None) -> QuerySet[Publication]:
    """The tasks' publications of all quarters, oldest first; now, or as of the end of `day`.

    Long texts are not loaded.
    """
    rows = (
        Publication.objects.as_of(day)
        .filter(task__in=task_ids, period__kind=PeriodKind.QUARTER)
        .select_related("period")
    )
    return rows.defer(*HEAVY).order_by("period__year", "period__index")


def count_states(states: Iterable[str]) -> dict[str, int]:
    """How often each state occurs, in the fixed order of the states; absent ones are left out."""
    counts = Counter(states)
    return {state: counts[state] for state in STATE_WORDS if counts[state]}


def segments(
    counts: dict[str, int], address: str = "", words: Mapping[str, str] = STATE_WORDS
) -> list[Segment]:
    """The counts as parts of a bar, named by `words`.

    `address` is the list behind them, ready for `state=…` to be appended; empty for no links.
    """
    return [
        Segment(
            words[state], count, state_tone(state), f"{address}state={state}" if address else ""
        )
        for state, count in counts.items()
    ]
