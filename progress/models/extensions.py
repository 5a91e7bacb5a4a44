"""More time for one task: extension requests before the due day, unlocked reports after it."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from departments.models import Department
from progress.choices import ExtensionState
from progress.models.periods import ReportingPeriod
from progress.querysets.extensions import ExtensionQuerySet, UnlockQuerySet
from tasks.models import Task


class ExtensionRequest(models.Model):
    """延期: a unit's request for a later due day of one task, made before the period's due day.

    The period keeps its own day; the day granted is shown beside it.
    """

    task = models.ForeignKey(Task, models.PROTECT, related_name="extensions", verbose_name="任务")
    period = models.ForeignKey(
        ReportingPeriod, models.PROTECT, related_name="extensions", verbose_name="填报期"
    )
    department = models.ForeignKey(
        Department, models.PROTECT, related_name="+", verbose_name="申请单位"
    )
    reason = models.TextField("延期理由")
    progress_so_far = models.TextField("目前进展")
    requested_until = models.DateField("申请延期至")
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="申请人"
    )
    requested_at = models.DateTimeField("申请时间")
    state = models.CharField(
        "状态", max_length=20, choices=ExtensionState, default=ExtensionState.ASKED
    )
    granted_until = models.DateField("批准延期至", null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="答复人",
    )
    decided_at = models.DateTimeField("答复时间", null=True, blank=True)
    note = models.TextField("答复说明", blank=True)

    objects = ExtensionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "延期申请"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["task", "period"],
                condition=Q(state=ExtensionState.ASKED),
                name="extension_one_waiting",
            ),
            models.CheckConstraint(
                condition=Q(state__in=ExtensionState.values), name="extension_state"
            ),
            models.CheckConstraint(
                condition=~Q(reason="") & ~Q(progress_so_far=""), name="extension_explained"
            ),
            models.CheckConstraint(
                condition=Q(state=ExtensionState.ASKED, decided_by=None, decided_at=None)
                | ~Q(state=ExtensionState.ASKED)
                & Q(decided_by__isnull=False, decided_at__isnull=False),
                name="extension_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(state=ExtensionState.GRANTED, granted_until__isnull=False)
                | ~Q(state=ExtensionState.GRANTED) & Q(granted_until=None),
                name="extension_granted_until_a_day",
            ),
            models.CheckConstraint(
                condition=~Q(state=ExtensionState.REFUSED) | ~Q(note=""),
                name="extension_refused_with_reason",
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("requested_by")),
                name="extension_by_two_persons",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.task_id} {self.period_id} {self.state}"

    @property
    def is_waiting(self) -> bool:
        return self.state == ExtensionState.ASKED

    @property
    def is_granted(self) -> bool:
        return self.state == ExtensionState.GRANTED


class Unlock(models.Model):
    """单项开放: one report of a closed period, opened again for a few days.

    It ends by itself, and what is filed under it stays late.
    """

    task = models.ForeignKey(Task, models.PROTECT, related_name="unlocks", verbose_name="任务")
    period = models.ForeignKey(
        ReportingPeriod, models.PROTECT, related_name="unlocks", verbose_name="填报期"
    )
    reason = models.TextField("开放理由")
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="开放人"
    )
    opened_at = models.DateTimeField("开放时间")
    expires_on = models.DateField("开放至")
    # The newest of its report; whether it still runs depends on the day.
    is_current = models.BooleanField("最近一次", default=True)

    objects = UnlockQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "单项开放"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["task", "period"], condition=Q(is_current=True), name="unlock_one_current"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="unlock_explained"),
        ]

    def __str__(self) -> str:
        return f"{self.task_id} {self.period_id} {self.expires_on}"

    def is_running(self, today: date) -> bool:
        return today <= self.expires_on
