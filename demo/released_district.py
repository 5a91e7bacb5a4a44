"""A made-up district whose quarters are all published, for the benchmark of the public pages."""

from datetime import date, timedelta

from demo.district import YEAR, District, bulk_create
from demo.samples.people import noon
from progress.choices import Pace, Reporting, State, Trajectory
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
    days = dict.fromkeys(("opens_on", "due_on", "review_due_on", "release_on"), day)
    released = {"state": "released", "released_at": noon(day)}
    return ReportingPeriod.objects.create(
        plan=template.plan, year=YEAR, index=index, **days, **released
    )


def _publish_quarter(district: District, period: ReportingPeriod) -> None:
    """Writes the release of a period and what it publishes of every task."""
    by = {
        "prepared_by": district.supervisor,
        "prepared_at": period.released_at,
        "published_by": district.publisher,
    }
    release = Release.objects.create(
        period=period,
        state=ReleaseState.PUBLISHED,
        published_at=period.released_at,
        sha256="0" * 64,
        **by,
    )
    tasks = list(period.plan.tasks.prefetch_related("indicators"))
    rows = bulk_create(_build_publication(task, period, release) for task in tasks)
    reported = [
        (row, task) for row, task in zip(rows, tasks, strict=True) if row.headline != NOT_REPORTED
    ]
    bulk_create(
        PublishedReading(
            publication=row,
            indicator=indicator,
            value=41 + period.index,
            trajectory=Trajectory.UNKNOWN,
        )
        for row, task in reported
        for indicator in task.indicators.all()
    )


def _build_publication(task: Task, period: ReportingPeriod, release: Release) -> Publication:
    headline = HEADLINES[(task.number + period.index) % len(HEADLINES)]
    is_silent, is_late = headline == NOT_REPORTED, task.number % 7 == 0
    return Publication(
        task=task,
        period=period,
        release=release,
        revision=1,
        headline=headline,
        self_pace="" if is_silent else Pace.ON_COURSE,
        assessment_pace="" if is_silent else headline,
        trajectory=Trajectory.UNKNOWN,
        reporting=Reporting.MISSING
        if is_silent
        else Reporting.LATE
        if is_late
        else Reporting.ON_TIME,
        data_date=period.last_day,
        first_filed_at=None if is_silent else period.released_at + timedelta(days=is_late),
        narrative="" if is_silent else "按计划推进。" * 40,
        reason_class=ReasonClass.FIRST,
        published_at=period.released_at,
        content="{}",
        sha256="0" * 64,
    )
