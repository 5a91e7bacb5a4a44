"""The commitments of a task (分解事项) and its tracks (子项)."""

from datetime import date
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q

from common.time.days import quarter_end
from tasks.choices import CommitmentSource, Measurability
from tasks.models.plans import Plan
from tasks.models.tasks import Milestone, Task

if TYPE_CHECKING:
    from tasks.models.due_changes import DueChange


class Track(models.Model):
    """子项: one of several projects that run side by side inside a task."""

    task = models.ForeignKey(Task, models.PROTECT, related_name="tracks", verbose_name="任务")
    order = models.PositiveSmallIntegerField("次序")
    name = models.CharField("名称", max_length=40)

    class Meta:
        verbose_name = verbose_name_plural = "子项"
        ordering = ["task", "order"]
        constraints = [models.UniqueConstraint(fields=["task", "name"], name="track_once")]

    def __str__(self) -> str:
        return self.name


class Commitment(models.Model):
    """The smallest printed wording that gets a verdict of its own.

    `start` and `end` are its offsets in the source text of the plan.
    """

    task = models.ForeignKey(Task, models.PROTECT, related_name="commitments", verbose_name="任务")
    milestone = models.ForeignKey(
        Milestone,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="commitments",
        verbose_name="季度目标",
    )
    order = models.PositiveSmallIntegerField("次序")
    source = models.CharField("出自", max_length=20, choices=CommitmentSource)
    text = models.TextField("承诺内容")
    start = models.PositiveIntegerField("起")
    end = models.PositiveIntegerField("止")
    year = models.PositiveSmallIntegerField("年")
    # Empty: the whole year.
    quarter = models.PositiveSmallIntegerField("季度", null=True, blank=True)
    due_on = models.DateField("文中期限", null=True, blank=True)
    condition = models.CharField("文中条件", max_length=200, blank=True)
    tracks = models.ManyToManyField(
        Track, blank=True, related_name="commitments", verbose_name="子项"
    )
    measurable = models.CharField("可衡量程度", max_length=10, choices=Measurability)
    # A repetition or mistake of the document: described here, never corrected.
    flag = models.CharField("原文疑点", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "分解事项"
        ordering = ["task", "order"]
        constraints = [
            models.UniqueConstraint(fields=["task", "order"], name="commitment_order_once"),
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="commitment_not_empty"),
            models.CheckConstraint(
                condition=Q(source__in=CommitmentSource.values), name="commitment_source_known"
            ),
            models.CheckConstraint(
                condition=Q(measurable__in=Measurability.values), name="commitment_measurable"
            ),
            models.CheckConstraint(
                condition=Q(quarter=None, milestone=None)
                | Q(
                    quarter__in=[1, 2, 3, 4],
                    milestone__isnull=False,
                    source=CommitmentSource.MILESTONE,
                ),
                name="commitment_quarter_is_a_milestone",
            ),
        ]

    def __str__(self) -> str:
        return self.text[:30]

    def original_due_day(self, plan: Plan) -> date:
        """The due date of the document: printed, else the end of the quarter, else of the plan."""
        if self.due_on:
            return self.due_on
        return quarter_end(self.year, self.quarter) if self.quarter else plan.ends_on

    def due_day(self, plan: Plan) -> date:
        """The due date that holds now: the last one it was moved to, else the document's."""
        change = self.last_due_change
        return change.due_on if change else self.original_due_day(plan)

    @property
    def last_due_change(self) -> "DueChange | None":
        """The change of its due date made last."""
        return max(self.due_changes.all(), key=lambda change: change.pk, default=None)

    @property
    def anchor(self) -> str:
        """Its fragment in page addresses, after the code of the task."""
        return f"c{self.order}"
