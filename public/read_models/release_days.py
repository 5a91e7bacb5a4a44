"""公布日程: which day was promised for each quarter and what became of it; the days as of which pages can be read."""

from dataclasses import dataclass, replace
from datetime import date

from common.time.days import local_day
from progress.models import ReportingPeriod
from publishing.choices import ReleaseState
from publishing.models import Release
from tasks.choices import PlanState
from tasks.models import Plan


@dataclass(frozen=True)
class ReleaseDay:
    """The promise of one plan's quarter, as it looks today."""

    period: ReportingPeriod
    today: date

    @property
    def promised(self) -> date:
        return self.period.promised

    @property
    def real(self) -> date | None:
        return local_day(self.period.released_at) if self.period.released_at else None

    @property
    def days(self) -> int | None:
        """After the promised day positive, before it negative; None while it can still be kept."""
        days = ((self.real or self.today) - self.promised).days
        return days if self.real or days > 0 else None

    @property
    def early(self) -> int:
        return -(self.days or 0)

    @property
    def days_over(self) -> int:
        """By how many days it was late, or is by now; 0 where the promise was kept or still can be."""
        return max(0, self.days or 0)


@dataclass(frozen=True)
class Calendar:
    """Missed ones the oldest first, those ahead the soonest first, past ones the newest first."""

    missed: list[ReleaseDay]
    ahead: list[ReleaseDay]
    past: list[ReleaseDay]

    @property
    def next(self) -> ReleaseDay | None:
        """Whose day comes next, be it the promised one or the one of a late opening."""
        found = [day for day in [*self.missed, *self.ahead] if day.period.release_on >= day.today]
        return min(found, key=lambda day: day.period.release_on, default=None)


def release_calendar(today: date) -> Calendar:
    """Every promise of a plan that runs, and every one that was kept. One query."""
    periods = ReportingPeriod.objects.public().with_plan().order_by("plan__slug", "index")
    days = sorted((ReleaseDay(period, today) for period in periods), key=lambda day: day.promised)
    waiting = [day for day in days if day.real is None and day.period.plan.state == PlanState.PUBLISHED]
    return Calendar(
        missed=[day for day in waiting if day.days_over],
        ahead=[day for day in waiting if not day.days_over],
        past=[day for day in reversed(days) if day.real is not None],
    )


@dataclass(frozen=True)
class AsOf:
    """As of which day a page is read, now if none, and the days that are offered: only those with a release."""

    day: date | None
    days: list[date]

    @property
    def query(self) -> str:
        """Goes on to the next page."""
        return f"?as_of={self.day.isoformat()}" if self.day else ""

    def since(self, first: date) -> "AsOf":
        return replace(self, days=[day for day in self.days if day >= first])


def as_of(asked: str, plan: Plan | None = None) -> AsOf | None:
    """Newest day first, of one plan or of all; None for a day on which nothing was released. One query."""
    found = Release.objects.filter(state=ReleaseState.PUBLISHED).exclude(period__plan__state=PlanState.DRAFT)
    released = [(pk, local_day(moment)) for pk, moment in found.values_list("period__plan", "published_at")]
    offered = sorted({day for pk, day in released if plan is None or pk == plan.pk}, reverse=True)
    if not asked:
        return AsOf(None, offered)
    return next((AsOf(day, offered) for _, day in released if day.isoformat() == asked), None)
