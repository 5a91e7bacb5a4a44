"""季度进展公报: what was released of one quarter, a part for each plan."""

import json
from dataclasses import dataclass
from datetime import date

from progress.models import Publication, Release, Reporting, ReportingPeriod, State
from progress.overview.standing import (
    BEHIND,
    NO_LONGER_ASKED,
    WITHOUT_WORDS,
    axis_chips,
    count_states,
    headline_chip,
    segments,
)
from tasks.models import Plan, Responsibility
from yantian_portal.lib.chips import Chip, Segment

DONE = [State.DONE]
REST = [State.ON_COURSE, State.NOT_STARTED]
UNCONFIRMED = Responsibility.Basis.PROPOSED.label


@dataclass(frozen=True)
class BulletinLine:
    publication: Publication
    chip: Chip
    reporting: Chip

    @property
    def task(self):
        return self.publication.task

    @property
    def units(self) -> list[str]:
        """Who answers for it, by the names of the day; a unit that nobody confirmed carries its label."""
        named = json.loads(self.publication.content).get("units", [])
        asked = [unit for unit in named if unit["kind"] != Responsibility.Kind.SUPPORTING.label]
        return [f"{unit['name']}（{UNCONFIRMED}）" if unit["basis"] == UNCONFIRMED else unit["name"] for unit in asked]


@dataclass(frozen=True)
class BulletinPart:
    """One plan's part. The lists do not overlap, but late filers appear in the list of their state too."""

    plan: Plan
    period: ReportingPeriod
    release: Release | None
    lines: list[BulletinLine]
    segments: list[Segment]

    def of(self, *states: str) -> list[BulletinLine]:
        return [line for line in self.lines if line.publication.headline in states]

    @property
    def behind(self) -> list[BulletinLine]:
        return self.of(*BEHIND)

    @property
    def late(self) -> list[BulletinLine]:
        return [line for line in self.lines if line.publication.reporting == Reporting.LATE]

    @property
    def silent(self) -> list[BulletinLine]:
        return self.of(State.NOT_REPORTED, State.RETURNED)

    @property
    def extended(self) -> list[BulletinLine]:
        """Allowed to file later than the release: no silence, and counted apart."""
        return self.of(State.EXTENDED)

    @property
    def withheld(self) -> list[BulletinLine]:
        return self.of(State.WITHHELD)

    @property
    def ended(self) -> list[BulletinLine]:
        return self.of(*NO_LONGER_ASKED)

    @property
    def done(self) -> list[BulletinLine]:
        return self.of(*DONE)

    @property
    def rest(self) -> list[BulletinLine]:
        return self.of(*REST)

    @property
    def reported(self) -> int:
        return sum(line.publication.headline not in WITHOUT_WORDS for line in self.lines)


@dataclass(frozen=True)
class Bulletin:
    year: int
    quarter: int
    parts: list[BulletinPart]
    as_of: date
    next_on: date | None
    demonstration: bool

    @property
    def published_at(self):
        return max(part.period.released_at for part in self.parts)


def released_periods():
    return ReportingPeriod.objects.released().quarters().public()


def released_quarters() -> list[tuple[int, int, list[ReportingPeriod]]]:
    """Newest first, each with the periods of its plans."""
    quarters: dict[tuple[int, int], list[ReportingPeriod]] = {}
    for period in released_periods().with_plan().order_by("-year", "-index", "plan"):
        quarters.setdefault((period.year, period.index), []).append(period)
    return [(year, index, periods) for (year, index), periods in quarters.items()]


def bulletin(year: int, quarter: int) -> Bulletin | None:
    """None where nothing of that quarter was released. Four queries."""
    periods = list(released_periods().filter(year=year, index=quarter).with_plan())
    if not periods:
        return None
    lines = _lines(periods)
    releases = {row.period_id: row for row in Release.objects.filter(period__in=periods, state=Release.State.PUBLISHED)}
    days = [line.publication.data_date for found in lines.values() for line in found]
    return Bulletin(
        year,
        quarter,
        [_part(period, lines[period.pk], releases.get(period.pk)) for period in periods],
        as_of=max(days, default=periods[0].last_day),
        next_on=next_release(),
        demonstration=any(period.demonstration for period in periods),
    )


def next_release() -> date | None:
    return ReportingPeriod.objects.public().ahead().values_list("release_on", flat=True).first()


def _lines(periods: list[ReportingPeriod]) -> dict[int, list[BulletinLine]]:
    found: dict[int, list[BulletinLine]] = {period.pk: [] for period in periods}
    rows = Publication.objects.current().filter(period__in=periods).select_related("period", "task__section")
    for row in rows.defer("narrative", "assessment_note", "task__search_text", "task__text").order_by("task__number"):
        found[row.period_id].append(BulletinLine(row, headline_chip(row, quarter=False), axis_chips(row)[0][1]))
    return found


def _part(period: ReportingPeriod, lines: list[BulletinLine], release: Release | None) -> BulletinPart:
    counts = count_states(line.publication.headline for line in lines)
    address = f"/tasks/?plan={period.plan.slug}&year={period.year}&quarter={period.index}&"
    return BulletinPart(period.plan, period, release, lines, segments(counts, address))


@dataclass(frozen=True)
class QuarterNow:
    """The newest released quarter and the one being filed, in counts; either may be missing."""

    released: ReportingPeriod | None
    reported: int
    asked: int
    ahead: ReportingPeriod | None
    extended: int = 0

    @property
    def missing(self) -> int:
        return self.asked - self.reported - self.extended


def quarter_now() -> QuarterNow:
    periods = ReportingPeriod.objects.public().with_plan()
    released = periods.released().order_by("-year", "-index", "-released_at").first()
    ahead = periods.ahead().first()
    shown = Publication.objects.current().filter(period=released) if released else Publication.objects.none()
    headlines = list(shown.exclude(headline__in=NO_LONGER_ASKED).values_list("headline", flat=True))
    reported = sum(headline not in WITHOUT_WORDS for headline in headlines)
    return QuarterNow(released, reported, len(headlines), ahead, headlines.count(State.EXTENDED))
