"""A made-up district whose quarters are all published, for the benchmark of the public pages."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import chain

from demo.district import YEAR, District, bulk_create
from demo.samples.people import noon
from progress.choices import Pace, PeriodState, Reporting, State, Trajectory
from progress.models import ReportingPeriod
from publishing.choices import ReasonClass, ReleaseState
from publishing.models import Publication, PublishedReading, Release
from tasks.models import Plan, Task

NOT_REPORTED = State.NOT_REPORTED
HEADLINES = [State.ON_COURSE, State.SLOW, State.DONE, State.PARTLY, NOT_REPORTED]


class ReleasedDistrict(District):
    """Ten units and any number of plans, each with `tasks` tasks and four released quarters."""

    def __init__(self, *, tasks: int):
        super().__init__(plans=0, units=10, tasks=0)
        self.tasks = tasks

    def grow_to(self, plans: int) -> None:
        """Adds plans until there are this many."""
        for number in range(Plan.objects.count() + 1, plans + 1):
            period = self.add_plan(f"ap{number}", self.tasks)
            period.delete()
            for index in range(1, 5):
                _publish_quarter(self, _create_period(period, index))


def _create_period(template: ReportingPeriod, index: int) -> ReportingPeriod:
    day = date(YEAR + index // 4, index * 3 % 12 + 1, 28)
    return ReportingPeriod.objects.create(
        plan=template.plan,
        year=YEAR,
        index=index,
        opens_on=day,
        due_on=day,
        review_due_on=day,
        release_on=day,
        state=PeriodState.RELEASED,
        released_at=noon(day),
    )


def _publish_quarter(district: District, period: ReportingPeriod) -> None:
    """Writes the release of a period and what it publishes of every task."""
    released_at = noon(period.release_on)
    release = Release.objects.create(
        period=period,
        state=ReleaseState.PUBLISHED,
        published_at=released_at,
        sha256="0" * 64,
        prepared_by=district.supervisor,
        prepared_at=released_at,
        published_by=district.publisher,
    )
    tasks = period.plan.tasks.prefetch_related("indicators")
    rows = bulk_create(_build_publication(task, release, released_at) for task in tasks)
    bulk_create(chain.from_iterable(map(_build_readings, rows)))


def _build_publication(task: Task, release: Release, released_at: datetime) -> Publication:
    period = release.period
    headline = HEADLINES[(task.number + period.index) % len(HEADLINES)]
    is_silent, is_late = headline == NOT_REPORTED, task.number % 7 == 0
    reported = Publication(
        task=task,
        period=period,
        release=release,
        revision=1,
        headline=headline,
        self_pace=Pace.ON_COURSE,
        assessment_pace=headline,
        trajectory=Trajectory.UNKNOWN,
        reporting=Reporting.LATE if is_late else Reporting.ON_TIME,
        data_date=period.last_day,
        first_filed_at=released_at + timedelta(days=is_late),
        narrative="按计划推进。" * 40,
        reason_class=ReasonClass.FIRST,
        published_at=released_at,
        content="{}",
        sha256="0" * 64,
    )
    return _without_report(reported) if is_silent else reported


def _without_report(publication: Publication) -> Publication:
    """The line of a task whose unit reported nothing."""
    publication.self_pace = publication.assessment_pace = publication.narrative = ""
    publication.reporting = Reporting.MISSING
    publication.first_filed_at = None
    return publication


def _build_readings(row: Publication) -> Iterator[PublishedReading]:
    """The published values of a line; none where nothing was reported."""
    for indicator in row.task.indicators.all() if row.headline != NOT_REPORTED else ():
        yield PublishedReading(
            publication=row,
            indicator=indicator,
            value=41 + row.period.index,
            trajectory=Trajectory.UNKNOWN,
        )
