"""The headline of a task: its year-end conclusion once that is published, else its publication.

Every page, count, filter and file asks here, so that no two of them can tell it differently.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, TypedDict

from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from common.text.wording import QUARTERS
from common.ui.chips import Chip, Tone
from progress.choices import PeriodKind, State
from publishing.choices import OUTCOME_TONES
from publishing.models import Publication, YearEnd
from publishing.read_models.public_status import (
    ASSESSED_VOICE,
    HEAVY,
    OUTCOME_WORDS,
    STATE_WORDS,
    YEAR_END,
    current_publications,
    headline_chip,
    headline_voice,
    in_passing,
    missing_word,
)
from tasks.models import Plan, Task

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

# How the voice of a quarter is named beside a conclusion; a state without a voice has none.
SHORT_VOICES = {ASSESSED_VOICE: "核定", "": ""}


@dataclass(frozen=True)
class Headline:
    """What the public reads first of a task.

    The headline is the conclusion where there is one. With `quarter`, a chosen (year, quarter) of
    which either may be None, it is the publication of that quarter, and the conclusion on its year
    is told beside it.
    """

    plan: Plan
    publication: Publication | None
    conclusion: YearEnd | None
    quarter: tuple[int | None, int] | None = None
    # The key of STATE_WORDS where nothing is published; empty for the one that the plan says.
    missing: str = ""

    @property
    def is_concluded(self) -> bool:
        """Whether the headline is the year-end conclusion."""
        return self.conclusion is not None and self.quarter is None

    @property
    def state(self) -> str:
        """A key of STATE_WORDS."""
        return self.conclusion.verdict if self.conclusion and not self.quarter else self.own_state

    @property
    def own_state(self) -> str:
        """The state of the publication, whatever the year-end conclusion says."""
        if self.publication:
            return self.publication.headline
        return self.missing or missing_word(self.plan, *(self.quarter or ()))

    @property
    def voice(self) -> str:
        """Whose word the headline is; empty where it is no verdict."""
        if self.is_concluded:
            return YEAR_END
        return headline_voice(self.publication) if self.publication else ""

    @property
    def demonstration(self) -> bool:
        """Whether any part of it is a sample."""
        parts = [self.publication, self.conclusion]
        return any(part.demonstration for part in parts if part)

    def chip(self, *, quarter: bool = True) -> Chip:
        """The chip of the headline; `quarter` names the period where it is that of a quarter."""
        if self.conclusion and self.is_concluded:
            return self._concluded_chip(self.conclusion)
        if self.publication:
            return headline_chip(self.publication, quarter=quarter, conclusion=self.conclusion)
        return Chip(STATE_WORDS[self.own_state], Tone.QUIET, in_passing(self.conclusion))

    def _concluded_chip(self, conclusion: YearEnd) -> Chip:
        """The conclusion first, then what the last quarter said if that was something else."""
        notes = [year_end_word(conclusion.year, self.plan), self._last_quarter(conclusion)]
        return Chip(
            str(conclusion.get_verdict_display()),
            OUTCOME_TONES[conclusion.verdict],
            " · ".join(filter(None, notes)),
            demo=self.demonstration,
        )

    def _last_quarter(self, conclusion: YearEnd) -> str:
        """The state of the last published quarter, such as 第四季度核定 已完成, if it differs."""
        row = self.publication
        if row is None or row.headline == conclusion.verdict:
            return ""
        is_same_year = row.period.year == conclusion.year
        quarter = QUARTERS[row.period.index] if is_same_year else row.period.label
        voice = SHORT_VOICES.get(headline_voice(row), "自评")
        return f"{quarter}{voice} {State(row.headline).label}"


def words_of(headlines: Iterable[Headline]) -> Mapping[str, str]:
    """The words for a bar of these headlines: those of the conclusions, if all of them are one."""
    told = are_all_concluded(headline.is_concluded for headline in headlines)
    return OUTCOME_WORDS if told else STATE_WORDS


def are_all_concluded(concluded: Iterable[bool]) -> bool:
    """Whether each of these tasks, and at least one, has its conclusion as headline."""
    return set(concluded) == {True}


def year_end_word(year: int, plan: Plan) -> str:
    """年终结论; with its year where the plan runs over several."""
    return YEAR_END if plan.starts_on.year == plan.ends_on.year else f"{year}年{YEAR_END}"


def headline_of(plan: Plan, latest: Publication | None, conclusion: YearEnd | None) -> Headline:
    """The headline of a task from its latest publication and the conclusion on its latest year.

    The conclusion is the headline until a quarter of a later year is published.
    """
    is_over = bool(latest and conclusion and latest.period.year > conclusion.year)
    return Headline(plan, latest, None if is_over else conclusion)


def headlines_of(tasks: Iterable[Task], day: date | None = None) -> dict[int, Headline]:
    """Maps a task id to its headline; now, or as of the end of `day`. Two queries.

    The tasks come with their plans.
    """
    by_id = {task.pk: task for task in tasks}
    latest = {row.task_id: row for row in current_publications(by_id, day)}
    concluded = conclusions_of(by_id, day)
    return {
        pk: headline_of(task.plan, latest.get(pk), concluded.get(pk)) for pk, task in by_id.items()
    }


def conclusions_by_year(
    task_ids: Iterable[int], day: date | None = None
) -> dict[tuple[int, int], YearEnd]:
    """Maps (task id, year) to the published conclusion; now, or by the end of `day`. One query.

    The earlier years come first.
    """
    rows = YearEnd.objects.published_by(day).filter(task__in=task_ids).order_by("year")
    return {(row.task_id, row.year): row for row in rows}


def conclusions_of(task_ids: Iterable[int], day: date | None = None) -> dict[int, YearEnd]:
    """Maps a task id to its published conclusion on the latest year. One query."""
    return {task: row for (task, _), row in conclusions_by_year(task_ids, day).items()}


def displayed_publication(
    year: int | None, quarter: int | None, day: date | None
) -> QuerySet[Publication]:
    """The publications of an outer task, latest quarter first, for use in a subquery.

    `year` and `quarter` (1-4) narrow them; with `day` they are as of the end of that day.
    """
    publications = Publication.objects.as_of(day).filter(
        task=OuterRef("pk"), period__kind=PeriodKind.QUARTER
    )
    publications = publications.filter(period__year=year) if year else publications
    publications = publications.filter(period__index=quarter) if quarter else publications
    return publications.order_by("-period__year", "-period__index")


class DisplayedState(TypedDict):
    """What `with_state` adds to a task."""

    displayed_id: int | None
    displayed_year: int
    concluded_id: int | None
    state: str | None


if TYPE_CHECKING:
    TaskWithState = WithAnnotations[Task, DisplayedState]


def with_state(
    tasks: QuerySet[Task],
    year: int | None = None,
    quarter: int | None = None,
    day: date | None = None,
) -> "QuerySet[TaskWithState]":
    """Adds the headline of each task for lists, filters and counts.

    `displayed_id` is the publication that a list shows, the latest one; `year`, `quarter` (1-4) and
    `day` choose an earlier one. `concluded_id` is the year-end conclusion, and `state` the key of
    the headline, or None where nothing is published. The rule is that of `headline_of`: only a
    chosen quarter keeps its own state, with the conclusion on its year beside it.
    """
    displayed = displayed_publication(year, quarter, day)
    tasks = tasks.annotate(
        displayed_id=Subquery(displayed.values("pk")[:1]),
        displayed_year=Coalesce(Subquery(displayed.values("period__year")[:1]), year or 0),
    )
    concluded = YearEnd.objects.published_by(day).filter(task=OuterRef("pk")).order_by("-year")
    concluded = concluded.filter(year=year) if year else concluded
    lookup = "year" if quarter else "year__gte"
    concluded = concluded.filter(**{lookup: OuterRef("displayed_year")})
    own_state = Subquery(displayed.values("headline")[:1])
    verdict = Subquery(concluded.values("verdict")[:1])
    return tasks.annotate(
        concluded_id=Subquery(concluded.values("pk")[:1]),
        state=own_state if quarter else Coalesce(verdict, own_state),
    )


def displayed_headlines(
    tasks: "Iterable[TaskWithState]", year: int | None, quarter: int | None
) -> dict[int, Headline]:
    """Maps a task id to the headline that `with_state` chose with `year` and `quarter`.

    Two queries. The tasks come with their plans.
    """
    shown = list(tasks)
    publications = Publication.objects.select_related("period").defer(*HEAVY)
    rows = publications.in_bulk([task.displayed_id for task in shown if task.displayed_id])
    concluded = YearEnd.objects.in_bulk([task.concluded_id for task in shown if task.concluded_id])
    return {task.pk: displayed_headline(task, rows, concluded, year, quarter) for task in shown}


def displayed_headline(
    task: "TaskWithState",
    publications: Mapping[int, Publication],
    conclusions: Mapping[int, YearEnd],
    year: int | None,
    quarter: int | None,
) -> Headline:
    """The headline that `with_state` chose, from the rows by their ids."""
    return Headline(
        task.plan,
        publications[task.displayed_id] if task.displayed_id else None,
        conclusions[task.concluded_id] if task.concluded_id else None,
        (year, quarter) if quarter else None,
    )
