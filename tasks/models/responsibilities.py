"""Which units are responsible for a task, and on what authority."""

from django.db import models
from django.db.models import Q

from departments.models import Department
from tasks.choices import ResponsibilityBasis, ResponsibilityKind
from tasks.models.changes import ChangeRequest
from tasks.models.tasks import Task
from tasks.querysets import ResponsibilityQuerySet


class Responsibility(models.Model):
    """A unit responsible for a task and the basis of that; closed and succeeded, never updated."""

    task = models.ForeignKey(
        Task, models.PROTECT, related_name="responsibilities", verbose_name="任务"
    )
    department = models.ForeignKey(
        Department, models.PROTECT, related_name="responsibilities", verbose_name="单位"
    )
    order = models.PositiveSmallIntegerField("次序")
    kind = models.CharField("牵头 / 配合", max_length=20, choices=ResponsibilityKind)
    basis = models.CharField("依据", max_length=20, choices=ResponsibilityBasis)
    source = models.CharField("依据来源", max_length=200, blank=True)
    decided_by = models.CharField("指定单位", max_length=80, blank=True)
    valid_from = models.DateField("生效日期", null=True, blank=True)
    valid_to = models.DateField("失效日期", null=True, blank=True)
    change_request = models.ForeignKey(
        ChangeRequest,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="responsibilities",
        verbose_name="调整依据",
    )

    objects = ResponsibilityQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "责任单位"
        ordering = ["task", "order"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=ResponsibilityKind.values), name="responsibility_kind"
            ),
            models.CheckConstraint(
                condition=Q(basis__in=ResponsibilityBasis.values), name="responsibility_basis"
            ),
            models.CheckConstraint(
                condition=~Q(basis=ResponsibilityBasis.DESIGNATED) | ~Q(decided_by=""),
                name="responsibility_designated_by_somebody",
            ),
            models.UniqueConstraint(
                fields=["task", "department"],
                condition=Q(valid_to=None),
                name="responsibility_once_in_force",
            ),
            models.UniqueConstraint(
                fields=["task"],
                condition=Q(valid_to=None, kind=ResponsibilityKind.LEAD),
                name="responsibility_one_lead",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.task_id} {self.department_id} {self.kind}"

    @property
    def is_printed(self) -> bool:
        """True for a unit that a document names, the plan or that of a change."""
        return self.basis == ResponsibilityBasis.PUBLISHED

    @property
    def is_listed(self) -> bool:
        """True for a unit that the document names without naming a lead."""
        return self.kind == ResponsibilityKind.LISTED
