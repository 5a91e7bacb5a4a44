"""The tasks of a plan and the quarterly milestones of a white paper."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.urls import reverse

from tasks.models.plans import Plan, Section
from tasks.querysets import TaskQuerySet

if TYPE_CHECKING:
    from tasks.models.responsibilities import Responsibility


class Task(models.Model):
    """A numbered task of a plan; its code is its address and never changes."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="tasks", verbose_name="文件")
    section = models.ForeignKey(
        Section, models.PROTECT, related_name="tasks", verbose_name="行动 / 总体目标"
    )
    number = models.PositiveSmallIntegerField("序号")
    code = models.SlugField("编号", max_length=30, unique=True)
    # A whole sentence where the document prints no short title.
    title = models.CharField("标题", max_length=1000)
    text = models.TextField("任务正文", blank=True)
    goal = models.TextField("目标", blank=True)
    # Our own plain words, signed; the official wording stands in the fields above.
    plain_name = models.CharField("通俗名称", max_length=20, blank=True)
    summary = models.CharField("一句话说明", max_length=200, blank=True)
    summary_by = models.CharField("说明撰写单位", max_length=80, blank=True)
    # A folded copy of all its words, so that a substring search needs no second table.
    search_text = models.TextField("检索文字", blank=True, editable=False)

    # Its lead units, former ones included; only on rows from `read_models.changes`.
    leads: list["Responsibility"]

    objects = TaskQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "任务"
        ordering = ["plan", "number"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "number"], name="task_number_once"),
            models.CheckConstraint(
                condition=Q(summary="", plain_name="") | ~Q(summary_by=""),
                name="task_summary_signed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("public:task", args=[self.code])

    @property
    def name(self) -> str:
        """What readers are shown first: the plain name, the printed title where there is none."""
        return self.plain_name or self.title


class Milestone(models.Model):
    """What a white paper prints for one quarter of a task, word for word."""

    task = models.ForeignKey(Task, models.PROTECT, related_name="milestones", verbose_name="任务")
    year = models.PositiveSmallIntegerField("年")
    quarter = models.PositiveSmallIntegerField("季度")
    text = models.TextField("季度目标")

    class Meta:
        verbose_name = verbose_name_plural = "季度目标"
        ordering = ["task", "year", "quarter"]
        constraints = [
            models.UniqueConstraint(fields=["task", "year", "quarter"], name="milestone_once"),
            models.CheckConstraint(condition=Q(quarter__in=[1, 2, 3, 4]), name="milestone_quarter"),
        ]

    def __str__(self) -> str:
        return f"{self.task_id} {self.year} Q{self.quarter}"
