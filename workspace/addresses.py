"""Addresses of the workspace's pages about one task or one plan in one quarter."""

from django.urls import reverse

from progress.models import ReportingPeriod
from tasks.models import Task


def task_address(name: str, task: Task, period: ReportingPeriod) -> str:
    """`name` of a page whose address holds the task and the quarter, such as `report`."""
    return reverse(f"workspace:{name}", args=[task.code, period.year, period.index])


def period_address(name: str, period: ReportingPeriod) -> str:
    """`name` of a page whose address holds the plan and the quarter, such as `release`."""
    return reverse(f"workspace:{name}", args=[period.plan.slug, period.year, period.index])
