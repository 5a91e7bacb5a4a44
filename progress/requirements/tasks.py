from collections.abc import Iterable

from progress.models import ReportingPeriod
from tasks.models import ChangeRequest, Task


def still_asked(tasks: Iterable[Task], periods: Iterable[ReportingPeriod]) -> list[tuple[Task, ReportingPeriod]]:
    """Each period with the tasks of its plan that had not ended before it began."""
    tasks = list(tasks)
    closed = dict(ChangeRequest.objects.closing().filter(task__in=tasks).values_list("task", "approved_on"))
    return [
        (task, period)
        for period in periods
        for task in tasks
        if task.plan_id == period.plan_id and closed.get(task.pk, period.first_day) >= period.first_day
    ]
