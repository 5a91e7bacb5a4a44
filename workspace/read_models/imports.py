"""The work items of the files that become plans."""

from django.urls import reverse

from common.time.days import local_day
from departments.models import User
from progress.read_models.work_item import WorkItem
from tasks.choices import ImportState
from tasks.models import ImportRun
from tasks.permissions import can_import_plan, can_publish_plan


def import_work_items(user: User) -> list[WorkItem]:
    """Files to publish, for whoever had no hand in them, and files that were sent back. One query
    each.
    """
    runs = ImportRun.objects.visible_to(user).without_files()
    items: list[WorkItem] = []
    if can_publish_plan(user):
        waiting = runs.filter(state=ImportState.CHECKED)
        others = waiting.exclude(uploaded_by=user).exclude(handed_over_by=user)
        items += [_work_item(run, "公布", "已核对，等您看过后公布或退回") for run in others]
    if can_import_plan(user):
        returned = runs.filter(state=ImportState.READ).exclude(return_reason="")
        items += [_work_item(run, "核对", "发布员退回了这份文件") for run in returned]
    return items


def _work_item(run: ImportRun, verb: str, missing: str) -> WorkItem:
    return WorkItem(
        due_on=local_day(run.handed_over_at or run.uploaded_at),
        title=f"文件导入：{run.corrections.get('title') or run.name}",
        missing=missing,
        url=reverse("tasks:import", args=[run.pk]),
        verb=verb,
        returned=run.return_reason,
        sent_back="退回核对",
        open_ended=True,
    )
