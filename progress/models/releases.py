from django.conf import settings
from django.db import models
from django.db.models import F, Q

from progress.models.periods import ReportingPeriod
from tasks.models import Task


class Release(models.Model):
    """The act of making a period public: prepared by one person, published by another."""

    class State(models.TextChoices):
        PREPARED = "prepared", "待发布"
        PUBLISHED = "published", "已发布"
        DROPPED = "dropped", "已撤回"

    period = models.ForeignKey(ReportingPeriod, models.PROTECT, related_name="releases", verbose_name="填报期")
    state = models.CharField("状态", max_length=20, choices=State, default=State.PREPARED)
    prepared_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="准备人")
    prepared_at = models.DateTimeField("准备时间")
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="发布人"
    )
    published_at = models.DateTimeField("发布时间", null=True, blank=True)
    # The offices switch it by a setting; what applied on the day stays with the release.
    two_persons = models.BooleanField("须由两人完成", default=True)
    sha256 = models.CharField("校验值", max_length=64, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "发布"
        ordering = ["period", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=["prepared", "published", "dropped"]), name="release_state"),
            models.UniqueConstraint(
                fields=["period"], condition=Q(state__in=["prepared", "published"]), name="release_one_in_hand"
            ),
            models.CheckConstraint(
                condition=Q(state="published", published_by__isnull=False, published_at__isnull=False) & ~Q(sha256="")
                | ~Q(state="published") & Q(published_by=None, published_at=None, sha256=""),
                name="release_published_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(two_persons=False) | Q(published_by=None) | ~Q(published_by=F("prepared_by")),
                name="release_by_two_persons",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.period_id} {self.state}"


class Withholding(models.Model):
    """A line a law forbids to publish for now: shown as such, counted, and stopping nothing else."""

    release = models.ForeignKey(Release, models.PROTECT, related_name="withholdings", verbose_name="发布")
    task = models.ForeignKey(Task, models.PROTECT, related_name="+", verbose_name="任务")
    legal_basis = models.CharField("依据", max_length=200)

    class Meta:
        verbose_name = verbose_name_plural = "暂不公开"
        ordering = ["release", "task"]
        constraints = [
            models.UniqueConstraint(fields=["release", "task"], name="withholding_once"),
            models.CheckConstraint(condition=~Q(legal_basis=""), name="withholding_has_basis"),
        ]

    def __str__(self) -> str:
        return f"{self.release_id} {self.task_id}"
