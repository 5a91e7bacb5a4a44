"""Changes of the due date of a commitment."""

from django.db import models
from django.db.models import F

from tasks.models.changes import ChangeRequest
from tasks.models.commitments import Commitment


class DueChange(models.Model):
    """A commitment moved from one due date to another; the document's own is the commitment's."""

    commitment = models.ForeignKey(
        Commitment, models.PROTECT, related_name="due_changes", verbose_name="分解事项"
    )
    old_due_on = models.DateField("原定期限")
    due_on = models.DateField("调整后期限")
    valid_from = models.DateField("生效日期")
    change_request = models.OneToOneField(
        ChangeRequest, models.PROTECT, related_name="due_change", verbose_name="调整依据"
    )

    class Meta:
        verbose_name = verbose_name_plural = "期限调整"
        ordering = ["commitment_id", "id"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(due_on=F("old_due_on")), name="due_change_moves"
            )
        ]

    def __str__(self) -> str:
        return f"{self.commitment_id} {self.old_due_on} {self.due_on}"
