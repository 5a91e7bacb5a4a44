"""Which tasks have to report in which periods."""

from collections.abc import Iterable

from progress.models import ReportingPeriod
from tasks.models import ChangeRequest, Task


def pairs_in_scope(
    tasks: Iterable[Task], periods: Iterable[ReportingPeriod]
) -> list[tuple[Task, ReportingPeriod]]:
    """Each period paired with the tasks of its plan that had not ended before it began.

    Two queries at most, however many tasks and periods there are.
    """
    tasks = list(tasks)
    closed = dict(
        ChangeRequest.objects.closing().filter(task__in=tasks).values_list("task", "approved_on")
    )
    return [
        (task, period)
        for period in periods
        for task in tasks
        if task.plan_id == period.plan_id
        and closed.get(task.pk, period.first_day) >= period.first_day
    ]
