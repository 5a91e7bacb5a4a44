"""What is counted for a task (indicators) and the values promised for it (targets)."""

from django.db import models
from django.db.models import F, Q

from common.text.wording import number
from tasks.choices import IndicatorMode, TargetDirection
from tasks.models.changes import ChangeRequest
from tasks.models.commitments import Commitment
from tasks.models.tasks import Task
from tasks.querysets import ValidQuerySet


class Indicator(models.Model):
    """One thing that is counted for a task, in one unit of measure and one mode."""

    task = models.ForeignKey(Task, models.PROTECT, related_name="indicators", verbose_name="任务")
    order = models.PositiveSmallIntegerField("次序")
    name = models.CharField("指标", max_length=80)
    unit = models.CharField("单位", max_length=20)
    mode = models.CharField("计数方式", max_length=20, choices=IndicatorMode)
    direction = models.CharField("方向", max_length=20, choices=TargetDirection)
    # Empty: the document names none.
    baseline = models.DecimalField("基数", max_digits=18, decimal_places=4, null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "指标"
        ordering = ["task", "order"]
        constraints = [
            models.UniqueConstraint(fields=["task", "name"], name="indicator_once"),
            models.CheckConstraint(
                condition=Q(mode__in=IndicatorMode.values), name="indicator_mode"
            ),
            models.CheckConstraint(
                condition=Q(direction__in=TargetDirection.values),
                name="indicator_direction",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}（{self.unit}）"

    @property
    def is_in_percent(self) -> bool:
        """Whether its numbers are percentages, so that a percent sign may be typed behind them."""
        return self.unit.strip() in ("%", "％")


class Target(models.Model):
    """A promised value with the words that promise it; closed and succeeded, never updated."""

    indicator = models.ForeignKey(
        Indicator, models.PROTECT, related_name="targets", verbose_name="指标"
    )
    commitment = models.ForeignKey(
        Commitment,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="targets",
        verbose_name="分解事项",
    )
    year = models.PositiveSmallIntegerField("年")
    # Empty: the whole year.
    quarter = models.PositiveSmallIntegerField("季度", null=True, blank=True)
    # How this value binds: 约10% and 达到30% may stand in one series.
    direction = models.CharField("方向", max_length=20, choices=TargetDirection)
    value = models.DecimalField("目标值", max_digits=18, decimal_places=4)
    value_max = models.DecimalField("上限", max_digits=18, decimal_places=4, null=True, blank=True)
    quote = models.CharField("原文", max_length=200, blank=True)
    # A sum of ours; the document does not print it.
    derived = models.BooleanField("由本平台合计", default=False)
    valid_from = models.DateField("生效日期", null=True, blank=True)
    valid_to = models.DateField("失效日期", null=True, blank=True)
    change_request = models.ForeignKey(
        ChangeRequest,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="targets",
        verbose_name="调整依据",
    )

    objects = ValidQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "目标值"
        ordering = ["indicator_id", "year", F("quarter").asc(nulls_last=True), "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "year", "quarter"],
                condition=Q(valid_to=None),
                name="target_one_a_quarter",
            ),
            # Two empty quarters count as different to a database, so the yearly target needs a rule
            # of its own.
            models.UniqueConstraint(
                fields=["indicator", "year"],
                condition=Q(valid_to=None, quarter=None),
                name="target_one_a_year",
            ),
            models.CheckConstraint(
                condition=Q(quarter=None) | Q(quarter__in=[1, 2, 3, 4]), name="target_quarter"
            ),
            models.CheckConstraint(
                condition=Q(direction__in=TargetDirection.values),
                name="target_direction",
            ),
            models.CheckConstraint(
                condition=Q(value_max=None) | Q(value_max__gt=F("value")), name="target_range"
            ),
            models.CheckConstraint(
                condition=Q(derived=True) | Q(change_request__isnull=False) | ~Q(quote=""),
                name="target_quotes_its_words",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator_id}:{self.value}"

    @property
    def amount(self) -> str:
        """The value as printed: 4000, or 10至12 for a range."""
        upper = f"至{number(self.value_max)}" if self.value_max is not None else ""
        return f"{number(self.value)}{upper}"
