"""Year-end verdicts on tasks."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from publishing.choices import Outcome
from publishing.querysets.year_ends import YearEndQuerySet
from tasks.models import Task


class YearEnd(models.Model):
    """年终结论: the final verdict on a task for one year. Once published it is not changed."""

    task = models.ForeignKey(Task, models.PROTECT, related_name="year_ends", verbose_name="任务")
    year = models.PositiveSmallIntegerField("年")
    verdict = models.CharField("年终结论", max_length=20, choices=Outcome)
    reason = models.TextField("说明", blank=True)
    document = models.CharField("依据文件", max_length=200, blank=True)
    prepared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="拟定人"
    )
    prepared_at = models.DateTimeField("拟定时间")
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="发布人",
    )
    published_at = models.DateTimeField("公布时间", null=True, blank=True)
    # Copied from TWO_PERSON_RELEASE, so that the row keeps the rule that applied to it.
    two_persons = models.BooleanField("须由两人完成", default=True)
    demonstration = models.BooleanField("演示", default=False)

    objects = YearEndQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "年终结论"
        ordering = ["task", "year"]
        constraints = [
            models.UniqueConstraint(fields=["task", "year"], name="year_end_once"),
            models.CheckConstraint(
                condition=Q(verdict__in=Outcome.values), name="year_end_verdict_known"
            ),
            models.CheckConstraint(
                condition=Q(verdict="done") | ~Q(reason=""), name="year_end_explained"
            ),
            models.CheckConstraint(
                condition=Q(verdict__in=["done", "exceeded"]) | ~Q(document=""),
                name="year_end_has_its_document",
            ),
            models.CheckConstraint(
                condition=Q(published_by=None, published_at=None)
                | Q(published_by__isnull=False, published_at__isnull=False),
                name="year_end_published_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(two_persons=False)
                | Q(published_by=None)
                | ~Q(published_by=F("prepared_by")),
                name="year_end_by_two_persons",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.task_id} {self.year} {self.verdict}"
