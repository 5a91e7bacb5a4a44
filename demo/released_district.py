"""Released quarters in any number, written in bulk into a throw-away database: the public side of `scale.District`."""

from datetime import date, timedelta

from demo.samples.people import noon
from demo.scale import YEAR, District, in_bulk
from progress.choices import Pace, Reporting, State, Trajectory
from progress.models import ReportingPeriod
from publishing.choices import ReasonClass, ReleaseState
from publishing.models import Publication, PublishedReading, Release
from tasks.models import Plan, Task

SILENT = State.NOT_REPORTED
HEADLINES = [State.ON_COURSE, State.SLOW, State.DONE, State.PARTLY, SILENT]


class ReleasedDistrict(District):
    """Ten units and as many plans as it is told, each with `tasks` tasks published in all four quarters."""

    def __init__(self, *, tasks: int):
        super().__init__(plans=0, units=10, tasks=0)
        self.tasks = tasks

    def grow_to(self, plans: int) -> None:
        for number in range(Plan.objects.count() + 1, plans + 1):
            period = self.add_plan(f"ap{number}", self.tasks)
            period.delete()
            for index in range(1, 5):
                _release(self, _period(period, index))


def _period(like: ReportingPeriod, index: int) -> ReportingPeriod:
    day = date(YEAR + index // 4, index * 3 % 12 + 1, 28)
    days = dict.fromkeys(("opens_on", "due_on", "review_due_on", "release_on"), day)
    released = {"state": "released", "released_at": noon(day)}
    return ReportingPeriod.objects.create(plan=like.plan, year=YEAR, index=index, **days, **released)


def _release(district: District, period: ReportingPeriod) -> None:
    by = {"prepared_by": district.supervisor, "prepared_at": period.released_at, "published_by": district.publisher}
    release = Release.objects.create(
        period=period, state=ReleaseState.PUBLISHED, published_at=period.released_at, sha256="0" * 64, **by
    )
    tasks = list(period.plan.tasks.prefetch_related("indicators"))
    rows = in_bulk(_publication(task, period, release) for task in tasks)
    told = [(row, task) for row, task in zip(rows, tasks, strict=True) if row.headline != SILENT]
    in_bulk(
        PublishedReading(publication=row, indicator=number, value=41 + period.index, trajectory=Trajectory.UNKNOWN)
        for row, task in told
        for number in task.indicators.all()
    )


def _publication(task: Task, period: ReportingPeriod, release: Release) -> Publication:
    headline = HEADLINES[(task.number + period.index) % len(HEADLINES)]
    silent, late = headline == SILENT, task.number % 7 == 0
    return Publication(
        task=task,
        period=period,
        release=release,
        revision=1,
        headline=headline,
        self_pace="" if silent else Pace.ON_COURSE,
        assessment_pace="" if silent else headline,
        trajectory=Trajectory.UNKNOWN,
        reporting=Reporting.MISSING if silent else Reporting.LATE if late else Reporting.ON_TIME,
        data_date=period.last_day,
        first_filed_at=None if silent else period.released_at + timedelta(days=late),
        narrative="" if silent else "按计划推进。" * 40,
        reason_class=ReasonClass.FIRST,
        published_at=period.released_at,
        content="{}",
        sha256="0" * 64,
    )
