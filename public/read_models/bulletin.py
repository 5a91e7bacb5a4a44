"""季度进展公报: what was released for one quarter, with a part for each plan."""

from dataclasses import dataclass, field
from datetime import date, datetime

from common.not_null import not_null
from common.time.days import day_end, local_day
from common.ui.chips import Segment
from ledger.witnesses import Witness
from progress.choices import Reporting, State
from progress.models import ReportingPeriod
from progress.querysets.periods import PeriodQuerySet
from public.read_models.bulletin_lines import (
    BulletinLine,
    NumberLine,
    RevisionLine,
    lines_by_period,
)
from public.read_models.data_dates import PAST_DAY, DataDate, data_date_from
from publishing.choices import Outcome, ReleaseState
from publishing.models import Publication, Release
from publishing.read_models.public_status import (
    BEHIND,
    DELIVERY,
    NO_LONGER_ASKED,
    STATE_WORDS,
    WITHOUT_WORDS,
    YEAR_END,
    count_states,
    segments,
)
from publishing.read_models.witnesses import release_witnesses
from supervision.read_models.slips import PublicSlip, public_slips
from tasks.models import Plan

# The rules by which the lists are made, beside the figures wherever they go.
RULES = [
    f"落后：公开状态为{'、'.join(str(State(state).label) for state in BEHIND)}的。",
    "公开状态有督查核定的用督查核定，没有的用单位自评。",
    "逾期天数：批准延期的从批准的日子算，其他从报送截止日算，到首次报送当天，按日历天。",
    "差距：实际数减当季目标；文件没有公布阶段目标、也没有经确认的单位分解的，不推算。",
]


@dataclass(frozen=True)
class BulletinPart:
    """One plan's part.

    The lists by state do not overlap; late, extended or disagreeing lines are also listed apart.
    """

    plan: Plan
    period: ReportingPeriod
    release: Release | None
    lines: list[BulletinLine]
    segments: list[Segment]
    # What the public may know of the slips today; None where the plan keeps them internal, and
    # for a past day.
    slips: list[PublicSlip] | None
    # The entry of the public record that holds the digest of the release.
    witness: Witness | None

    @property
    def released_at(self) -> datetime:
        """The moment of the release: only released periods have a part."""
        return not_null(self.period.released_at)

    def in_states(self, *states: str) -> list[BulletinLine]:
        """The lines with one of these public states."""
        return [line for line in self.lines if line.publication.headline in states]

    @property
    def behind(self) -> list[BulletinLine]:
        return self.in_states(*BEHIND)

    @property
    def late(self) -> list[BulletinLine]:
        return [line for line in self.lines if line.publication.reporting == Reporting.LATE]

    @property
    def unreported(self) -> list[BulletinLine]:
        """The day for the report was over and nothing had come."""
        return self.in_states(State.NOT_REPORTED)

    @property
    def closed_early(self) -> list[BulletinLine]:
        """Nothing had come when the period was closed before its due day."""
        return self.in_states(State.CLOSED_EARLY)

    @property
    def returned(self) -> list[BulletinLine]:
        """A report had come and was sent back."""
        return self.in_states(State.RETURNED)

    @property
    def extended(self) -> list[BulletinLine]:
        """Allowed to file after the release, so not unreported but counted apart."""
        return self.in_states(State.EXTENDED)

    @property
    def withheld(self) -> list[BulletinLine]:
        return self.in_states(State.WITHHELD)

    @property
    def ended(self) -> list[BulletinLine]:
        return self.in_states(*NO_LONGER_ASKED)

    @property
    def done(self) -> list[BulletinLine]:
        return self.in_states(*DELIVERY["done"][1])

    @property
    def under_way(self) -> list[BulletinLine]:
        return self.in_states(*DELIVERY["going"][1])

    @property
    def granted(self) -> list[BulletinLine]:
        """All lines whose deadline was extended, whatever became of them."""
        return [line for line in self.lines if line.publication.extended_to]

    @property
    def without_parts(self) -> list[BulletinLine]:
        """All lines of joint items whose lead filed without the part of a partner."""
        return [line for line in self.lines if line.publication.silent_units]

    @property
    def disagreeing(self) -> list[BulletinLine]:
        return [line for line in self.lines if line.publication.voices_disagree]

    @property
    def revised(self) -> list[tuple[BulletinLine, RevisionLine]]:
        """Every revision that followed the release."""
        return [(line, revision) for line in self.lines for revision in line.revisions]

    @property
    def numbers(self) -> list[NumberLine]:
        return [number for line in self.lines for number in line.numbers]

    @property
    def reported(self) -> int:
        """How many lines say something of the progress."""
        return sum(line.publication.headline not in WITHOUT_WORDS for line in self.lines)

    @property
    def summary(self) -> str:
        """The counts in a sentence; the page gives the same counts with links."""
        sentence = (
            f"{len(self.lines)}项承诺中，{self.reported}项公布了进展：已完成{len(self.done)}项，"
        )
        sentence += f"在推进或还没有启动{len(self.under_way)}项，落后{len(self.behind)}项。"
        sentence += f"逾期报送{len(self.late)}项，未报送{len(self.unreported)}项"
        sentence += f"，退回修改中{len(self.returned)}项"
        sentence += f"，提前截止时未报送{len(self.closed_early)}项" if self.closed_early else ""
        sentence += f"，经批准延期报送{len(self.extended)}项" if self.extended else ""
        sentence += f"，依法暂不公开{len(self.withheld)}项" if self.withheld else ""
        sentence += f"，不再要求报送{len(self.ended)}项" if self.ended else ""
        return f"{sentence}。"

    @property
    def year_end_summary(self) -> str:
        """The published year-end conclusions counted in a sentence; empty without them."""
        verdicts = [line.conclusion.verdict for line in self.lines if line.conclusion]
        if not verdicts:
            return ""
        counted = [(outcome, verdicts.count(outcome)) for outcome in Outcome]
        words = "，".join(f"{outcome.label}{count}项" for outcome, count in counted if count)
        return f"以上是这个季度的状态；{self.period.year}年{YEAR_END}：{words}。"


@dataclass(frozen=True)
class Bulletin:
    """The bulletin of one quarter, now or at the end of a past day.

    `dates` are those of the plans that have a part: of a plan that is over, none is to come.
    """

    year: int
    quarter: int
    parts: list[BulletinPart]
    dates: DataDate
    demonstration: bool

    @property
    def released_on(self) -> date:
        """The first day on which any part was public."""
        return min(local_day(part.released_at) for part in self.parts)

    @property
    def published_at(self) -> datetime:
        """The moment at which the last part was released."""
        return max(part.released_at for part in self.parts)


def released_periods() -> PeriodQuerySet:
    """The released quarters of plans that are public."""
    return ReportingPeriod.objects.released().quarters().public()


def released_quarters() -> list[tuple[int, int, list[ReportingPeriod]]]:
    """The released quarters, newest first, each with the periods of its plans."""
    quarters: dict[tuple[int, int], list[ReportingPeriod]] = {}
    for period in released_periods().with_plan().order_by("-year", "-index", "plan"):
        quarters.setdefault((period.year, period.index), []).append(period)
    return [(year, index, periods) for (year, index), periods in quarters.items()]


def bulletin(year: int, quarter: int, day: date | None = None) -> Bulletin | None:
    """The bulletin of a quarter (1-4), as of now or of the end of `day`. Eight queries.

    None where nothing of the quarter was released by then.
    """
    periods = _periods_of(year, quarter, day)
    if not periods:
        return None
    parts = _parts(periods, day)
    return Bulletin(
        year,
        quarter,
        parts,
        dates=_dates(parts, day),
        demonstration=any(period.demonstration for period in periods),
    )


def _dates(parts: list[BulletinPart], day: date | None) -> DataDate:
    days = [line.publication.data_date for part in parts for line in part.lines]
    as_of = max(days, default=_last_data_day([part.period for part in parts]))
    if day:
        return DataDate(as_of, None, PAST_DAY)
    return data_date_from([part.plan for part in parts], as_of)


def _last_data_day(periods: list[ReportingPeriod]) -> date:
    """The data day of released periods without a line: never after their release."""
    return max(min(row.last_day, local_day(not_null(row.released_at))) for row in periods)


def _periods_of(year: int, quarter: int, day: date | None) -> list[ReportingPeriod]:
    """The periods of a quarter that were released by the end of the day, or by now."""
    released = released_periods().filter(year=year, index=quarter)
    released = released.filter(released_at__lt=day_end(day)) if day else released
    return list(released.with_plan())


def _parts(periods: list[ReportingPeriod], day: date | None) -> list[BulletinPart]:
    """The part of each plan."""
    lines = lines_by_period(periods, day)
    published = Release.objects.filter(period__in=periods, state=ReleaseState.PUBLISHED)
    releases = {row.period_id: row for row in published}
    slips = {} if day else public_slips(period.plan for period in periods)
    witnesses = release_witnesses(periods)
    return [
        _part(
            row, lines[row.pk], releases.get(row.pk), slips.get(row.plan_id), witnesses.get(row.pk)
        )
        for row in periods
    ]


def _part(
    period: ReportingPeriod,
    lines: list[BulletinLine],
    release: Release | None,
    slips: list[PublicSlip] | None,
    witness: Witness | None,
) -> BulletinPart:
    counts = count_states(line.publication.headline for line in lines)
    address = f"/tasks/?plan={period.plan.slug}&year={period.year}&quarter={period.index}&"
    shares = segments(counts, address)
    return BulletinPart(period.plan, period, release, lines, shares, slips, witness)


@dataclass(frozen=True)
class NewestQuarter:
    """The counts of the newest released quarter, if any; `expected` were to be reported."""

    released: ReportingPeriod | None
    reported: int
    expected: int
    # (why nothing can be read of them, how many), each way with a count of its own.
    others: list[tuple[str, int]] = field(default_factory=list)


def newest_quarter() -> NewestQuarter:
    """The newest released quarter in counts. Two queries."""
    periods = ReportingPeriod.objects.public().with_plan()
    released = periods.released().order_by("-year", "-index", "-released_at").first()
    publications = Publication.objects.current().filter(period=released)
    headlines = list(
        publications.exclude(headline__in=NO_LONGER_ASKED).values_list("headline", flat=True)
    )
    reported = sum(headline not in WITHOUT_WORDS for headline in headlines)
    counts = count_states(headline for headline in headlines if headline in WITHOUT_WORDS)
    others = [(STATE_WORDS[state], count) for state, count in counts.items()]
    return NewestQuarter(released, reported, len(headlines), others)
