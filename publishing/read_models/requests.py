"""What was asked for about the publications of one task and period: objections and corrections."""

from progress.models import ReportingPeriod
from publishing.models import CorrectionRequest, Objection
from tasks.models import Task


def objections_about(task: Task, period: ReportingPeriod) -> list[Objection]:
    """All objections to any revision of the task in the period, oldest first. One query."""
    rows = Objection.objects.filter(publication__task=task, publication__period=period)
    return list(
        rows.select_related("publication", "department", "decided_by").defer("publication__content")
    )


def corrections_about(task: Task, period: ReportingPeriod) -> list[CorrectionRequest]:
    """All corrections of any revision of the task in the period, oldest first. One query."""
    rows = CorrectionRequest.objects.filter(publication__task=task, publication__period=period)
    return list(
        rows.select_related("publication", "department", "decided_by").defer("publication__content")
    )
