"""What was asked for about the publications of one task and period: objections and corrections."""

from progress.models import ReportingPeriod
from publishing.models import CorrectionRequest, Objection, Publication
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


def disagreement(publication: Publication) -> str:
    """How a published verdict differs from what the unit said, in words."""
    own, verdict = publication.get_self_pace_display(), publication.get_assessment_pace_display()
    return f"督查核定{verdict}，与自评{own}不一致"
