"""Nudges: the lead unit of a joint item asks a silent partner for its part."""

from django.conf import settings
from django.db import models

from departments.models import Department
from progress.models.periods import ReportingPeriod
from tasks.models import Task


class Nudge(models.Model):
    """催一下: on this day the lead unit asked a supporting unit for its part of the report.

    It is on record before there is a report, and whatever becomes of that.
    """

    task = models.ForeignKey(Task, models.PROTECT, related_name="nudges", verbose_name="任务")
    period = models.ForeignKey(
        ReportingPeriod, models.PROTECT, related_name="nudges", verbose_name="填报期"
    )
    department = models.ForeignKey(
        Department, models.PROTECT, related_name="+", verbose_name="被催单位"
    )
    lead = models.ForeignKey(Department, models.PROTECT, related_name="+", verbose_name="牵头单位")
    nudged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="催交人"
    )
    nudged_at = models.DateTimeField("催交时间")
    nudged_on = models.DateField("催交日期")

    class Meta:
        verbose_name = verbose_name_plural = "催交本单位部分"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["task", "period", "department", "nudged_on"], name="nudge_once_a_day"
            ),
            models.CheckConstraint(
                condition=~models.Q(department=models.F("lead")), name="nudge_of_another_unit"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.task_id} {self.period_id} {self.department_id} {self.nudged_on}"
