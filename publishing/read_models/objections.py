from progress.models import ReportingPeriod
from publishing.models import CorrectionRequest, Objection
from tasks.models import Task


def objections_about(task: Task, period: ReportingPeriod) -> list[Objection]:
    """Every objection to whatever revision, oldest first."""
    rows = Objection.objects.filter(publication__task=task, publication__period=period)
    return list(rows.select_related("publication", "department", "decided_by").defer("publication__content"))


def corrections_about(task: Task, period: ReportingPeriod) -> list[CorrectionRequest]:
    rows = CorrectionRequest.objects.filter(publication__task=task, publication__period=period)
    return list(rows.select_related("publication", "department", "decided_by").defer("publication__content"))
