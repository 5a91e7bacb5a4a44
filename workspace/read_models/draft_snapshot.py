"""The snapshot of a plan for staff: what is public, else what a release would publish now."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from itertools import chain, product

from common.time.days import local_day
from common.time.quarters import Quarter
from progress.choices import PeriodState, State
from progress.models import ReportingPeriod
from progress.requirements.loading import requirements_for_all
from public.read_models.plan_snapshot import PlanSnapshot, public_snapshot, quarter_of
from publishing.drafts import draft_from
from publishing.models import Publication
from tasks.models import Plan
from workspace.read_models.internal_status import withheld_in

ACTIVE = [PeriodState.OPEN, PeriodState.CLOSED]


def draft_snapshot(plan: Plan, quarter: Quarter | None, *, at: datetime) -> PlanSnapshot:
    """The plan as of `at` in the quarter if it was opened, else in the newest with a result.

    A constant number of queries.
    """
    snapshot = public_snapshot(plan, quarter, local_day(at))
    active = {key: row for key, row in snapshot.periods.items() if row.state in ACTIVE}
    published = _with_drafts(snapshot, list(active.values()), at)
    opened = active | {quarter_of(row): row for row in snapshot.released}
    period = _period_to_show(opened, published, quarter)
    # Earlier revisions and stage durations are only known of what is public.
    return replace(snapshot, period=period, published=published, revisions={}, internal=True)


def _period_to_show(
    opened: dict[Quarter, ReportingPeriod],
    published: dict[int, list[Publication]],
    quarter: Quarter | None,
) -> ReportingPeriod | None:
    if quarter in opened:
        return opened[quarter]
    with_result = {quarter_of(row.period) for row in chain.from_iterable(published.values())}
    newest = max(with_result or opened, default=None)
    return opened[newest] if newest else None


def _with_drafts(
    snapshot: PlanSnapshot, periods: list[ReportingPeriod], at: datetime
) -> dict[int, list[Publication]]:
    """Task id -> what is published of it, then what a release of these periods would publish."""
    published = {pk: list(rows) for pk, rows in snapshot.published.items()}
    for row in sorted(_drafts(snapshot, periods, at), key=lambda row: quarter_of(row.period)):
        published.setdefault(row.task_id, []).append(row)
    return published


def _drafts(
    snapshot: PlanSnapshot, periods: list[ReportingPeriod], at: datetime
) -> Iterator[Publication]:
    """What a release would publish, without the reports that may still come in time."""
    withheld = withheld_in(periods)
    pairs = [(task, period) for period, task in product(periods, snapshot.tasks)]
    for requirements in requirements_for_all(pairs):
        basis = withheld.get((requirements.task.pk, requirements.period.pk), "")
        draft = draft_from(requirements, at=at, withheld=basis)
        draft.publication.numbers = draft.readings
        draft.publication.verdicts = draft.findings
        if draft.publication.headline != State.AWAITED:
            yield draft.publication
