"""Addresses of the workspace's pages about one task, one plan or one publication."""

from django.urls import reverse

from progress.models import ReportingPeriod
from publishing.choices import Voice
from publishing.models import Publication
from tasks.models import Task


def task_address(name: str, task: Task, period: ReportingPeriod) -> str:
    """`name` of a page whose address holds the task and the quarter, such as `report`."""
    return reverse(f"workspace:{name}", args=[task.code, period.year, period.index])


def period_address(name: str, period: ReportingPeriod) -> str:
    """`name` of a page whose address holds the plan and the quarter, such as `release`."""
    return reverse(f"workspace:{name}", args=[period.plan.slug, period.year, period.index])


# The page on which the words of a voice are corrected; `str`, for rows hold the plain value.
CORRECTION_PAGES: dict[str, str] = {
    Voice.UNIT: "workspace:correct",
    Voice.SUPERVISOR: "workspace:correct-verdict",
}


def correction_address(publication: Publication, voice: str, step: str = "") -> str:
    """The page of a voice's correction, or the address of a step on it: `propose`, `withdraw`."""
    return reverse(f"{CORRECTION_PAGES[voice]}{step and '-'}{step}", args=[publication.pk])
