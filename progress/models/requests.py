"""What is asked on one side and answered on the other: time, a report opened again, another look, a correction."""

import json
from datetime import date
from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from departments.models import Department
from progress.models.axes import CORRECTIONS, Pace, ReasonClass, Voice
from progress.models.periods import ReportingPeriod
from progress.models.publications import Publication
from progress.querysets import CorrectionQuerySet, ExtensionQuerySet, ObjectionQuerySet, UnlockQuerySet
from tasks.models import Task


class ExtensionRequest(models.Model):
    """延期: asked before the due day. The period keeps its own day; what is granted stands beside it."""

    class State(models.TextChoices):
        ASKED = "asked", "待答复"
        GRANTED = "granted", "同意延期"
        REFUSED = "refused", "不同意延期"

    task = models.ForeignKey(Task, models.PROTECT, related_name="extensions", verbose_name="任务")
    period = models.ForeignKey(ReportingPeriod, models.PROTECT, related_name="extensions", verbose_name="填报期")
    department = models.ForeignKey(Department, models.PROTECT, related_name="+", verbose_name="申请单位")
    reason = models.TextField("延期理由")
    progress_so_far = models.TextField("目前进展")
    asked_until = models.DateField("申请延期至")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="申请人")
    asked_at = models.DateTimeField("申请时间")
    state = models.CharField("状态", max_length=20, choices=State, default=State.ASKED)
    granted_until = models.DateField("批准延期至", null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="答复人"
    )
    decided_at = models.DateTimeField("答复时间", null=True, blank=True)
    note = models.TextField("答复说明", blank=True)

    objects = ExtensionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "延期申请"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["task", "period"], condition=Q(state="asked"), name="extension_one_waiting"
            ),
            models.CheckConstraint(condition=Q(state__in=["asked", "granted", "refused"]), name="extension_state"),
            models.CheckConstraint(condition=~Q(reason="") & ~Q(progress_so_far=""), name="extension_explained"),
            models.CheckConstraint(
                condition=Q(state="asked", decided_by=None, decided_at=None)
                | ~Q(state="asked") & Q(decided_by__isnull=False, decided_at__isnull=False),
                name="extension_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(state="granted", granted_until__isnull=False) | ~Q(state="granted") & Q(granted_until=None),
                name="extension_granted_until_a_day",
            ),
            models.CheckConstraint(condition=~Q(state="refused") | ~Q(note=""), name="extension_refused_with_reason"),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("asked_by")), name="extension_by_two_persons"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.task_id} {self.period_id} {self.state}"


class Unlock(models.Model):
    """单项开放: one report of a closed period for a few days. It ends by itself and makes nothing punctual."""

    task = models.ForeignKey(Task, models.PROTECT, related_name="unlocks", verbose_name="任务")
    period = models.ForeignKey(ReportingPeriod, models.PROTECT, related_name="unlocks", verbose_name="填报期")
    reason = models.TextField("开放理由")
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="开放人")
    opened_at = models.DateTimeField("开放时间")
    expires_on = models.DateField("开放至")
    # Whether it still runs is a question of the day; the newest is the one to ask.
    is_current = models.BooleanField("最近一次", default=True)

    objects = UnlockQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "单项开放"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["task", "period"], condition=Q(is_current=True), name="unlock_one_current"),
            models.CheckConstraint(condition=~Q(reason=""), name="unlock_explained"),
        ]

    def __str__(self) -> str:
        return f"{self.task_id} {self.period_id} {self.expires_on}"

    def runs(self, today: date) -> bool:
        return today <= self.expires_on


class Objection(models.Model):
    """复核申请: a unit asks for another look at a published verdict. Both texts stay; neither is for the public."""

    class State(models.TextChoices):
        FILED = "filed", "待复核"
        UPHELD = "upheld", "采纳"
        PARTLY = "partly", "部分采纳"
        REJECTED = "rejected", "维持"

    publication = models.ForeignKey(Publication, models.PROTECT, related_name="objections", verbose_name="公布版本")
    department = models.ForeignKey(Department, models.PROTECT, related_name="+", verbose_name="申请单位")
    text = models.TextField("申请理由")
    filed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="申请人")
    filed_at = models.DateTimeField("申请时间")
    decide_by = models.DateField("复核期限")
    state = models.CharField("状态", max_length=20, choices=State, default=State.FILED)
    decision = models.TextField("复核意见", blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="复核人"
    )
    decided_at = models.DateTimeField("复核时间", null=True, blank=True)

    objects = ObjectionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "复核申请"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["publication"], condition=Q(state="filed"), name="objection_one_waiting"),
            models.CheckConstraint(
                condition=Q(state__in=["filed", "upheld", "partly", "rejected"]), name="objection_state"
            ),
            models.CheckConstraint(condition=~Q(text=""), name="objection_explained"),
            models.CheckConstraint(
                condition=Q(state="filed", decided_by=None, decided_at=None, decision="")
                | ~Q(state="filed") & Q(decided_by__isnull=False, decided_at__isnull=False) & ~Q(decision=""),
                name="objection_decided_with_reason",
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("filed_by")), name="objection_by_two_persons"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.publication_id} {self.state}"


class CorrectionRequest(models.Model):
    """更正: the right words of one voice for a published line, whole, as they will stand if it is published.

    The unit's voice has a narrative and numbers (indicator id -> value), the supervisor's a verdict and a note.
    """

    class State(models.TextChoices):
        PROPOSED = "proposed", "待发布"
        PUBLISHED = "published", "已公布"
        RETURNED = "returned", "已退回"
        WITHDRAWN = "withdrawn", "已收回"

    publication = models.ForeignKey(Publication, models.PROTECT, related_name="corrections", verbose_name="公布版本")
    voice = models.CharField("更正的内容", max_length=20, choices=Voice)
    department = models.ForeignKey(Department, models.PROTECT, related_name="+", verbose_name="提出单位")
    reason_class = models.CharField("更正原因", max_length=20, choices=ReasonClass)
    reason = models.TextField("哪里错了，怎样改正")
    narrative = models.TextField("进展情况", blank=True)
    # Canonical JSON, as a published line is.
    readings = models.TextField("数据", blank=True)
    assessment_pace = models.CharField("督查核定", max_length=20, choices=Pace, blank=True)
    assessment_note = models.TextField("核查意见", blank=True)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="提出人")
    proposed_at = models.DateTimeField("提出时间")
    state = models.CharField("状态", max_length=20, choices=State, default=State.PROPOSED)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="处理人"
    )
    decided_at = models.DateTimeField("处理时间", null=True, blank=True)
    note = models.TextField("退回理由", blank=True)

    objects = CorrectionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "更正"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["publication"], condition=Q(state="proposed"), name="correction_one_waiting"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["proposed", "published", "returned", "withdrawn"]), name="correction_state"
            ),
            models.CheckConstraint(
                condition=Q(voice="unit", assessment_pace="", assessment_note="")
                | Q(voice="supervisor", narrative="", readings="", assessment_pace__in=Pace.values),
                name="correction_of_own_words",
            ),
            models.CheckConstraint(
                condition=Q(reason_class__in=CORRECTIONS) & ~Q(reason=""), name="correction_explained"
            ),
            models.CheckConstraint(
                condition=Q(state="proposed", decided_by=None, decided_at=None)
                # Nobody decided on what was taken back; the day is kept.
                | Q(state="withdrawn", decided_by=None, decided_at__isnull=False)
                | ~Q(state__in=["proposed", "withdrawn"]) & Q(decided_by__isnull=False, decided_at__isnull=False),
                name="correction_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state="returned") | ~Q(note=""), name="correction_returned_with_reason"
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("proposed_by")), name="correction_by_two_persons"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.publication_id} {self.voice} {self.state}"

    @property
    def mistake(self) -> str:
        """Its kind alone, where 更正 stands beside it anyway."""
        return str(self.get_reason_class_display()).removeprefix("更正：")

    @property
    def values(self) -> dict[int, Decimal]:
        """Indicator id -> right value."""
        return {int(pk): Decimal(value) for pk, value in json.loads(self.readings or "{}").items()}
