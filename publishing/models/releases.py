"""Releases of whole periods, and the clearance of each task in them."""

import secrets
from pathlib import PurePath

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from progress.models import ReportingPeriod
from publishing.choices import ClearanceDecision, ReleaseState
from publishing.querysets.releases import ClearanceQuerySet
from tasks.models import Task


def approval_path(release: "Release", filename: str) -> str:
    """Where the scan is stored, under a random name, so that no typed name reaches the disk."""
    return f"approvals/{release.pk}/{secrets.token_hex(16)}{PurePath(filename).suffix.lower()}"


class Release(models.Model):
    """The publication of a whole period: prepared by one person, published by another."""

    period = models.ForeignKey(
        ReportingPeriod, models.PROTECT, related_name="releases", verbose_name="填报期"
    )
    state = models.CharField(
        "状态", max_length=20, choices=ReleaseState, default=ReleaseState.PREPARED
    )
    prepared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="准备人"
    )
    prepared_at = models.DateTimeField("准备时间")
    # Name and post as on the signed paper; the person who approves need not have an account.
    approved_by = models.CharField("批准人", max_length=80, blank=True)
    approved_on = models.DateField("批准日期", null=True, blank=True)
    # Digest of the reports and extensions that were approved; any other content is refused.
    approved_state = models.CharField("批准时的内容", max_length=64, blank=True)
    approval = models.FileField("审批件", upload_to=approval_path, max_length=200, blank=True)
    approval_name = models.CharField("审批件文件名", max_length=120, blank=True)
    approval_sha256 = models.CharField("审批件校验值", max_length=64, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="发布人",
    )
    published_at = models.DateTimeField("发布时间", null=True, blank=True)
    # Copied from TWO_PERSON_RELEASE, so that the release keeps the rule that applied to it.
    two_persons = models.BooleanField("须由两人完成", default=True)
    sha256 = models.CharField("校验值", max_length=64, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "发布"
        ordering = ["period", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=ReleaseState.values), name="release_state"
            ),
            models.UniqueConstraint(
                fields=["period"],
                condition=Q(state__in=[ReleaseState.PREPARED, ReleaseState.PUBLISHED]),
                name="release_one_active",
            ),
            models.CheckConstraint(
                condition=Q(
                    state=ReleaseState.PUBLISHED,
                    published_by__isnull=False,
                    published_at__isnull=False,
                )
                & ~Q(sha256="")
                | ~Q(state=ReleaseState.PUBLISHED)
                & Q(published_by=None, published_at=None, sha256=""),
                name="release_published_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(approved_by="", approved_on=None)
                | ~Q(approved_by="") & Q(approved_on__isnull=False),
                name="release_approved_on_a_day",
            ),
            models.CheckConstraint(
                condition=Q(two_persons=False)
                | Q(published_by=None)
                | ~Q(published_by=F("prepared_by")),
                name="release_by_two_persons",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.period_id} {self.state}"

    @property
    def is_prepared(self) -> bool:
        return self.state == ReleaseState.PREPARED


class Clearance(models.Model):
    """保密审查: whether one task of a release is published or withheld, decided before the release.

    A withheld task is shown as such and counted; on its review day the decision is reviewed.
    """

    release = models.ForeignKey(
        Release, models.PROTECT, related_name="clearances", verbose_name="发布"
    )
    task = models.ForeignKey(Task, models.PROTECT, related_name="+", verbose_name="任务")
    decision = models.CharField("决定", max_length=20, choices=ClearanceDecision)
    legal_basis = models.CharField("依据", max_length=200, blank=True)
    review_on = models.DateField("再审查日期", null=True, blank=True)
    extension_reason = models.TextField("延长的理由", blank=True)
    lifted_at = models.DateTimeField("解除时间", null=True, blank=True)

    objects = ClearanceQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "保密审查"
        ordering = ["release", "task"]
        constraints = [
            models.UniqueConstraint(fields=["release", "task"], name="clearance_once"),
            models.CheckConstraint(
                condition=Q(
                    decision=ClearanceDecision.PUBLIC,
                    legal_basis="",
                    review_on=None,
                    lifted_at=None,
                )
                | Q(decision=ClearanceDecision.WITHHELD, review_on__isnull=False)
                & ~Q(legal_basis=""),
                name="clearance_withheld_by_law_until_a_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.release_id} {self.task_id} {self.decision}"
