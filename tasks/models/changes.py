from django.db import models
from django.db.models import Q

from tasks.models.tasks import Task


class ChangeRequest(models.Model):
    """Why a promised target, date or lead was changed: the paper it rests on and who approved it."""

    class Kind(models.TextChoices):
        TARGET = "target", "调整目标值"
        DATE = "date", "调整期限"
        LEAD = "lead", "调整牵头单位"
        MERGE = "merge", "合并"
        SPLIT = "split", "拆分"
        END = "end", "终止"

    task = models.ForeignKey(Task, models.PROTECT, related_name="change_requests", verbose_name="任务")
    kind = models.CharField("种类", max_length=20, choices=Kind)
    reason = models.TextField("调整理由")
    basis_document = models.CharField("依据文件", max_length=200)
    approving_body = models.CharField("批准机关", max_length=100)
    approved_on = models.DateField("批准日期")
    demonstration = models.BooleanField("演示", default=False)

    class Meta:
        verbose_name = verbose_name_plural = "调整"
        ordering = ["task", "approved_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["target", "date", "lead", "merge", "split", "end"]), name="change_kind_known"
            ),
            models.CheckConstraint(
                condition=~Q(reason="") & ~Q(basis_document="") & ~Q(approving_body=""), name="change_has_its_basis"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.task_id} {self.kind} {self.approved_on}"
