"""Why something promised was changed or ended, and on the basis of which document."""

import secrets
from pathlib import PurePath

from django.db import models
from django.db.models import Q

from tasks.choices import ChangeKind
from tasks.models.tasks import Task
from tasks.querysets import ChangeQuerySet


def basis_scan_path(_change: "ChangeRequest", filename: str) -> str:
    """A random file name: the name the sender chose never reaches the disk."""
    return f"changes/{secrets.token_hex(16)}{PurePath(filename).suffix.lower()}"


class ChangeRequest(models.Model):
    """A change (调整) of a task with its reason, its basis document and who approved it."""

    task = models.ForeignKey(
        Task, models.PROTECT, related_name="change_requests", verbose_name="任务"
    )
    kind = models.CharField("种类", max_length=20, choices=ChangeKind)
    reason = models.TextField("调整理由")
    basis_document = models.CharField("依据文件", max_length=200)
    approving_body = models.CharField("批准机关", max_length=100)
    approved_on = models.DateField("批准日期")
    # The tasks that take over what a merged or split one promised.
    successors = models.ManyToManyField(
        Task, blank=True, related_name="continues", verbose_name="承接任务"
    )
    # The scanned basis document, for the offices only.
    basis_scan = models.FileField(
        "依据文件扫描件", upload_to=basis_scan_path, max_length=200, blank=True
    )
    basis_scan_name = models.CharField("文件名", max_length=120, blank=True)
    basis_scan_type = models.CharField("类型", max_length=100, blank=True)
    basis_scan_sha256 = models.CharField("校验值", max_length=64, blank=True)
    demonstration = models.BooleanField("演示", default=False)

    objects = ChangeQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "调整"
        ordering = ["task", "approved_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=ChangeKind.values), name="change_kind_known"
            ),
            models.CheckConstraint(
                condition=~Q(reason="") & ~Q(basis_document="") & ~Q(approving_body=""),
                name="change_has_its_basis",
            ),
            models.UniqueConstraint(
                fields=["task"],
                condition=Q(kind__in=[ChangeKind.MERGE, ChangeKind.SPLIT, ChangeKind.END]),
                name="change_one_closing",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.task_id} {self.kind} {self.approved_on}"
