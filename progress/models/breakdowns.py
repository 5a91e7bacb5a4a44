"""Quarterly values that units set themselves where the document prints none."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q

from common.text.wording import number
from common.time.days import local_day
from departments.models import Department
from progress.choices import BreakdownState
from progress.querysets.breakdowns import BreakdownQuerySet
from tasks.models import Indicator, Task


class Breakdown(models.Model):
    """分解节点: what a unit intends to reach in a quarter for which the document prints no value.

    Either a number of an indicator or, for a task without indicators, a step in words. Reports
    are measured against it once a supervisor confirmed it. It is never shown as printed.
    """

    task = models.ForeignKey(Task, models.PROTECT, related_name="breakdowns", verbose_name="任务")
    indicator = models.ForeignKey(
        Indicator,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="breakdowns",
        verbose_name="指标",
    )
    year = models.PositiveSmallIntegerField("年")
    quarter = models.PositiveSmallIntegerField("季度")
    value = models.DecimalField("阶段值", max_digits=18, decimal_places=4, null=True, blank=True)
    step = models.CharField("阶段工作", max_length=200, blank=True)
    unit = models.ForeignKey(Department, models.PROTECT, related_name="+", verbose_name="提出单位")
    state = models.CharField(
        "状态", max_length=20, choices=BreakdownState, default=BreakdownState.PROPOSED
    )
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="提出人"
    )
    proposed_at = models.DateTimeField("提出时间")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="确认人",
    )
    decided_at = models.DateTimeField("确认时间", null=True, blank=True)
    reason = models.TextField("退回理由", blank=True)
    demonstration = models.BooleanField("演示", default=False)

    objects = BreakdownQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "分解节点"
        ordering = ["task", "indicator", "year", "quarter", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=BreakdownState.values),
                name="breakdown_state",
            ),
            models.CheckConstraint(condition=Q(quarter__in=[1, 2, 3, 4]), name="breakdown_quarter"),
            models.CheckConstraint(
                condition=Q(indicator__isnull=False, value__isnull=False, step="")
                | Q(indicator=None, value=None) & ~Q(step=""),
                name="breakdown_number_or_step",
            ),
            models.CheckConstraint(
                condition=(
                    ~Q(state__in=[BreakdownState.PROPOSED, BreakdownState.WITHDRAWN])
                    | Q(decided_by=None, decided_at=None)
                )
                & (
                    ~Q(state__in=[BreakdownState.CONFIRMED, BreakdownState.SENT_BACK])
                    | Q(decided_by__isnull=False, decided_at__isnull=False)
                ),
                name="breakdown_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state=BreakdownState.SENT_BACK) | ~Q(reason=""),
                name="breakdown_sent_back_with_reason",
            ),
            models.UniqueConstraint(
                fields=["indicator", "year", "quarter", "state"],
                condition=Q(
                    state__in=[BreakdownState.PROPOSED, BreakdownState.CONFIRMED],
                    indicator__isnull=False,
                ),
                name="breakdown_one_number",
            ),
            models.UniqueConstraint(
                fields=["task", "year", "quarter", "state"],
                condition=Q(
                    state__in=[BreakdownState.PROPOSED, BreakdownState.CONFIRMED], indicator=None
                ),
                name="breakdown_one_step",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.task_id} {self.year} Q{self.quarter} {self.state}"

    @property
    def slot_key(self) -> tuple[int | None, int, int]:
        """(indicator id or None, year, quarter): the slot it fills, as `Slot.key` names it."""
        return self.indicator_id, self.year, self.quarter

    @property
    def arrived_on(self) -> date:
        """The day it came to whom it is with now: proposed, or decided on."""
        return local_day(self.decided_at or self.proposed_at)

    @property
    def content(self) -> str:
        """The value with its unit of measure (40 座), or the step in words."""
        return f"{number(self.value)} {self.indicator.unit}" if self.indicator else self.step
