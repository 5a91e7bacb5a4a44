"""The snapshot of a plan for staff: what is public, else what a release would publish now."""

from dataclasses import replace
from datetime import datetime

from common.time.days import local_day
from common.time.quarters import Quarter
from progress.choices import PeriodState
from progress.models import ReportingPeriod
from progress.requirements.loading import requirements_for_all
from public.read_models.plan_snapshot import PlanSnapshot, public_snapshot
from publishing.drafts import draft_from
from publishing.models import Publication
from tasks.models import Plan
from workspace.read_models.internal_status import may_still_come, withheld_in

ACTIVE = [PeriodState.OPEN, PeriodState.CLOSED]


def draft_snapshot(plan: Plan, quarter: Quarter | None, *, at: datetime) -> PlanSnapshot:
    """The plan as of `at` in the quarter if it was opened, else in the newest with a result.

    A constant number of queries.
    """
    snapshot = public_snapshot(plan, quarter, local_day(at))
    active = {key: row for key, row in snapshot.periods.items() if row.state in ACTIVE}
    opened = active | {(row.year, row.index): row for row in snapshot.released}
    published = {pk: list(rows) for pk, rows in snapshot.published.items()}
    for row in _lines(snapshot, list(active.values()), at):
        published.setdefault(row.task_id, []).append(row)
    known = {(row.period.year, row.period.index) for rows in published.values() for row in rows}
    period = opened.get(quarter) or (opened[max(known or opened)] if opened else None)
    # Earlier revisions and stage durations are only known of what is public.
    return replace(snapshot, period=period, published=published, revisions={}, internal=True)


def _lines(
    snapshot: PlanSnapshot, periods: list[ReportingPeriod], at: datetime
) -> list[Publication]:
    """What a release would publish, in the order of the quarters, without awaited reports."""
    withheld = withheld_in(periods)
    rows = []
    for requirements in requirements_for_all(
        (task, period) for period in periods for task in snapshot.tasks
    ):
        line = draft_from(
            requirements,
            at=at,
            withheld=withheld.get((requirements.task.pk, requirements.period.pk), ""),
        )
        line.publication.numbers = line.readings
        rows.append(line.publication)
    rows.sort(key=lambda row: (row.period.year, row.period.index))
    return [row for row in rows if not may_still_come(row)]
