"""A task's report in one period and its parts: contributions, findings and readings."""

import json

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from departments.models import Department
from progress.choices import MUST_EXPLAIN, Pace, ReportStatus
from progress.models.periods import ReportingPeriod
from progress.querysets.reports import ReportQuerySet
from progress.transitions import MOVES
from tasks.models import Commitment, Indicator, Task


class ProgressReport(models.Model):
    """进展填报: what the responsible units report on one task in one period."""

    task = models.ForeignKey(Task, models.PROTECT, related_name="reports", verbose_name="任务")
    period = models.ForeignKey(
        ReportingPeriod, models.PROTECT, related_name="reports", verbose_name="填报期"
    )
    status = models.CharField(
        "填报状态", max_length=20, choices=ReportStatus, default=ReportStatus.DRAFT
    )
    pace = models.CharField("总体进展", max_length=20, choices=Pace, blank=True)
    pace_reason = models.TextField("与逐条自评不一致的说明", blank=True)
    no_progress_reason = models.TextField("无进展的原因", blank=True)
    contradiction_reason = models.TextField("数字与自评不一致的说明", blank=True)
    help_needed = models.TextField("需协调事项", blank=True)
    # Grows with every save, so that a form opened before another save cannot overwrite it.
    version = models.PositiveIntegerField("版本", default=0)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="送审签人",
    )
    sent_at = models.DateTimeField("送审签时间", null=True, blank=True)
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="审签人",
    )
    signed_at = models.DateTimeField("审签时间", null=True, blank=True)
    # Kept until the report is sent to be signed or submitted again.
    hand_back_reason = models.TextField("审签人退回的理由", blank=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="报送人",
    )
    submitted_at = models.DateTimeField("最近报送", null=True, blank=True)
    first_submitted_at = models.DateTimeField("首次报送", null=True, blank=True)
    # When the unit took its submission back; empty again once it has submitted anew.
    withdrawn_at = models.DateTimeField("收回时间", null=True, blank=True)
    returned_at = models.DateTimeField("退回时间", null=True, blank=True)
    return_reason = models.TextField("退回理由", blank=True)
    returns = models.PositiveSmallIntegerField("退回次数", default=0)

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "进展填报"
        ordering = ["period", "task"]
        constraints = [
            models.UniqueConstraint(fields=["task", "period"], name="report_once"),
            models.CheckConstraint(
                condition=Q(status__in=ReportStatus.values), name="report_status_known"
            ),
            models.CheckConstraint(
                condition=Q(pace="") | Q(pace__in=Pace.values), name="report_pace_known"
            ),
            models.CheckConstraint(
                condition=Q(status__in=[ReportStatus.DRAFT, ReportStatus.SIGNING])
                | Q(
                    submitted_at__isnull=False,
                    first_submitted_at__isnull=False,
                    submitted_by__isnull=False,
                )
                & ~Q(pace=""),
                name="report_submitted_is_complete",
            ),
            models.CheckConstraint(
                condition=~Q(status=ReportStatus.RETURNED)
                | Q(returned_at__isnull=False) & ~Q(return_reason=""),
                name="report_returned_with_reason",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None)
                | Q(
                    status__in=[ReportStatus.DRAFT, ReportStatus.SIGNING],
                    first_submitted_at__isnull=False,
                ),
                name="report_withdrawn_is_a_draft",
            ),
            models.CheckConstraint(
                condition=~Q(status=ReportStatus.SIGNING)
                | Q(sent_by__isnull=False, sent_at__isnull=False) & ~Q(pace=""),
                name="report_signing_was_sent",
            ),
            models.CheckConstraint(
                condition=Q(signed_by=None, signed_at=None)
                | Q(signed_by__isnull=False, signed_at__isnull=False, sent_by__isnull=False)
                & ~Q(signed_by=F("sent_by")),
                name="report_signed_by_another",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.task_id} {self.period_id} {self.status}"

    @property
    def is_returned(self) -> bool:
        return self.status == ReportStatus.RETURNED

    @property
    def is_signing(self) -> bool:
        return self.status == ReportStatus.SIGNING

    @property
    def can_be_edited(self) -> bool:
        return self.status in MOVES["save_draft"]

    @property
    def answers_a_return(self) -> bool:
        """Whether it was returned and not submitted since; also while it is being signed."""
        if self.status == ReportStatus.SIGNING:
            return (
                self.withdrawn_at is None
                and self.returned_at is not None
                and self.submitted_at is not None
                and self.submitted_at <= self.returned_at
            )
        return self.status == ReportStatus.RETURNED

    @property
    def is_handed_in(self) -> bool:
        """Whether the unit submitted it and did not take it back; also while it is returned."""
        return self.first_submitted_at is not None and self.withdrawn_at is None

    @property
    def lacks_no_progress_reason(self) -> bool:
        """Whether it says that nothing moved and not why; a submitted report may not."""
        return self.pace == Pace.NO_PROGRESS and not self.no_progress_reason


class Contribution(models.Model):
    """One unit's part of a report: the only one, or one of several for a joint task."""

    report = models.ForeignKey(
        ProgressReport, models.PROTECT, related_name="contributions", verbose_name="填报"
    )
    department = models.ForeignKey(
        Department, models.PROTECT, related_name="contributions", verbose_name="单位"
    )
    narrative = models.TextField("进展情况、存在问题及下一步打算", blank=True)
    # What was typed and is no answer yet, by the names of `MissingItem.about`: a note without
    # its self-assessment, or words where a number belongs. Canonical JSON; empty without any.
    unparsed_answers = models.TextField("还不能算作答复的内容", blank=True)
    filed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="填报人"
    )
    filed_at = models.DateTimeField("填报时间")

    class Meta:
        verbose_name = verbose_name_plural = "单位填报"
        ordering = ["report_id", "id"]
        constraints = [
            models.UniqueConstraint(fields=["report", "department"], name="contribution_once")
        ]

    def __str__(self) -> str:
        return f"{self.report_id} {self.department_id}"

    @property
    def unparsed(self) -> dict[str, str]:
        """Name of an answer -> what was typed there and could not be read as one."""
        return json.loads(self.unparsed_answers or "{}")


class Finding(models.Model):
    """逐条自评: the unit's self-assessment of one commitment, with the wording it answered."""

    report = models.ForeignKey(
        ProgressReport, models.PROTECT, related_name="findings", verbose_name="填报"
    )
    contribution = models.ForeignKey(
        Contribution, models.PROTECT, related_name="findings", verbose_name="单位填报"
    )
    commitment = models.ForeignKey(
        Commitment, models.PROTECT, related_name="findings", verbose_name="分解事项"
    )
    pace = models.CharField("单位自评", max_length=20, choices=Pace)
    note = models.TextField("说明", blank=True)
    wording_as_filed = models.TextField("填报时的承诺内容")
    # Given by confirming all remaining commitments at once rather than one by one.
    by_default = models.BooleanField("一并填报", default=False)

    class Meta:
        verbose_name = verbose_name_plural = "逐条自评"
        ordering = ["report_id", "commitment__order"]
        constraints = [
            models.UniqueConstraint(fields=["report", "commitment"], name="finding_once"),
            models.CheckConstraint(condition=Q(pace__in=Pace.values), name="finding_pace_known"),
            models.CheckConstraint(
                condition=Q(by_default=False) | Q(pace=Pace.ON_COURSE), name="finding_default_pace"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.commitment_id} {self.pace}"

    @property
    def lacks_note(self) -> bool:
        """Whether it still needs a note; a draft may lack it, a submitted report may not."""
        return self.pace in MUST_EXPLAIN and not self.note.strip()


class Reading(models.Model):
    """指标数据: the number a unit reports for an indicator.

    Of the quarter alone or up to its end, as the indicator's mode says.
    """

    report = models.ForeignKey(
        ProgressReport, models.PROTECT, related_name="readings", verbose_name="填报"
    )
    contribution = models.ForeignKey(
        Contribution, models.PROTECT, related_name="readings", verbose_name="单位填报"
    )
    indicator = models.ForeignKey(
        Indicator, models.PROTECT, related_name="readings", verbose_name="指标"
    )
    value = models.DecimalField("实际值", max_digits=18, decimal_places=4)
    note = models.CharField("说明", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "指标数据"
        ordering = ["report_id", "indicator__order"]
        constraints = [models.UniqueConstraint(fields=["report", "indicator"], name="reading_once")]

    def __str__(self) -> str:
        return f"{self.indicator_id} {self.value}"
