"""The reporting periods of a plan."""

from datetime import date

from django.db import models
from django.db.models import F, Q

from common.text.wording import cn_quarter
from common.time.days import month_end
from progress.choices import PeriodKind, PeriodState
from progress.querysets.periods import PeriodQuerySet
from tasks.models import Plan


class ReportingPeriod(models.Model):
    """填报期: one quarter of one plan, from opening to release."""

    MONTHS: dict[str, int] = {PeriodKind.QUARTER: 3, PeriodKind.MONTH: 1, PeriodKind.HALF_YEAR: 6}

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="periods", verbose_name="文件")
    kind = models.CharField("种类", max_length=20, choices=PeriodKind, default=PeriodKind.QUARTER)
    year = models.PositiveSmallIntegerField("年")
    index = models.PositiveSmallIntegerField("序号")
    opens_on = models.DateField("开放日期")
    due_on = models.DateField("报送截止")
    review_due_on = models.DateField("核查截止")
    release_on = models.DateField("计划公布")
    # The release day announced first; opening on another day does not move it. Empty where it was
    # already past when the period was scheduled.
    promised_on = models.DateField("原定公布", null=True, blank=True)
    state = models.CharField(
        "状态", max_length=20, choices=PeriodState, default=PeriodState.SCHEDULED
    )
    released_at = models.DateTimeField("公布时间", null=True, blank=True)
    # Why units were given less time than announced. Not public: the ledger only says it was early.
    early_reason = models.TextField("提前截止的理由", blank=True)
    # The day on which it was closed early; empty where version 1.1 did not record it.
    closed_early_on = models.DateField("提前截止的日期", null=True, blank=True)
    # Everything under such a period is marked as a demonstration wherever it is shown.
    demonstration = models.BooleanField("演示", default=False)

    objects = PeriodQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "填报期"
        ordering = ["plan", "year", "index"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "kind", "year", "index"], name="period_once"),
            models.CheckConstraint(condition=Q(state__in=PeriodState.values), name="period_state"),
            models.CheckConstraint(
                condition=Q(kind=PeriodKind.QUARTER, index__range=(1, 4))
                | Q(kind=PeriodKind.MONTH, index__range=(1, 12))
                | Q(kind=PeriodKind.HALF_YEAR, index__range=(1, 2)),
                name="period_index",
            ),
            models.CheckConstraint(
                condition=Q(
                    opens_on__lte=F("due_on"),
                    due_on__lte=F("review_due_on"),
                    review_due_on__lte=F("release_on"),
                ),
                name="period_days_in_order",
            ),
            models.CheckConstraint(
                condition=Q(state=PeriodState.RELEASED, released_at__isnull=False)
                | ~Q(state=PeriodState.RELEASED) & Q(released_at=None),
                name="period_released_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(closed_early_on=None) | ~Q(early_reason=""),
                name="period_closed_early_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan_id} {self.label}"

    @property
    def is_scheduled(self) -> bool:
        return self.state == PeriodState.SCHEDULED

    @property
    def is_open(self) -> bool:
        return self.state == PeriodState.OPEN

    @property
    def is_closed(self) -> bool:
        return self.state == PeriodState.CLOSED

    @property
    def is_released(self) -> bool:
        return self.state == PeriodState.RELEASED

    @property
    def is_closed_early(self) -> bool:
        """Whether it was closed before its due day was over."""
        return bool(self.early_reason)

    @property
    def label(self) -> str:
        """The name of the period for people: 2013年第二季度, 2013年4月, 2013年上半年."""
        if self.kind == PeriodKind.QUARTER:
            return cn_quarter(self.year, self.index)
        name = (
            f"{self.index}月" if self.kind == PeriodKind.MONTH else f"{'上下'[self.index - 1]}半年"
        )
        return f"{self.year}年{name}"

    @property
    def address(self) -> str:
        """The period as web addresses name it: 2013-2."""
        return f"{self.year}-{self.index}"

    @property
    def first_day(self) -> date:
        return date(self.year, (self.index - 1) * self.MONTHS[self.kind] + 1, 1)

    @property
    def last_day(self) -> date:
        return month_end(self.year, self.index * self.MONTHS[self.kind])

    def is_before(self, other: "ReportingPeriod") -> bool:
        """Whether it is an earlier quarter than the other one."""
        return (self.year, self.index) < (other.year, other.index)

    @property
    def promised(self) -> date:
        """The release day first announced, or the planned one where none was."""
        return self.promised_on or self.release_on

    @property
    def was_moved(self) -> bool:
        """Whether it is to be released on another day than was announced first."""
        return self.promised != self.release_on

    @property
    def retroactive(self) -> bool:
        """Whether it was opened more than 15 days after it ended.

        Reports on time in such a period count as 追溯填报.
        """
        return (self.opens_on - self.last_day).days > 15

    @property
    def is_last_of_year(self) -> bool:
        return (self.last_day.month, self.last_day.day) == (12, 31)

    @property
    def is_last_of_plan(self) -> bool:
        return self.last_day >= self.plan.ends_on
