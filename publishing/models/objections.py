"""Objections of units to published verdicts."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from departments.models import Department
from publishing.choices import UPHELD, ObjectionState
from publishing.models.publications import Publication
from publishing.querysets.requests import ObjectionQuerySet


class Objection(models.Model):
    """复核申请: a unit asks for a second look at a published verdict.

    The unit's text and the decision are both internal; the public sees the dates and the outcome.
    """

    publication = models.ForeignKey(
        Publication, models.PROTECT, related_name="objections", verbose_name="公布版本"
    )
    department = models.ForeignKey(
        Department, models.PROTECT, related_name="+", verbose_name="申请单位"
    )
    text = models.TextField("申请理由")
    filed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="申请人"
    )
    filed_at = models.DateTimeField("申请时间")
    decide_by = models.DateField("复核期限")
    state = models.CharField(
        "状态", max_length=20, choices=ObjectionState, default=ObjectionState.FILED
    )
    decision = models.TextField("复核意见", blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="复核人",
    )
    decided_at = models.DateTimeField("复核时间", null=True, blank=True)

    objects = ObjectionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "复核申请"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["publication"],
                condition=Q(state=ObjectionState.FILED),
                name="objection_one_waiting",
            ),
            models.CheckConstraint(
                condition=Q(state__in=ObjectionState.values), name="objection_state"
            ),
            models.CheckConstraint(condition=~Q(text=""), name="objection_explained"),
            models.CheckConstraint(
                condition=Q(
                    state=ObjectionState.FILED, decided_by=None, decided_at=None, decision=""
                )
                | ~Q(state=ObjectionState.FILED)
                & Q(decided_by__isnull=False, decided_at__isnull=False)
                & ~Q(decision=""),
                name="objection_decided_with_reason",
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("filed_by")),
                name="objection_by_two_persons",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.publication_id} {self.state}"

    @property
    def is_waiting(self) -> bool:
        return self.state == ObjectionState.FILED

    @property
    def is_upheld(self) -> bool:
        """Whether it was upheld, in full or in part."""
        return self.state in UPHELD
