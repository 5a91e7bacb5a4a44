"""The files that are becoming plans: what was read, asked and answered, and how far each got."""

from django.db import models
from django.db.models import Q

from departments.models import User
from tasks.choices import ImportState
from tasks.models.plans import Plan
from tasks.querysets import ImportRunQuerySet


class ImportRun(models.Model):
    """A file on its way to a plan: read, checked by a supervisor, then published or discarded.

    The file stands in the row, as it does in that of its plan: both are small and few, and neither
    can be lost, or come back from a backup, without the other.
    """

    name = models.CharField("文件名", max_length=120)
    media_type = models.CharField("类型", max_length=100)
    sha256 = models.CharField("校验值", max_length=64)
    source_bytes = models.BinaryField("原文件")
    # The words that were read from it, which `draft` and `questions` point into by line.
    source_text = models.TextField("原文")
    draft = models.JSONField("读到的内容")
    questions = models.JSONField("待答的问题", default=list, blank=True)
    # By the key of the question: the value of the choice.
    answers = models.JSONField("回答", default=dict, blank=True)
    # What the supervisor set right by hand: see `tasks.importing.corrections`.
    corrections = models.JSONField("更正", default=dict, blank=True)
    state = models.CharField("状态", max_length=20, choices=ImportState, default=ImportState.READ)
    # Empty: by the portal itself, with a command.
    uploaded_by = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="uploaded_imports",
        verbose_name="上传",
    )
    uploaded_at = models.DateTimeField("上传时间")
    handed_over_by = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="checked_imports",
        verbose_name="核对",
    )
    handed_over_at = models.DateTimeField("送交时间", null=True, blank=True)
    # Why the publisher sent it back the last time.
    return_reason = models.CharField("退回理由", max_length=200, blank=True)
    closed_at = models.DateTimeField("公布或作废时间", null=True, blank=True)
    plan = models.OneToOneField(
        Plan,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="import_run",
        verbose_name="文件",
    )

    objects = ImportRunQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "文件导入"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=ImportState.values), name="import_state_known"
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=[ImportState.CHECKED, ImportState.APPLIED], plan__isnull=False
                )
                | ~Q(state__in=[ImportState.CHECKED, ImportState.APPLIED]) & Q(plan=None),
                name="import_has_a_plan_once_checked",
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=[ImportState.APPLIED, ImportState.DISCARDED], closed_at__isnull=False
                )
                | ~Q(state__in=[ImportState.APPLIED, ImportState.DISCARDED]) & Q(closed_at=None),
                name="import_closed_with_a_moment",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_read(self) -> bool:
        """Whether a supervisor is still checking it."""
        return self.state == ImportState.READ

    @property
    def is_checked(self) -> bool:
        """Whether it waits for the publisher: its plan is a draft."""
        return self.state == ImportState.CHECKED

    @property
    def is_closed(self) -> bool:
        """Whether nothing more can be done to it."""
        return self.state in (ImportState.APPLIED, ImportState.DISCARDED)
