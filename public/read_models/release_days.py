"""公布日程: promised and actual release days, and the days pages can be read as of."""

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date

from common.not_null import not_null
from common.time.days import local_day
from progress.models import ReportingPeriod
from publishing.choices import ReleaseState
from publishing.models import Release, YearEnd
from tasks.choices import PUBLIC_STATES, PlanState
from tasks.models import Plan


@dataclass(frozen=True)
class ReleaseDay:
    """The promised release day of one quarter of a plan, as seen today."""

    period: ReportingPeriod
    today: date

    @property
    def promised(self) -> date:
        return self.period.promised

    @property
    def actual(self) -> date | None:
        return local_day(self.period.released_at) if self.period.released_at else None

    @property
    def is_awaited(self) -> bool:
        """Whether the quarter of a running plan is still to be released."""
        return self.actual is None and self.period.plan.state == PlanState.PUBLISHED

    @property
    def days(self) -> int | None:
        """Calendar days after the promised day, negative before it; None while it can be kept."""
        days = ((self.actual or self.today) - self.promised).days
        return days if self.actual or days > 0 else None

    @property
    def early(self) -> int:
        """By how many days the release came early; negative if it was late."""
        return -(self.days or 0)

    @property
    def days_over(self) -> int:
        """By how many days the release was or is late; 0 if it was not, or can still be in time."""
        return max(0, self.days or 0)


@dataclass(frozen=True)
class ReleaseCalendar:
    """Release days: missed ones oldest first, those ahead soonest first, past ones newest first."""

    missed: list[ReleaseDay]
    ahead: list[ReleaseDay]
    past: list[ReleaseDay]

    @property
    def next(self) -> ReleaseDay | None:
        """The next scheduled release, including one put off by a late opening."""
        scheduled = [
            day for day in [*self.missed, *self.ahead] if day.period.release_on >= day.today
        ]
        return min(scheduled, key=lambda day: day.period.release_on, default=None)


def release_calendar(today: date) -> ReleaseCalendar:
    """The release days of running plans, and every past one. One query."""
    periods = ReportingPeriod.objects.public().with_plan().order_by("plan__slug", "index")
    days = sorted((ReleaseDay(period, today) for period in periods), key=lambda day: day.promised)
    missed, ahead = _awaited(days)
    return ReleaseCalendar(missed, ahead, [day for day in reversed(days) if day.actual])


def _awaited(days: list[ReleaseDay]) -> tuple[list[ReleaseDay], list[ReleaseDay]]:
    """The releases still to come, in two lists: those whose day is over, and the others."""
    missed: list[ReleaseDay] = []
    ahead: list[ReleaseDay] = []
    for day in days:
        if day.is_awaited:
            (missed if day.days_over else ahead).append(day)
    return missed, ahead


@dataclass(frozen=True)
class AsOf:
    """The day a page is read as of, or None for now, and the days offered.

    On each of them a quarter was released or year-end conclusions were published.
    """

    day: date | None
    days: list[date]

    @property
    def query(self) -> str:
        """The query that keeps the day on the next page."""
        return f"?as_of={self.day.isoformat()}" if self.day else ""

    def since(self, first: date) -> "AsOf":
        """The same day, with only the offered days from `first` on."""
        return replace(self, days=[day for day in self.days if day >= first])


def as_of(requested: str, plan: Plan | None = None) -> AsOf | None:
    """The requested day, an ISO date or empty for now, among the release days. One query.

    The days are those of one plan or of all, newest first. None for any other day.
    """
    released = _released_days()
    offered = sorted(_days_of(released, plan), reverse=True)
    if not requested:
        return AsOf(None, offered)
    # Of another plan a release day is a day as well: nothing of this one changed then.
    every_day = {day.isoformat(): day for day in _days_of(released, None)}
    return AsOf(every_day[requested], offered) if requested in every_day else None


def _released_days() -> dict[int, set[date]]:
    """Plan id -> the days on which something of a public plan was released or concluded."""
    releases = Release.objects.filter(
        state=ReleaseState.PUBLISHED, period__plan__state__in=PUBLIC_STATES
    )
    concluded = YearEnd.objects.published_by(None).filter(task__plan__state__in=PUBLIC_STATES)
    moments = releases.order_by().values_list("period__plan", "published_at")
    released: dict[int, set[date]] = defaultdict(set)
    for plan, moment in moments.union(
        concluded.order_by().values_list("task__plan", "published_at")
    ):
        released[plan].add(local_day(not_null(moment)))
    return released


def _days_of(released: dict[int, set[date]], plan: Plan | None) -> set[date]:
    """The release days of one plan, or of all."""
    return set().union(*released.values()) if plan is None else released[plan.pk]
